/// A mailbox like a real one, made from a seed: the same number gives the same letters, so figures and pictures of
/// today can be set beside those of last month.
///
/// Read [SampleMailbox] first, the program; [Letters] is the sequence of letters, [Tongue] what they say in which
/// language, [Mime] how they are written down.
@NullMarked
package tamanoir.bench.sample;

import org.jspecify.annotations.NullMarked;
