/// What JMAP says: JSON values, requests and their parts.
///
/// [Json] is a JSON value as an immutable tree; the text form is read and written by the server, since this module
/// knows no library. RFC 8620 and RFC 8621.
@NullMarked
package tamanoir.mail.jmap;

import org.jspecify.annotations.NullMarked;
