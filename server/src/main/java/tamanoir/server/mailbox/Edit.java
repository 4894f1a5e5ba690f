package tamanoir.server.mailbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Body;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// One change of an account under way: gathers rows for one batch and, beside them, the next [Picture].
///
/// Everything in it carries one modseq, which is the version that the account has afterwards. Made by the holder of the
/// account's turn, used by one thread, thrown away when the commit fails.
final class Edit {
    /// Keys kept free for what [#batch] adds at the end: head, keywords, log, mailboxes.
    private static final int SPARE = 16;

    /// Of a scan for relatives at most: who sends ten thousand messages with one Message-ID finds the first ones.
    private static final int MOST_RELATIVES = 16;

    /// RFC 9051 §9: a UID is an nz-number of 32 bits.
    private static final long LAST_UID = 0xFFFF_FFFFL;

    private final Partition partition;
    private final Picture before;
    private final long now;
    private final Batch batch;
    private final LogRow log = new LogRow();
    private final BlobLinks links = new BlobLinks();
    private final NavigableSet<Integer> touched = new TreeSet<>();
    private final Map<Long, List<Relative>> kinshipHere = new HashMap<>(4);

    private final Map<Long, List<Membership>> copiedHere = new HashMap<>(4);
    private final Set<String> deposits = new HashSet<>(2);

    private Box[] boxes;
    private Head head;
    private Keywords keywords;
    private NavigableSet<String> orphans;
    private @Nullable Tree tree;
    private boolean work;
    private long octetsMore;
    private boolean finished;

    /// A message that names an id: row 06.
    private record Relative(long thread, int subject) {}

    Edit(AccountId account, Picture before, long nowSeconds) {
        this.partition = account.partition();
        this.before = before;
        this.now = nowSeconds;
        this.batch = new Batch(partition, before.version);
        this.boxes = before.boxes();
        this.head = before.head;
        this.keywords = before.keywords;
        this.orphans = before.orphans;
        this.tree = before.tree;
    }

    Picture before() {
        return before;
    }

    long modseq() {
        return before.version + 1;
    }

    long now() {
        return now;
    }

    /// How many more keys the batch takes.
    int room() {
        return Store.MOST_KEYS - SPARE - touched.size() - batch.changes().size();
    }

    /// Whether another change fits into the same commit, most probably.
    boolean takesMore() {
        return room() > Store.MOST_KEYS / 2 && batch.octets() < Store.MOST_OCTETS / 2;
    }

    /// Whether the message fits as well.
    boolean takes(Draft draft) {
        return room() >= draft.rows() && batch.octets() < Store.MOST_OCTETS - draft.rowOctets();
    }

    void depositOnce(String name) {
        deposits.add(name);
    }

    /// Whether this very edit deposits under that name.
    boolean deposited(String name) {
        return deposits.contains(name);
    }

    // ---- mailboxes -------------------------------------------------------------------------------------------

    @Nullable
    Box box(int id) {
        int at = Picture.indexOf(boxes, id);
        return at < 0 ? null : boxes[at];
    }

    /// A mailbox that can hold messages.
    ///
    /// @throws MailboxRefused when there is none
    Box selectable(int id) {
        Box box = box(id);
        if (box == null || box.row().placeholder()) {
            throw new MailboxRefused(Reason.NONEXISTENT, "there is no such mailbox");
        }
        return box;
    }

    int mailboxCount() {
        return boxes.length;
    }

    Box[] boxes() {
        return boxes.clone();
    }

    private Tree tree() {
        Tree names = tree;
        if (names == null) {
            names = new Tree(boxes);
            tree = names;
        }
        return names;
    }

    /// The mailbox of a folded name, placeholders included; 0 when there is none.
    int id(String name) {
        return tree().id(name);
    }

    String name(int id) {
        return tree().name(id).orElse("");
    }

    boolean hasChildren(int id) {
        return tree().hasChildren(id);
    }

    int childCount(int id) {
        int count = 0;
        for (Box box : boxes) {
            count += box.row().parent() == id ? 1 : 0;
        }
        return count;
    }

