/// What those saw who handled a message before: the Authenticated Received Chain (RFC 8617).
///
/// Read [ArcChain] first: it puts the fields of a message into sets. [ArcVerifier] says what the chain is worth,
/// [ArcSealer] adds a set. Signatures and hashes are those of [tamanoir.mail.authresults.dkim].
@NullMarked
package tamanoir.mail.authresults.arc;

import org.jspecify.annotations.NullMarked;
