/// Delivery status notifications: the report that says what became of a message.
///
/// Read [DeliveryReport] first, the facts as values. [StatusFields] writes and reads them as the machine part of RFC
/// 3464 (and its UTF-8 form of RFC 6533), [Explanation] turns one outcome into words for people, and [Notification]
/// puts both and the returned message into one `multipart/report` (RFC 6522). [OneLine] and [TypedAddress] keep what a
/// client wrote into ENVID and ORCPT from becoming lines of their own (RFC 3461 §4).
@NullMarked
package tamanoir.mail.dsn;

import org.jspecify.annotations.NullMarked;
