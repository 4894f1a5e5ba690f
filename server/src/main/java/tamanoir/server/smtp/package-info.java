/// SMTP and LMTP as a server: the MX port, submission, submissions, LMTP.
///
/// Read [SmtpDoor] first (what the sessions of a service share), then [Session] (one client: line, command, `switch`,
/// reply). Octets of a message arrive in an [Arrival]; [Transaction] is what MAIL and RCPT said; [Authentication]
/// carries AUTH.
/// RFC 5321, 1870, 2033, 2034, 2920, 3030, 3207, 3461, 4954, 6152, 6409, 6531.
@NullMarked
package tamanoir.server.smtp;

import org.jspecify.annotations.NullMarked;
