/// Mailboxes: UID, MODSEQ, flags, threads, quota, change log, watching. Written once, over any store.
///
/// Read [Mailboxes] first.
@NullMarked
package tamanoir.server.mailbox;

import org.jspecify.annotations.NullMarked;
