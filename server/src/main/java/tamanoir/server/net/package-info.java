/// Sockets as the doors need them: listeners, lines and octets, TLS, deadlines, the PROXY protocol.
///
/// Read [Connection] first: one client from accept to close, one virtual thread, blocking calls.
@NullMarked
package tamanoir.server.net;

import org.jspecify.annotations.NullMarked;
