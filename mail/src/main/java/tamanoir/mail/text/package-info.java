/// Octets as they came over the wire, the text they stand for, and what can be wrong with either.
///
/// Read [Octets] first: an immutable slice that every parser of this module works on without copying. [Charsets]
/// turns octets into text as senders meant it rather than as they labelled it; it never fails and never loses a
/// body, it marks what it had to guess. [ModifiedUtf7] is the old spelling of mailbox names. A parser that cannot
/// go on throws [BadSyntax]; what it tolerates it names as a deviation.
@NullMarked
package tamanoir.mail.text;

import org.jspecify.annotations.NullMarked;
