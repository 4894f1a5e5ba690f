/// Internet messages: header fields, MIME parts, the text and the values in them, and a writer. RFC 5322, RFC 2045
/// to 2047, RFC 2183, RFC 2231, RFC 6532, and what thirty years of other programs made of those.
///
/// Read [MessageParser] first: one pass over the octets gives a tree of [Part]s that are offsets into them; nothing
/// is copied, and what a header field means is worked out when somebody asks. [HeaderFields] walks a header,
/// [AddressList], [DateTimes], [MessageIds], [ContentType] and [EncodedWords] read the values in it.
/// [TransferEncoding] turns bodies back into octets, [Part#text] into text.
///
/// [MessageFacts] is everything that lists and IMAP ask of a message again and again, in a compact form to keep
/// beside it; [Sections] finds the octets of an IMAP section in either (RFC 9051 §6.4.5). [MessageBodies] says what
/// a reader shows and what is an attachment (RFC 8621 §4.1.4). [MessageWriter] goes the other way: an [Entity] of
/// [Field]s holds values and never lines, so nothing that came from elsewhere ends one.
///
/// Three rules hold everywhere. Mail is never refused here: whatever came is a message, and what is broken becomes
/// the most useful thing it can be. No sender decides how deep we recurse or how often we look at the same octet:
/// everything is linear and inside [Limits]. And all readers (filters, IMAP, JMAP, webmail) see the same names,
/// addresses and text, because they all ask here.
@NullMarked
package tamanoir.mail.message;

import org.jspecify.annotations.NullMarked;
