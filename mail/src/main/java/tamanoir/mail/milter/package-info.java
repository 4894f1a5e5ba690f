/// The milter protocol, version 6: how a mail server talks to programs that judge and change mail.
///
/// Read [MilterCommand] first (what the server says), then [MilterReply] (what the milter answers). Every packet is a
/// length of four octets, a letter, and data. Both sides can be read and written, so that tests can play either.
/// The protocol is Sendmail's libmilter's (mfdef.h); no RFC describes it.
@NullMarked
package tamanoir.mail.milter;

import org.jspecify.annotations.NullMarked;
