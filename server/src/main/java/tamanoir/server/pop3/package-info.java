/// POP3: the maildrop is a picture of INBOX taken at login; nobody is locked out meanwhile.
///
/// Read [Session] first: one client from greeting to goodbye. [Maildrop] is what the client sees after login. RFC 1939,
/// 2449, 2595, 3206, 5034, 6856.
@NullMarked
package tamanoir.server.pop3;

import org.jspecify.annotations.NullMarked;
