/// POP3 as values: one record a command, and what travels in several lines. No sockets.
///
/// Read [Command] first. RFC 1939, 2449 (CAPA), 2595 (STLS), 5034 (AUTH), 6856 (UTF8, LANG).
@NullMarked
package tamanoir.mail.pop3;

import org.jspecify.annotations.NullMarked;
