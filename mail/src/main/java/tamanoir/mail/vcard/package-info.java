/// vCards (RFC 6350, RFC 2426 and the older vCard 2.1) and what they say as JSContact (RFC 9553), by the
/// mapping of RFC 9555.
///
/// [VCardReader] turns octets into [VCard]s, patient with what address books of thirty years have written;
/// [VCardWriter] writes versions 3.0 and 4.0. [CardOfVCard] and [VCardOfCard] are the two directions of the
/// mapping. What has no place in JSContact is kept in `vCardProps` and comes out again as it went in.
@NullMarked
package tamanoir.mail.vcard;

import org.jspecify.annotations.NullMarked;
