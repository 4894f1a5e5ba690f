/// Asks milters about a session and its messages, and carries out what they want changed.
///
/// Read [Milters] first (what main.cf says), then [MilterTalk] (one session and all its milters, in order); [Milter] is
/// the conversation with one of them. Packets are those of [tamanoir.mail.milter].
@NullMarked
package tamanoir.server.filter.milter;

import org.jspecify.annotations.NullMarked;
