package tamanoir.server.mailbox;

import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;

/// The messages of one mailbox at one moment, in UID order: an immutable picture that costs nothing to take.
///
/// Messages are asked for by index, 0 to `size() - 1` (a sequence number less one, as long as the session has told the
/// client everything). Reading a column is a few array accesses, so a loop over 100,000 messages is fine. Holding a
/// view holds about 70 octets a message that changed since.
public final class View {
    private final MailboxId mailbox;
    private final long uidValidity;
    private final long uidNext;
    private final long highestModseq;
    private final int unseen;
    private final Rows rows;
    private final Keywords keywords;

    View(MailboxRow row, Rows rows, Keywords keywords) {
        this.mailbox = new MailboxId(row.id());
        this.uidValidity = row.uidValidity();
        this.uidNext = row.uidNext();
        this.highestModseq = row.highestModseq();
        this.unseen = row.unseen();
        this.rows = rows;
        this.keywords = keywords;
    }

    public MailboxId mailbox() {
        return mailbox;
    }

    public long uidValidity() {
        return uidValidity;
    }

    public long uidNext() {
        return uidNext;
    }

    /// The highest modseq of any change in the mailbox, expunges included (RFC 7162 §3.1.2.1).
    public long highestModseq() {
        return highestModseq;
    }

    public int size() {
        return rows.size();
    }

    public int unseen() {
        return unseen;
    }

    public long uid(int index) {
        return rows.uid(index);
    }

    public MessageId message(int index) {
        return new MessageId(rows.message(index));
    }

    /// The conversation that it belongs to; never changes.
    public ThreadId thread(int index) {
        return new ThreadId(rows.thread(index));
    }

    public long modseq(int index) {
        return rows.modseq(index);
    }

    /// The system flags as the bits of [Flags].
    public int systemFlags(int index) {
        return rows.system(index);
    }

    /// The keywords as bits: bit n is `keywords().get(n)`.
    public long keywordBits(int index) {
        return rows.keywords(index);
    }

    public Flags flags(int index) {
        return keywords.flags(rows.system(index), rows.keywords(index));
    }

    /// Octets of prefix and body.
    public long octets(int index) {
        return rows.octets(index);
    }

    public Instant internalDate(int index) {
        return Instant.ofEpochSecond(rows.internalDate(index));
    }

    /// The same in seconds since 1970, for who compares many.
    public long internalSeconds(int index) {
        return rows.internalDate(index);
    }

    /// When it came into this mailbox (RFC 8514).
    public Instant saveDate(int index) {
        return Instant.ofEpochSecond(rows.saveDate(index));
    }

    /// The index of the message with this UID; else `-1 - i` where `i` is the index of the first one above.
    public int indexOf(long uid) {
        return rows.indexOf(uid);
    }

    /// The index of the first message without \Seen, or -1.
    public int firstUnseen() {
        return rows.firstUnseen();
    }

    /// Visits the indexes of messages whose modseq is above `modseq`, ascending; unchanged stretches are skipped whole.
    public void changedSince(long modseq, IntConsumer visitor) {
        rows.changedSince(modseq, visitor);
    }

    /// Visits the indexes of messages in `uids`, ascending; absent UIDs are passed over.
    public void within(Uids uids, IntConsumer visitor) {
        rows.within(uids, visitor);
    }

    public Uids uids() {
        return rows.uids();
    }

    /// The keywords of the account, in the spelling first seen; bits of [#keywordBits] point here.
    public List<String> keywords() {
        return keywords.names();
    }

    /// Whether a new keyword can be added: `\*` in PERMANENTFLAGS (RFC 9051 §7.1).
    public boolean takesNewKeywords() {
        return !keywords.isFull();
    }
}
