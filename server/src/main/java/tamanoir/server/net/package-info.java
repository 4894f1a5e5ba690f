/// Sockets as the doors need them: listeners, lines and octets, TLS, deadlines, the PROXY protocol.
///
/// Read [Connection] first: one client from accept to close, one virtual thread, blocking calls. [Network] makes them:
/// [Network#listen] for a [Service] whose clients a [Door] serves, [Network#connect] for us as a client. Below a
/// connection lies its `Wire`, the socket with or without TLS; one `Watchman` keeps the deadlines of all.
@NullMarked
package tamanoir.server.net;

import org.jspecify.annotations.NullMarked;
