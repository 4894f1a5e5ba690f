/// Does anybody vouch for the address that the reader is shown: DMARC (RFC 7489).
@NullMarked
package tamanoir.mail.authresults.dmarc;

import org.jspecify.annotations.NullMarked;