    boolean isOrphan(String name) {
        return orphans.contains(name);
    }

    private void put(Box box) {
        boxes[Picture.indexOf(boxes, box.id())] = box;
        touched.add(box.id());
    }

    int makeMailbox(int parent, String level, Optional<Role> role, boolean subscribed) {
        int id = head.nextMailbox();
        // The clock makes it likely that an erased and restored account does not repeat itself, the head certain that
        // one account does not.
        long uidValidity = Math.max(head.nextUidValidity(), now);
        if (uidValidity > LAST_UID) {
            uidValidity = head.nextUidValidity();
        }
        head = head.mailboxMade(uidValidity);
        Box[] more = Arrays.copyOf(boxes, boxes.length + 1);
        more[boxes.length] = new Box(
                MailboxRow.fresh(id, parent, level, role, uidValidity, modseq()).subscribed(subscribed), Rows.EMPTY);
        boxes = more;
        touched.add(id);
        tree = null;
        batch.put(Keys.NAME, Keys.name(parent, level), nameRow(id));
        log.mailboxMade(id);
        return id;
    }

    /// A placeholder becomes a mailbox: new UIDs, new UIDVALIDITY.
    void revive(int id, Optional<Role> role, boolean subscribed) {
        Box old = Objects.requireNonNull(box(id));
        long uidValidity = Math.max(head.nextUidValidity(), now);
        head = new Head(head.nextMailbox(), uidValidity + 1, head.lastMessage(), head.logFloor(), head.erasing());
        put(new Box(
                MailboxRow.fresh(id, old.row().parent(), old.row().name(), role, uidValidity, modseq())
                        .subscribed(subscribed),
                Rows.EMPTY));
        tree = null;
        // Both, so that who knows names as mailboxes sees that it was there before.
        log.mailboxChanged(id);
        log.mailboxMade(id);
    }

    void renameMailbox(int id, int parent, String level) {
        Box box = Objects.requireNonNull(box(id));
        batch.delete(Keys.NAME, Keys.name(box.row().parent(), box.row().name()));
        batch.put(Keys.NAME, Keys.name(parent, level), nameRow(id));
        put(box.with(box.row().called(parent, level)));
        tree = null;
        log.mailboxChanged(id);
    }

    private static byte[] nameRow(int id) {
        return new RowWriter(1, 5).number(id).row();
    }

    /// Another special use, or another place in lists.
    void arrange(int id, Optional<Role> role, int sortOrder) {
        Box box = Objects.requireNonNull(box(id));
        put(box.with(box.row().arranged(role, sortOrder)));
        log.mailboxChanged(id);
    }

    void subscribe(int id, boolean subscribed) {
        Box box = Objects.requireNonNull(box(id));
        put(box.with(box.row().subscribed(subscribed)));
        log.mailboxChanged(id);
    }

    void addOrphan(String name) {
        NavigableSet<String> more = new TreeSet<>(orphans);
        more.add(name);
        orphans = more;
        batch.put(Keys.SUBSCRIPTION, utf8(name), Keys.PRESENT);
    }

