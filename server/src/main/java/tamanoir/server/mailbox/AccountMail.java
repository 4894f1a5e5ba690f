package tamanoir.server.mailbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Body;

/// The mailboxes of one account. Safe for any number of sessions at once.
///
/// Names are full names in Unicode, `/` between levels, `INBOX` in any case. Every change is durable when it returns.
public class AccountMail {
    // ---- mailboxes -------------------------------------------------------------------------------------------

    /// Every mailbox, sorted by name, INBOX first.
    public List<MailboxInfo> list() {
        throw new UnsupportedOperationException();
    }

    public Optional<MailboxInfo> find(String name) {
        throw new UnsupportedOperationException();
    }

    public Optional<MailboxInfo> info(MailboxId id) {
        throw new UnsupportedOperationException();
    }

    /// Creates it and missing parents. `role` is empty or one of the special uses (RFC 6154).
    public MailboxInfo create(String name, Optional<Role> role) {
        throw new UnsupportedOperationException();
    }

    /// Renames it and its children; of INBOX, moves the messages to a new mailbox (RFC 9051 §6.3.6).
    public void rename(String from, String to) {
        throw new UnsupportedOperationException();
    }

    /// Deletes the mailbox and its messages; children stay.
    public void delete(String name) {
        throw new UnsupportedOperationException();
    }

    public void subscribe(String name, boolean subscribed) {
        throw new UnsupportedOperationException();
    }

    /// Names subscribed, also those whose mailbox is gone (RFC 9051 §6.3.7).
    public Set<String> subscriptions() {
        throw new UnsupportedOperationException();
    }

    // ---- messages --------------------------------------------------------------------------------------------

    /// The messages of one mailbox as they are now, in UID order: an immutable picture for one command.
    public View view(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    /// Appends all or none (RFC 3502), in order; answers the UIDs. Missing mailbox: Refused; over quota: [OverQuota].
    public List<Deposited.Stored> append(MailboxId mailbox, List<NewMessage> messages) {
        throw new UnsupportedOperationException();
    }

    /// Changes flags of those `uids` that exist. Messages with a modseq above `unchangedSince` are left alone and named
    /// in the answer.
    public FlagChange store(MailboxId mailbox, Uids uids, FlagOperation operation, Flags flags, long unchangedSince) {
        throw new UnsupportedOperationException();
    }

    /// Copies the messages that exist; their flags and dates go with them (RFC 9051 §6.4.7).
    public Copied copy(MailboxId from, Uids uids, MailboxId to) {
        throw new UnsupportedOperationException();
    }

    /// Moves the messages that exist (RFC 6851).
    public Copied move(MailboxId from, Uids uids, MailboxId to) {
        throw new UnsupportedOperationException();
    }

    /// Removes those of `uids` that carry \Deleted; answers which.
    public Uids expunge(MailboxId mailbox, Uids uids) {
        throw new UnsupportedOperationException();
    }

    /// UIDs expunged after `modseq`; may name more than the log knows, never one that exists (RFC 7162 §3.2.10).
    public Uids vanishedSince(MailboxId mailbox, long modseq, Uids known) {
        throw new UnsupportedOperationException();
    }

    /// Sets where \Recent begins: answers the first UID that is recent for this session and takes them (RFC 3501
    /// §2.3.2).
    public long takeRecent(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    // ---- one message -----------------------------------------------------------------------------------------

    /// Envelope, structure, preview of a message; derived once, kept.
    public MessageFacts facts(MessageId message) {
        throw new UnsupportedOperationException();
    }

    public Octets prefix(MessageId message) {
        throw new UnsupportedOperationException();
    }

    public Body body(MessageId message) {
        throw new UnsupportedOperationException();
    }

    // ---- watching --------------------------------------------------------------------------------------------

    /// Tells `onChange` after each commit that touched the account; a hint, may be merged or spurious. Close to stop.
    public Watch watch(Runnable onChange) {
        throw new UnsupportedOperationException();
    }

    public Quota quota() {
        throw new UnsupportedOperationException();
    }

    public enum FlagOperation {
        REPLACE,
        ADD,
        REMOVE
    }

    public enum Role {
        ALL,
        ARCHIVE,
        DRAFTS,
        FLAGGED,
        IMPORTANT,
        JUNK,
        SENT,
        TRASH
    }

    /// `changed`: those whose flags are other now; `stale`: refused by UNCHANGEDSINCE (RFC 7162 §3.1.3).
    public record FlagChange(long modseq, Uids changed, Uids stale) {}

    /// Source and target UIDs pairwise, in ascending order of source (RFC 4315 §3).
    public record Copied(long targetUidValidity, List<Long> from, List<Long> to) {}

    public record Quota(long usedOctets, long limitOctets, long messages) {}

    public record MailboxInfo(
            MailboxId id,
            String name,
            Optional<Role> role,
            long uidValidity,
            long uidNext,
            long highestModseq,
            int messages,
            int unseen,
            int deleted,
            long octets,
            boolean subscribed,
            boolean hasChildren) {}

    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Placeholder until the MIME engine's types stand.
    public record MessageFacts(Duration none) {}

    public record View(List<Row> rows) {}

    public record Row(long uid, MessageId message, long modseq, Flags flags, long size) {}
}
