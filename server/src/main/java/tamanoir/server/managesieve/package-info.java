/// ManageSieve: people's own programs keep their Sieve scripts here (RFC 5804).
///
/// Read [Session] first: one client from greeting to goodbye. What is kept, and what is right, room `sieve` knows.
@NullMarked
package tamanoir.server.managesieve;

import org.jspecify.annotations.NullMarked;
