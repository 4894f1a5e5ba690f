/// What the gatekeeper costs: the same mail to a bare server and to one with every check on, in turns.
///
/// Read [Gatekeeper] first: `./test bench gatekeeper`. [SignedMail] makes letters of 10 KiB, signed as those of a
/// stranger are, and the zone in which the server finds keys, policies, names and lists; [House] is one server in a
/// process of its own.
@NullMarked
package tamanoir.bench.gatekeeper;

import org.jspecify.annotations.NullMarked;
