/// Who vouches for a message: SPF, DKIM, DMARC and ARC, and how their results are told.
///
/// [Result] is the common vocabulary (RFC 8601 §2.7). The checks are pure: what the DNS says comes through
/// [tamanoir.mail.dns.Dns], the time is an argument.
@NullMarked
package tamanoir.mail.authresults;

import org.jspecify.annotations.NullMarked;
