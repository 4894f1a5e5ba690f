/// How the server tells what it does: log lines, counters, health, and the errors a client may see.
///
/// Read [Trace] first: every event is one line, `key=value`, the session first. [Refused] and
/// [Unavailable] are the two failures that cross rooms; each holds one text for the client and one for the log.
@NullMarked
package tamanoir.server.observe;

import org.jspecify.annotations.NullMarked;
