/// Mail addresses of the envelope: domains, addresses, the two paths of a transaction.
///
/// Read [Address] first. An [Address] that exists is a valid one (RFC 5321 §4.1.2, RFC 6531 §3.3).
@NullMarked
package tamanoir.mail.address;

import org.jspecify.annotations.NullMarked;
