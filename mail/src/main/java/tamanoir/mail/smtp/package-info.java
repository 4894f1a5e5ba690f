/// SMTP and LMTP as values: commands, replies, the envelope, the end of data. No sockets.
///
/// Read [Envelope] and [Reply] first, then [Command] and [CommandParser]. [DotReader] finds the end of a message,
/// [DotWriter] writes one. RFC 5321, 2033, 3030, 3461, 4954, 6531.
@NullMarked
package tamanoir.mail.smtp;

import org.jspecify.annotations.NullMarked;
