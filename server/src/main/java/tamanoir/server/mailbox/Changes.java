package tamanoir.server.mailbox;

import java.util.List;

/// What happened to an account after one modseq and up to another, in order. A step that a later one undid may still
/// be named: readers compare with what is there now.
///
/// @param upTo the modseq these changes lead to: the `since` of the next question
public record Changes(long since, long upTo, List<Change> changes) {
    public Changes {
        changes = List.copyOf(changes);
    }

    public sealed interface Change {
        long modseq();

        /// What a change of flags did to \Deleted.
        enum Deleted {
            AS_BEFORE,
            SET,
            CLEARED
        }

        /// A message came into a mailbox. `created`: it is new in the account, not a copy.
        record Added(long modseq, MailboxId mailbox, long uid, MessageId message, boolean created) implements Change {}

        /// Its flags changed; `deleted` says what became of \Deleted, for those who hide such messages.
        record Flagged(long modseq, MailboxId mailbox, long uid, MessageId message, Deleted deleted)
                implements Change {}

        /// It left a mailbox; whether it is still in another one says [AccountMail#mailboxesOf].
        record Removed(long modseq, MailboxId mailbox, long uid, MessageId message, ThreadId thread)
                implements Change {}

        /// A mailbox was made, or a placeholder became a mailbox.
        record MailboxMade(long modseq, MailboxId mailbox) implements Change {}

        /// Name, parent, role or subscription changed. (Counters change with the messages and are not told apart.)
        record MailboxChanged(long modseq, MailboxId mailbox) implements Change {}

        record MailboxGone(long modseq, MailboxId mailbox) implements Change {}
    }
}