    /// Answers whether the name was subscribed without a mailbox.
    boolean takeOrphan(String name) {
        if (!orphans.contains(name)) {
            return false;
        }
        NavigableSet<String> less = new TreeSet<>(orphans);
        less.remove(name);
        orphans = less;
        batch.delete(Keys.SUBSCRIPTION, utf8(name));
        return true;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The mailbox is gone at once; its message rows are cleared away by [Reaper]. Its name stays while it has
    /// children.
    void dropMailbox(int id, boolean keepName) {
        Box box = Objects.requireNonNull(box(id));
        MailboxRow row = box.row();
        if (row.messages() > 0) {
            batch.put(Keys.WORK, Work.dropped(modseq(), id), Work.progress(0));
            work = true;
        }
        octetsMore -= row.octets();
        if (keepName) {
            // The placeholder is another mailbox: its number must not lead to the old messages.
            int successor = makeMailbox(row.parent(), row.name(), Optional.empty(), false);
            Box made = Objects.requireNonNull(box(successor));
            put(new Box(made.row().emptied(), Rows.EMPTY));
            for (Box child : boxes.clone()) {
                if (child.row().parent() == id) {
                    renameMailbox(child.id(), successor, child.row().name());
                }
            }
        } else {
            batch.delete(Keys.NAME, Keys.name(row.parent(), row.name()));
        }
        batch.delete(Keys.MAILBOX, Keys.mailbox(id));
        touched.remove(id);
        int at = Picture.indexOf(boxes, id);
        Box[] less = new Box[boxes.length - 1];
        System.arraycopy(boxes, 0, less, 0, at);
        System.arraycopy(boxes, at + 1, less, at, less.length - at);
        boxes = less;
        tree = null;
        log.mailboxGone(id);
    }

    /// Told to nobody and not worth a commit: written with the next change of the mailbox.
    void recentFrom(int id, long uid) {
        Box box = selectable(id);
        boxes[Picture.indexOf(boxes, id)] = box.with(box.row().recentFrom(uid));
    }

    // ---- messages --------------------------------------------------------------------------------------------

    long keywordBits(Flags flags) {
        if (flags.keywords().isEmpty()) {
            return 0;
        }
        keywords = keywords.with(flags.keywords());
        return keywords.known(flags.keywords());
    }

    Keywords keywords() {
        return keywords;
    }

    /// Puts a new message into a mailbox; answers its UID.
    long append(int mailbox, Draft draft, long message, Snapshot snapshot) {
        return appendRow(mailbox, draft, message, snapshot).uid();
    }

    MessageRow appendRow(int mailbox, Draft draft, long message, Snapshot snapshot) {
        Box box = selectable(mailbox);
        NewMessage what = draft.message();
        long received = what.internalDate().getEpochSecond();
        long thread = thread(draft.kinship(), message, snapshot);
        Letter letter = new Letter(
                thread,
                what.body().size(),
                what.prefix().length(),
                switch (what.body()) {
                    case Body.Small _ -> Optional.empty();
                    case Body.Large large -> Optional.of(large.hash());
                },
                received,
                draft.kinship());
        batch.put(Keys.LETTER, Keys.u64(message), letter.encode());
        batch.put(
                Keys.THREAD,
                Keys.pair(thread, message),
                new RowWriter(1, 10).signed(received).row());
        for (long id : draft.kinship().ids()) {
            int subject = draft.kinship().subject();
            batch.put(
                    Keys.MESSAGE_ID,
                    Keys.pair(id, message),
                    new RowWriter(1, 13)
                            .fixed(thread)
                            .number(subject & 0xFFFF_FFFFL)
                            .row());
            kinshipHere.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(new Relative(thread, subject));
        }
        if (!what.prefix().isEmpty()) {
            batch.put(Keys.COLD, Keys.cold(Keys.COLD_PREFIX, message), draft.prefixRow());
        }
        draft.factsRow().ifPresent(row -> batch.put(Keys.COLD, Keys.cold(Keys.COLD_FACTS, message), row));
        switch (what.body()) {
            case Body.Small _ -> batch.put(Keys.BODY, Keys.u64(message), draft.bodyRow());
            case Body.Large large -> links.link(large, partition, message);
        }
        head = head.messageMade(message);
        MessageRow row = new MessageRow(
                box.row().uidNext(),
                message,
                thread,
                modseq(),
                what.flags().system(),
                keywordBits(what.flags()),
                letter.octets(),
                received,
                now);
        arrive(box, List.of(row), true);
        return row;
    }

    /// The rows with new UIDs and this modseq, as copies in `target`.
    void copy(List<MessageRow> rows, int target) {
        Box box = selectable(target);
        List<MessageRow> arriving = new ArrayList<>(rows.size());
        long uid = box.row().uidNext();
        for (MessageRow row : rows) {
            arriving.add(row.copied(uid++, modseq(), now));
        }
        arrive(box, arriving, false);
        for (MessageRow row : arriving) {
            copiedHere.computeIfAbsent(row.message(), _ -> new ArrayList<>(1)).add(new Membership(target, row.uid()));
        }
    }

    /// A place where a message is or was.
    record Membership(int mailbox, long uid) {}

    /// Every place where the message may be: where the store has it, and where this very edit has put it. Compare with
    /// the rows, for it may have left.
    List<Membership> memberships(long message, Snapshot snapshot) {
        List<Membership> places = new ArrayList<>(2);
        byte[] from = Keys.membership(message, 0, 0);
        snapshot.scan(
                partition,
                Keys.LETTER,
                from,
                Keys.u64(message + 1),
                (key, _) -> places.add(new Membership(Keys.read32(key, 8), Keys.readUid(key, 12))));
        places.addAll(copiedHere.getOrDefault(message, List.of()));
        return places;
    }

    private void arrive(Box box, List<MessageRow> arriving, boolean created) {
        int mailbox = box.id();
        Rows rows = box.rows();
        int unseen = 0;
        int deleted = 0;
        long octets = 0;
        for (MessageRow row : arriving) {
            if (row.uid() > LAST_UID - 1) {
                throw new MailboxRefused(Reason.LIMIT, "this mailbox has no UID left; make a new one");
            }
            batch.put(Keys.MESSAGE, Keys.message(mailbox, row.uid()), row.encode());
            batch.put(Keys.LETTER, Keys.membership(row.message(), mailbox, row.uid()), Keys.NOTHING);
            log.added(mailbox, row.uid(), row.message(), created);
            unseen += (row.system() & Flags.SEEN) == 0 ? 1 : 0;
            deleted += (row.system() & Flags.DELETED) != 0 ? 1 : 0;
            octets += row.octets();
            rows = rows == null ? null : rows.plus(row);
        }
        octetsMore += octets;
        put(new Box(
                box.row()
                        .counting(
                                modseq(),
                                box.row().uidNext() + arriving.size(),
                                arriving.size(),
                                unseen,
                                deleted,
                                octets),
                rows));
    }

    /// Gives the messages at `indexes` (ascending) of a loaded mailbox other flags.
    void flag(int mailbox, int[] indexes, int[] system, long[] keywordBits) {
        Box box = selectable(mailbox);
        Rows rows = Objects.requireNonNull(box.rows());
        int unseen = 0;
        int deleted = 0;
        for (int i = 0; i < indexes.length; i++) {
            MessageRow old = rows.row(indexes[i]);
            MessageRow row = old.flagged(modseq(), system[i], keywordBits[i]);
            batch.put(Keys.MESSAGE, Keys.message(mailbox, row.uid()), row.encode());
            log.flagged(mailbox, row.uid(), row.message(), deletion(old.system(), row.system()));
            unseen += bit(old.system(), Flags.SEEN) - bit(row.system(), Flags.SEEN);
            deleted += bit(row.system(), Flags.DELETED) - bit(old.system(), Flags.DELETED);
        }
        put(new Box(
                box.row().counting(modseq(), box.row().uidNext(), 0, unseen, deleted, 0),
                rows.flagged(indexes, system, keywordBits, modseq())));
    }

    private static Change.Deleted deletion(int before, int after) {
        return switch (bit(after, Flags.DELETED) - bit(before, Flags.DELETED)) {
            case 0 -> Change.Deleted.AS_BEFORE;
            case 1 -> Change.Deleted.SET;
            default -> Change.Deleted.CLEARED;
        };
    }

    private static int bit(int system, int flag) {
        return (system & flag) == 0 ? 0 : 1;
    }

    /// Takes the messages at `indexes` (ascending) out of a loaded mailbox. What else is kept of them is cleared away
    /// by [Reaper], led by this commit's log row.
    void remove(int mailbox, int[] indexes) {
        Box box = selectable(mailbox);
        Rows rows = Objects.requireNonNull(box.rows());
        int unseen = 0;
        int deleted = 0;
        long octets = 0;
        for (int index : indexes) {
            long uid = rows.uid(index);
            batch.delete(Keys.MESSAGE, Keys.message(mailbox, uid));
            log.removed(mailbox, uid, rows.message(index), rows.thread(index));
            unseen += 1 - bit(rows.system(index), Flags.SEEN);
            deleted += bit(rows.system(index), Flags.DELETED);
            octets += rows.octets(index);
        }
        octetsMore -= octets;
        leaveWork();
        put(new Box(
                box.row().counting(modseq(), box.row().uidNext(), -indexes.length, -unseen, -deleted, -octets),
                rows.without(indexes)));
    }

    /// Rows of a mailbox that is gone already.
    void removeLeftOver(int mailbox, List<MessageRow> rows) {
        for (MessageRow row : rows) {
            batch.delete(Keys.MESSAGE, Keys.message(mailbox, row.uid()));
            log.removed(mailbox, row.uid(), row.message(), row.thread());
        }
        leaveWork();
    }

    private void leaveWork() {
        batch.put(Keys.WORK, Work.removed(modseq()), Work.progress(0));
        work = true;
    }

    // ---- conversations ---------------------------------------------------------------------------------------

    /// RFC 8621 §3: the oldest thread that shares a message id and has the same base subject; else a new one. Threads
    /// are never joined afterwards: a thread id never changes.
    private long thread(Kinship kinship, long message, Snapshot snapshot) {
        long oldest = Long.MAX_VALUE;
        for (long id : kinship.ids()) {
            for (Relative relative : kinshipHere.getOrDefault(id, List.of())) {
                if (relative.subject == kinship.subject()) {
                    oldest = Math.min(oldest, relative.thread);
                }
            }
            List<Relative> relatives = new ArrayList<>(1);
            snapshot.scan(partition, Keys.MESSAGE_ID, Keys.pair(id, 0), after(id), (key, value) -> {
                RowReader in = RowReader.of(value, 1);
                relatives.add(new Relative(in.fixed(), (int) in.number()));
                return relatives.size() < MOST_RELATIVES;
            });
            for (Relative relative : relatives) {
                if (relative.subject == kinship.subject()) {
                    oldest = Math.min(oldest, relative.thread);
                }
            }
        }
        return oldest == Long.MAX_VALUE ? message : oldest;
    }

    private static byte[] after(long id) {
        return id == -1L ? Keys.NOTHING : Keys.u64(id + 1);
    }

    // ---- other rows ------------------------------------------------------------------------------------------

    Batch rows() {
        return batch;
    }

    void unlink(BlobHash hash, long message) {
        links.unlink(hash, partition, message);
    }

    void head(Head newHead) {
        head = newHead;
    }

    Head head() {
        return head;
    }

    /// Whether this very edit deletes the row.
    boolean deletes(Space space, byte[] key) {
        for (Batch.Change change : batch.changes()) {
            if (change.value() == null && change.space().equals(space) && Arrays.equals(change.key(), key)) {
                return true;
            }
        }
        return false;
    }

    /// Whether [Reaper] has something to do afterwards.
    boolean hasWork() {
        return work;
    }

    /// Octets that the account has more than before.
    long octetsMore() {
        return octetsMore;
    }

    // ---- the end ---------------------------------------------------------------------------------------------

    /// The batch of this account, complete; empty when nothing is to be written.
    Batch batch() {
        if (!finished) {
            finished = true;
            for (int id : touched) {
                Box box = Objects.requireNonNull(box(id));
                batch.put(Keys.MAILBOX, Keys.mailbox(id), box.row().encode());
            }
            if (!head.equals(before.head)) {
                batch.put(Keys.HEAD, Keys.NOTHING, head.encode());
            }
            if (keywords != before.keywords) {
                batch.put(Keys.KEYWORDS, Keys.NOTHING, keywords.encode());
            }
            if (!log.isEmpty()) {
                batch.put(Keys.LOG, Keys.u64(modseq()), log.encode());
            }
        }
        return batch;
    }

    /// Batches of other partitions that must go with it: links from blobs to this account.
    List<Batch> links() {
        return links.batches();
    }

    Picture after() {
        return new Picture(
                batch().isEmpty() ? before.version : modseq(),
                log.isEmpty() ? before.lastChange() : modseq(),
                head,
                keywords,
                tree(),
                orphans,
                boxes);
    }
}
