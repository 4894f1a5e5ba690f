/// Who signed these octets: DomainKeys Identified Mail (RFC 6376, 8301, 8463).
@NullMarked
package tamanoir.mail.authresults.dkim;

import org.jspecify.annotations.NullMarked;
