/// The commands and tests of Sieve, one file an extension. Read [Base] first, then any other; [All] is the whole list.
@NullMarked
package tamanoir.mail.sieve.extension;

import org.jspecify.annotations.NullMarked;
