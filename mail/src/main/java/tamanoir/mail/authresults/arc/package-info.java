/// What those saw who handled a message before: the Authenticated Received Chain (RFC 8617).
@NullMarked
package tamanoir.mail.authresults.arc;

import org.jspecify.annotations.NullMarked;
