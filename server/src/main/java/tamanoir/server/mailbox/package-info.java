/// Mailboxes: UID, MODSEQ, flags, threads, quota, change log, watching. Written once, over any store.
///
/// Read [Mailboxes] first, the front of the room, and [AccountMail], what a session sees of one account. A [View] is an
/// immutable picture of one mailbox for one command. `docs/storage-mailbox.md` lists the rows and their formats.
///
/// Inside, an account that is in use has one [Lane]: its newest [Picture] and the [Turn] of whoever changes it. A
/// change
/// fills an [Edit], which gathers the rows of one batch and the next picture beside it; the batch is committed, then
/// the
/// picture is shown, then watchers are told. So UIDs, modseqs, counters, threads and the log agree by construction:
/// everything in a batch carries one modseq, which is the version of the account. Changes that wait together are
/// committed together. Readers wait for nobody.
///
/// Large commands go over the messages in steps that fit into a batch ([Sweep]); each step has its own modseq (RFC 7162
/// §3.1). What clients no longer see is cleared away later by [Reaper], led by [Work] rows. [Verify] recounts it all.
@NullMarked
package tamanoir.server.mailbox;

import org.jspecify.annotations.NullMarked;
