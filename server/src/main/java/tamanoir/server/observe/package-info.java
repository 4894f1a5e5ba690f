/// How the server tells what it does: log lines, counters, health, and the errors a client may see.
///
/// Read [Trace] first: every event is one line, `key=value`, the session first. [Refused] and [Unavailable] are the
/// two failures that cross rooms; each holds one text for the client and one for the log. [Log] is where lines go,
/// [Counters] what is counted. [Together] and [Cpu] are how rooms do things side by side without losing sight of them.
@NullMarked
package tamanoir.server.observe;

import org.jspecify.annotations.NullMarked;
