/// Tells junk from mail that is wanted, with nothing else installed, and learns from what people do.
///
/// Read [JunkFilter] first: what it thinks of one message, and of that message for one account. [Contents] reads a
/// message once, within limits; [Rules] judges what it is made of, [Bayes] its [Tokens] by what was learned ([Lessons],
/// rows of the site and of each account), [Origin] who vouches for it. Each finding is a [Reason] with points; their
/// sum is the score. [Teacher] follows what people move into and out of Junk. `docs/junk.md` is the long
/// version.
@NullMarked
package tamanoir.server.filter.junk;

import org.jspecify.annotations.NullMarked;
