/// The IMAP door: IMAP4rev1 and IMAP4rev2 with the extensions that [Capabilities] names.
///
/// Read [Session] first: one client from greeting to goodbye in one virtual thread; it reads a command, one method of
/// one
/// command class does it, and one place writes the tagged answer. [SelectedMailbox] is what the client believes about
/// its mailbox: sequence numbers belong to the session and change only when it was told (RFC 9051 §5.2, §7.5.1).
/// [CommandReader] frames commands and their literals within limits; `tamanoir.mail.imap` knows the grammar.
///
/// Messages are never in memory as a whole unless they are small: APPEND writes to a spool while it reads, FETCH reads
/// from the blob while it writes. A session holds no copy of the mailbox, only the picture that all sessions share.
@NullMarked
package tamanoir.server.imap;

import org.jspecify.annotations.NullMarked;
