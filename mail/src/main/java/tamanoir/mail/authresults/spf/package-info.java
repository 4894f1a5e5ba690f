/// May this machine send mail of that domain: the Sender Policy Framework (RFC 7208).
@NullMarked
package tamanoir.mail.authresults.spf;

import org.jspecify.annotations.NullMarked;
