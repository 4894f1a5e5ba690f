/// Octets as they came over the wire, and what can be wrong with them.
///
/// Read [Octets] first: an immutable slice that every parser of this module works on without copying.
/// A parser that cannot go on throws [BadSyntax]; what it tolerates it names as a deviation.
@NullMarked
package tamanoir.mail.text;

import org.jspecify.annotations.NullMarked;
