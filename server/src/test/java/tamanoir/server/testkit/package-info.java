/// What tests of all rooms share: dialogues against the real server, a DNS that says what the test wants, a clock that
/// tests turn, certificates made on the spot.
@NullMarked
package tamanoir.server.testkit;

import org.jspecify.annotations.NullMarked;
