/// Who signed these octets: DomainKeys Identified Mail (RFC 6376, 8301, 8463).
///
/// Read [DkimVerifier] first: each DKIM-Signature field becomes a [Signature], its key is fetched ([KeyRecord]), the
/// body is hashed as it flows ([BodyCanon]), the chosen fields after it ([HeaderCanon]). [DkimSigner] goes
/// the other way. What ARC needs of this (RFC 8617 §4.1) is shared.
@NullMarked
package tamanoir.mail.authresults.dkim;

import org.jspecify.annotations.NullMarked;
