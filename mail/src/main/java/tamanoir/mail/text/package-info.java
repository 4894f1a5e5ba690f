/// Octets as they came over the wire, the text they stand for, and what can be wrong with either.
///
/// Read [Octets] first: an immutable slice that every parser of this module works on without copying. [Charsets]
/// turns octets into text as senders meant it rather than as they labelled it; it never fails and never loses a
/// body, it marks what it had to guess. [ModifiedUtf7] is the old spelling of mailbox names. A parser that cannot
/// go on throws [BadSyntax], whose text is for the one who wrote the nonsense.
///
/// WHATWG Encoding §4.2 for what labels mean, RFC 2152 for UTF-7, RFC 3501 §5.1.3 for mailbox names.
@NullMarked
package tamanoir.mail.text;

import org.jspecify.annotations.NullMarked;
