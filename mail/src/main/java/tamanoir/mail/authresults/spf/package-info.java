/// May this machine send mail of that domain: the Sender Policy Framework (RFC 7208).
///
/// Read [SpfCheck] first: it asks the DNS for a [SpfRecord] and tries its mechanisms from left to right. A record is
/// parsed whole before anything of it counts, so that a mistake at its end is a mistake (§4.6). [MacroString] is the
/// little language of its names and explanations.
@NullMarked
package tamanoir.mail.authresults.spf;

import org.jspecify.annotations.NullMarked;
