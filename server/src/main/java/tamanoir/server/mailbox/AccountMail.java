package tamanoir.server.mailbox;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Body;

/// The mailboxes of one account. Safe for any number of sessions at once.
///
/// Names are full names in Unicode, `/` between levels, `INBOX` in any case. Every change is durable when it returns.
/// What cannot be done is [MailboxRefused] with its reason.
public class AccountMail {
    public AccountId account() {
        throw new UnsupportedOperationException();
    }

    // ---- mailboxes -------------------------------------------------------------------------------------------

    /// Every mailbox and placeholder, sorted by name, INBOX first.
    public List<MailboxInfo> list() {
        throw new UnsupportedOperationException();
    }

    public Optional<MailboxInfo> find(String name) {
        throw new UnsupportedOperationException();
    }

    public Optional<MailboxInfo> info(MailboxId id) {
        throw new UnsupportedOperationException();
    }

    /// Creates it and missing parents.
    public MailboxInfo create(String name, Optional<MailboxInfo.Role> role) {
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
    public SortedSet<String> subscriptions() {
        throw new UnsupportedOperationException();
    }

    // ---- messages --------------------------------------------------------------------------------------------

    /// The messages of one mailbox as they are now, in UID order: an immutable picture for one command.
    public View view(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    /// Appends all or none (RFC 3502), in order.
    public Appended append(MailboxId mailbox, List<NewMessage> messages) {
        throw new UnsupportedOperationException();
    }

    /// Changes flags of those `uids` that exist. Messages with a modseq above `unchangedSince` are left alone and named
    /// in the answer; `Long.MAX_VALUE` for no such condition.
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

    /// Removes `uids` whatever their flags (POP3 DELE, JMAP destroy); answers which existed.
    public Uids remove(MailboxId mailbox, Uids uids) {
        throw new UnsupportedOperationException();
    }

    /// Those of `known` that were expunged after `modseq`; may name more than that, never one that exists (RFC 7162
    /// §3.2.10).
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

    /// The same of many, in their order: one sweep over the store. Some hundreds a call, so that nobody holds thousands
    /// in memory. A message that has gone is an empty one.
    public List<Optional<MessageFacts>> facts(List<MessageId> messages) {
        throw new UnsupportedOperationException();
    }

    /// The header fields this server put above the received octets.
    public Octets prefix(MessageId message) {
        throw new UnsupportedOperationException();
    }

    /// The octets as received.
    public Body body(MessageId message) {
        throw new UnsupportedOperationException();
    }

    /// Prefix and body in one run: what FETCH BODY[] shows. Costs its size in heap.
    public Octets whole(MessageId message) {
        throw new UnsupportedOperationException();
    }

    /// The mailboxes that a message is in.
    public Set<MailboxId> mailboxesOf(MessageId message) {
        throw new UnsupportedOperationException();
    }

    /// The messages of one thread, oldest first.
    public List<MessageId> thread(ThreadId thread) {
        throw new UnsupportedOperationException();
    }

    public ThreadId threadOf(MessageId message) {
        throw new UnsupportedOperationException();
    }

    // ---- watching --------------------------------------------------------------------------------------------

    /// The version of the account: grows with every change.
    public long version() {
        throw new UnsupportedOperationException();
    }

    /// What happened after `since`; empty when the log does not reach back that far (RFC 8620 §5.2).
    public Optional<Changes> changesSince(long since) {
        throw new UnsupportedOperationException();
    }

    /// Tells `onChange` after each commit that touched the account; a hint, may be merged or spurious. It runs in the
    /// thread of whoever made the change, so it only wakes someone. Close to stop.
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

    /// APPENDUID in parts (RFC 4315 §3).
    public record Appended(long uidValidity, List<Deposited.Stored> messages) {
        public Appended {
            messages = List.copyOf(messages);
        }
    }

    /// `modseq` is the highest of the change, 0 when nothing changed; `changed`: those whose flags are other now;
    /// `stale`: refused by UNCHANGEDSINCE (RFC 7162 §3.1.3).
    public record FlagChange(long modseq, Uids changed, Uids stale) {}

    /// COPYUID in parts: the n-th of `from` became the n-th of `to`, both ascending (RFC 4315 §3).
    public record Copied(long targetUidValidity, Uids from, Uids to) {}

    /// Octets count once for each mailbox a message is in. A limit of 0 is none.
    public record Quota(long usedOctets, long limitOctets, long messages) {}

    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
