/// Does anybody vouch for the address that the reader is shown: DMARC (RFC 9989, before it RFC 7489).
///
/// Read [Author] first: whose name the From field shows, read by the same parser as everything that shows it. Then
/// [DmarcCheck], which walks up the DNS for the policy of that domain ([TreeWalk]) and asks whether SPF or DKIM passed
/// for a domain of the same organization.
@NullMarked
package tamanoir.mail.authresults.dmarc;

import org.jspecify.annotations.NullMarked;
