/// The same sessions with Debian's Postfix and with Tamanoir, under the same main.cf, tables and name server.
///
/// Read [Verdicts] first. It runs in a network namespace of its own, whose loopback device has the addresses of the
/// clients, so that reverse names and lists are asked for real: `./test verdicts`.
@NullMarked
package tamanoir.bench.verdicts;

import org.jspecify.annotations.NullMarked;
