package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// The mailboxes of one account. Safe for any number of sessions at once.
///
/// Names are full names in Unicode, `/` between levels, `INBOX` in any case. Every change is durable when it returns.
/// What cannot be done is [MailboxRefused] with its reason.
public class AccountMail {
    private final Mailboxes room;
    private final Lane lane;
    private final Partition partition;

    AccountMail(Mailboxes room, Lane lane) {
        this.room = room;
        this.lane = lane;
        this.partition = lane.account().partition();
    }

    public AccountId account() {
        return lane.account();
    }

    // ---- mailboxes -------------------------------------------------------------------------------------------

    /// Every mailbox and placeholder, sorted by name, INBOX first.
    public List<MailboxInfo> list() {
        Picture picture = lane.picture();
        List<MailboxInfo> all = new ArrayList<>(picture.tree.sorted().size());
        for (int id : picture.tree.sorted()) {
            info(picture, id).ifPresent(all::add);
        }
        return all;
    }

    public Optional<MailboxInfo> find(String name) {
        Picture picture = lane.picture();
        return info(picture, picture.tree.id(Names.folded(name)));
    }

    public Optional<MailboxInfo> info(MailboxId id) {
        return info(lane.picture(), id.number());
    }

    private static Optional<MailboxInfo> info(Picture picture, int id) {
        Box box = picture.box(id);
        if (box == null) {
            return Optional.empty();
        }
        MailboxRow row = box.row();
        boolean real = !row.placeholder();
        return Optional.of(new MailboxInfo(
                new MailboxId(id),
                picture.tree.name(id).orElse(row.name()),
                row.special(),
                real ? row.uidValidity() : 0,
                real ? row.uidNext() : 0,
                real ? row.highestModseq() : 0,
                row.messages(),
                row.unseen(),
                row.deleted(),
                row.recent(box.rows()),
                row.octets(),
                row.subscribed(),
                picture.tree.hasChildren(id),
                row.parent() == 0 ? Optional.empty() : Optional.of(new MailboxId(row.parent())),
                row.sortOrder() == 0 ? OptionalInt.empty() : OptionalInt.of(row.sortOrder() - 1),
                real));
    }

    /// Creates it and missing parents.
    public MailboxInfo create(String name, Optional<MailboxInfo.Role> role) {
        int id = lane.change(edit -> new Structure(edit, room.settings()).create(name, role));
        return info(new MailboxId(id)).orElseThrow(AccountMail::noSuchMailbox);
    }

    /// Renames it and its children; of INBOX, moves the messages to a new mailbox (RFC 9051 §6.3.6).
    public void rename(String from, String to) {
        if (Names.folded(from).equals(Names.INBOX)) {
            MailboxId inbox =
                    find(Names.INBOX).orElseThrow(AccountMail::noSuchMailbox).id();
            move(inbox, Uids.ALL, create(to, Optional.empty()).id());
            return;
        }
        lane.change(edit -> {
            new Structure(edit, room.settings()).rename(from, to);
            return edit;
        });
    }

    /// Creates it below its parent.
    public MailboxInfo create(MailboxForm form) {
        int id = lane.change(edit -> new Structure(edit, room.settings()).create(form));
        return info(new MailboxId(id)).orElseThrow(AccountMail::noSuchMailbox);
    }

    /// Makes it what the form says: renames, moves, gives it another special use or place in lists.
    public void change(MailboxId mailbox, MailboxForm form) {
        lane.change(edit -> {
            new Structure(edit, room.settings()).change(mailbox.number(), form);
            return edit;
        });
    }

    /// Deletes the mailbox and its messages; children stay.
    public void delete(String name) {
        Edit done = lane.change(edit -> {
            new Structure(edit, room.settings()).delete(name);
            return edit;
        });
        wakeReaper(done);
    }

    public void subscribe(String name, boolean subscribed) {
        lane.change(edit -> {
            new Structure(edit, room.settings()).subscribe(name, subscribed);
            return edit;
        });
    }

    /// Names subscribed, also those whose mailbox is gone (RFC 9051 §6.3.7).
    public NavigableSet<String> subscriptions() {
        Picture picture = lane.picture();
        NavigableSet<String> names = new TreeSet<>(picture.orphans);
        for (int id : picture.tree.sorted()) {
            Box box = picture.box(id);
            if (box != null && box.row().subscribed()) {
                picture.tree.name(id).ifPresent(names::add);
            }
        }
        return names;
    }

    // ---- messages --------------------------------------------------------------------------------------------

    /// The messages of one mailbox as they are now, in UID order: an immutable picture for one command.
    public View view(MailboxId mailbox) {
        room.touch(lane);
        Picture picture = lane.pictureWith(mailbox.number());
        Box box = picture.box(mailbox.number());
        Rows rows = box == null ? null : box.rows();
        if (box == null || rows == null || box.row().placeholder()) {
            throw noSuchMailbox();
        }
        return new View(box.row(), rows, picture.keywords);
    }

    /// Those of `mailboxes` that exist, at one version; all of them when the set is empty.
    public Overview overview(Set<MailboxId> mailboxes) {
        room.touch(lane);
        Set<Integer> numbers = new HashSet<>();
        mailboxes.forEach(mailbox -> numbers.add(mailbox.number()));
        Picture picture = lane.pictureWith(numbers);
        List<View> views = new ArrayList<>();
        for (Box box : picture.all()) {
            Rows rows = box.rows();
            if (rows != null && !box.row().placeholder() && (numbers.isEmpty() || numbers.contains(box.id()))) {
                views.add(new View(box.row(), rows, picture.keywords));
            }
        }
        return new Overview(picture.version, picture.head.lastMessage(), views);
    }

    /// Appends all or none (RFC 3502), in order.
    public Appended append(MailboxId mailbox, List<NewMessage> messages) {
        List<Draft> drafts = messages.stream()
                .map(message -> Draft.of(message, room.blobs()))
                .toList();
        return lane.change(edit -> {
            MailboxRow row = edit.selectable(mailbox.number()).row();
            List<Deposited.Stored> stored = new ArrayList<>(drafts.size());
            try (Snapshot snapshot = room.store().snapshot()) {
                for (Draft draft : drafts) {
                    if (!edit.takes(draft)) {
                        throw new MailboxRefused(
                                Reason.LIMIT,
                                "too many messages for one step: append at most " + stored.size() + " of them at once");
                    }
                    if (room.isOverQuota(account(), edit, Mailboxes.octets(draft.message()))) {
                        throw overQuota();
                    }
                    long message = room.nextMessageId(edit);
                    long uid = edit.append(mailbox.number(), draft, message, snapshot);
                    stored.add(new Deposited.Stored(mailbox, uid, new MessageId(message)));
                }
            }
            return new Appended(row.uidValidity(), stored);
        });
    }

    /// Puts one new message into all of these mailboxes, in one commit; answers the places in their order.
    public List<Deposited.Stored> append(Collection<MailboxId> mailboxes, NewMessage message) {
        Draft draft = Draft.of(message, room.blobs());
        return lane.change(edit -> {
            List<Deposited.Stored> stored = new ArrayList<>(mailboxes.size());
            for (MailboxId mailbox : mailboxes) {
                edit.selectable(mailbox.number());
            }
            if (!edit.takes(draft) || edit.room() < draft.rows() + 3 * mailboxes.size()) {
                throw new MailboxRefused(Reason.LIMIT, "too many mailboxes for one message");
            }
            if (room.isOverQuota(account(), edit, mailboxes.size() * Mailboxes.octets(message))) {
                throw overQuota();
            }
            long id = room.nextMessageId(edit);
            try (Snapshot snapshot = room.store().snapshot()) {
                MessageRow row = null;
                for (MailboxId mailbox : mailboxes) {
                    long uid = edit.selectable(mailbox.number()).row().uidNext();
                    if (row == null) {
                        row = edit.appendRow(mailbox.number(), draft, id, snapshot);
                    } else {
                        edit.copy(List.of(row), mailbox.number());
                    }
                    stored.add(new Deposited.Stored(mailbox, uid, new MessageId(id)));
                }
            }
            return stored;
        });
    }

    /// Changes flags of those `uids` that exist. Messages with a modseq above `unchangedSince` are left alone and named
    /// in the answer; `Long.MAX_VALUE` for no such condition.
    public FlagChange store(MailboxId mailbox, Uids uids, FlagOperation operation, Flags flags, long unchangedSince) {
        FlagStep step = new FlagStep(operation, flags, unchangedSince);
        Sweep sweep = new Sweep(mailbox.number(), uids, _ -> true);
        Uids.Builder changed = new Uids.Builder();
        Uids.Builder stale = new Uids.Builder();
        long modseq = 0;
        while (sweep.goesOn()) {
            FlagStep.Outcome outcome = lane.changeIn(mailbox.number(), edit -> step.apply(edit, sweep));
            outcome.changed().forEach(changed::add);
            outcome.stale().forEach(stale::add);
            modseq = Math.max(modseq, outcome.modseq());
            sweep.advance();
        }
        return new FlagChange(modseq, changed.build(), stale.build());
    }

    /// Copies the messages that exist; their flags and dates go with them (RFC 9051 §6.4.7). All of them or, when it
    /// fails on the way, none.
    public Copied copy(MailboxId from, Uids uids, MailboxId to) {
        return transfer(from, uids, to, false);
    }

    /// Moves the messages that exist (RFC 6851).
    public Copied move(MailboxId from, Uids uids, MailboxId to) {
        return transfer(from, uids, to, true);
    }

    /// One step of it, in one commit.
    private record Transferred(long uidValidity, List<Long> from, long firstTo, Edit edit) {}

    private Copied transfer(MailboxId from, Uids uids, MailboxId to, boolean move) {
        Sweep sweep = new Sweep(from.number(), uids, _ -> true);
        Uids.Builder source = new Uids.Builder();
        Uids.Builder target = new Uids.Builder();
        long uidValidity = 0;
        boolean first = true;
        while (sweep.goesOn()) {
            boolean begins = first;
            Transferred step;
            try {
                step = lane.changeIn(from.number(), edit -> transfer(edit, sweep, to.number(), move, begins));
            } catch (RuntimeException e) {
                if (!move && !first) {
                    undoCopy(to, target.build());
                }
                throw e;
            }
            first = false;
            uidValidity = step.uidValidity;
            step.from.forEach(source::add);
            if (!step.from.isEmpty()) {
                target.addRange(step.firstTo, step.firstTo + step.from.size() - 1);
            }
            wakeReaper(step.edit);
            sweep.advance();
        }
        return new Copied(uidValidity, source.build(), target.build());
    }

    private Transferred transfer(Edit edit, Sweep sweep, int to, boolean move, boolean begins) {
        MailboxRow target = edit.selectable(to).row();
        Rows rows = java.util.Objects.requireNonNull(
                edit.selectable(sweep.mailbox()).rows());
        // A copy takes two keys a message, a move takes the third.
        int[] indexes = sweep.next(edit, Math.min(edit.room() / (move ? 3 : 2), Store.MOST_OCTETS / 256));
        if (!move && begins) {
            long octets = 0;
            for (int index : sweep.all(rows)) {
                octets += rows.octets(index);
            }
            if (room.isOverQuota(account(), edit, octets)) {
                throw overQuota();
            }
        }
        List<MessageRow> copies = new ArrayList<>(indexes.length);
        List<Long> from = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            copies.add(rows.row(index));
            from.add(rows.uid(index));
        }
        if (indexes.length > 0) {
            edit.copy(copies, to);
            if (move) {
                edit.remove(sweep.mailbox(), indexes);
            }
        }
        return new Transferred(target.uidValidity(), from, target.uidNext(), edit);
    }

    /// RFC 9051 §6.4.7: a COPY that fails leaves the target as it was.
    private void undoCopy(MailboxId to, Uids copies) {
        try {
            remove(to, copies);
        } catch (MailboxRefused | Unavailable e) {
            // What made the copy fail may make this fail too; the client hears of the first.
            return;
        }
    }

    /// Removes those of `uids` that carry \Deleted; answers which.
    public Uids expunge(MailboxId mailbox, Uids uids) {
        return remove(mailbox, uids, system -> (system & Flags.DELETED) != 0);
    }

    /// Removes `uids` whatever their flags (POP3 DELE, JMAP destroy); answers which existed.
    public Uids remove(MailboxId mailbox, Uids uids) {
        return remove(mailbox, uids, _ -> true);
    }

    private Uids remove(MailboxId mailbox, Uids uids, IntPredicate wanted) {
        Sweep sweep = new Sweep(mailbox.number(), uids, wanted);
        Uids.Builder removed = new Uids.Builder();
        while (sweep.goesOn()) {
            List<Long> gone = new ArrayList<>();
            Edit done = lane.changeIn(mailbox.number(), edit -> {
                gone.clear();
                Rows rows = java.util.Objects.requireNonNull(
                        edit.selectable(mailbox.number()).rows());
                int[] indexes = sweep.next(edit, edit.room());
                if (indexes.length > 0) {
                    for (int index : indexes) {
                        gone.add(rows.uid(index));
                    }
                    edit.remove(mailbox.number(), indexes);
                }
                return edit;
            });
            gone.forEach(removed::add);
            wakeReaper(done);
            sweep.advance();
        }
        return removed.build();
    }

    /// Those of `known` that were expunged after `modseq`; may name more than that, never one that exists (RFC 7162
    /// §3.2.10).
    public Uids vanishedSince(MailboxId mailbox, long modseq, Uids known) {
        View view = view(mailbox);
        Picture picture = lane.picture();
        long last = view.uidNext() - 1;
        if (modseq >= picture.head.logFloor() && picture.head.logFloor() >= 0) {
            TreeSet<Long> gone = new TreeSet<>();
            try (Snapshot snapshot = room.store().snapshot()) {
                scanLog(snapshot, modseq, change -> {
                    if (change instanceof Change.Removed removed
                            && removed.mailbox().equals(mailbox)
                            && known.contains(removed.uid())
                            && view.indexOf(removed.uid()) < 0) {
                        gone.add(removed.uid());
                    }
                });
            }
            Uids.Builder vanished = new Uids.Builder();
            gone.forEach(vanished::add);
            return vanished.build();
        }
        // The log does not reach back: what the client knows and is not here has gone, whenever that was.
        Uids.Builder vanished = new Uids.Builder();
        for (int r = 0; r < known.rangeCount(); r++) {
            long from = known.rangeFirst(r);
            long to = Math.min(known.rangeLast(r), last);
            int index = view.indexOf(from);
            for (int i = index >= 0 ? index : -1 - index; i < view.size() && from <= to; i++) {
                long uid = view.uid(i);
                if (uid > from) {
                    vanished.addRange(from, Math.min(uid - 1, to));
                }
                from = uid + 1;
            }
            if (from <= to) {
                vanished.addRange(from, to);
            }
        }
        return vanished.build();
    }

    /// Sets where \Recent begins: answers the first UID that is recent for this session and takes them (RFC 3501
    /// §2.3.2). Kept in memory and written with the next change: who was told before a crash may be told again.
    public long takeRecent(MailboxId mailbox) {
        Box seen = lane.picture().box(mailbox.number());
        if (seen != null && seen.row().firstRecent() == seen.row().uidNext()) {
            return seen.row().uidNext();
        }
        return lane.change(edit -> {
            MailboxRow row = edit.selectable(mailbox.number()).row();
            edit.recentFrom(mailbox.number(), row.uidNext());
            return row.firstRecent();
        });
    }

    // ---- one message -----------------------------------------------------------------------------------------

    /// Envelope, structure, preview of a message; derived once, kept.
    public MessageFacts facts(MessageId message) {
        return facts(List.of(message)).getFirst().orElseThrow(AccountMail::gone);
    }

    /// The same of many, in their order: one sweep over the store. Some hundreds a call, so that nobody holds thousands
    /// in memory. A message that has gone is an empty one.
    public List<Optional<MessageFacts>> facts(List<MessageId> messages) {
        return new FactsReader(room, lane, this).read(messages);
    }

    Optional<Letter> letter(Snapshot snapshot, MessageId message) {
        return snapshot.get(partition, Keys.LETTER, Keys.u64(message.number())).map(Letter::decode);
    }

    /// The header fields this server put above the received octets.
    public Octets prefix(MessageId message) {
        try (Snapshot snapshot = room.store().snapshot()) {
            Optional<Octets> prefix = prefix(snapshot, message);
            if (prefix.isEmpty() && letter(snapshot, message).isEmpty()) {
                throw gone();
            }
            return prefix.orElse(Octets.EMPTY);
        }
    }

    private Optional<Octets> prefix(Snapshot snapshot, MessageId message) {
        return snapshot.get(partition, Keys.COLD, Keys.cold(Keys.COLD_PREFIX, message.number()))
                .map(Draft::octets);
    }

    /// The octets as received.
    public Body body(MessageId message) {
        try (Snapshot snapshot = room.store().snapshot()) {
            return body(snapshot, message);
        }
    }

    private Body body(Snapshot snapshot, MessageId message) {
        Optional<byte[]> row = snapshot.get(partition, Keys.BODY, Keys.u64(message.number()));
        if (row.isPresent()) {
            return new Body.Small(Draft.octets(row.get()));
        }
        return large(snapshot, message).orElseThrow(AccountMail::gone);
    }

    /// The body of a message that has no row for it; empty when the message has gone.
    private Optional<Body> large(Snapshot snapshot, MessageId message) {
        return letter(snapshot, message)
                .map(letter -> new Body.Large(
                        letter.blob().orElseThrow(() -> RowReader.damaged("message " + message + " has no body")),
                        letter.bodyOctets()));
    }

    /// Prefix and body of one message, at one moment.
    ///
    /// @throws MailboxRefused when it has gone
    public Content content(MessageId message) {
        return contents(List.of(message)).getFirst().orElseThrow(AccountMail::gone);
    }

    /// Messages whose contents may be asked for at a time: their small bodies, 2 MiB together at most, are in memory.
    public static final int CONTENTS_AT_ONCE = 32;

    /// Prefix and body of many messages, [#CONTENTS_AT_ONCE] at most, all at one moment, in their order: small bodies
    /// are read in one go. A message that has gone is an empty one.
    public List<Optional<Content>> contents(List<MessageId> messages) {
        if (messages.size() > CONTENTS_AT_ONCE) {
            throw new IllegalArgumentException(messages.size() + " messages at once");
        }
        List<byte[]> prefixKeys = new ArrayList<>(messages.size());
        List<byte[]> bodyKeys = new ArrayList<>(messages.size());
        for (MessageId message : messages) {
            prefixKeys.add(Keys.cold(Keys.COLD_PREFIX, message.number()));
            bodyKeys.add(Keys.u64(message.number()));
        }
        List<Optional<Content>> contents = new ArrayList<>(messages.size());
        try (Snapshot snapshot = room.store().snapshot()) {
            List<Optional<byte[]>> prefixes = snapshot.getAll(partition, Keys.COLD, prefixKeys);
            List<Optional<byte[]>> bodies = snapshot.getAll(partition, Keys.BODY, bodyKeys);
            for (int i = 0; i < messages.size(); i++) {
                Octets prefix = prefixes.get(i).map(Draft::octets).orElse(Octets.EMPTY);
                Optional<byte[]> small = bodies.get(i);
                Optional<Body> body = small.isPresent()
                        ? Optional.of(new Body.Small(Draft.octets(small.get())))
                        : large(snapshot, messages.get(i));
                contents.add(body.map(its -> new Content(prefix, its)));
            }
        }
        return contents;
    }

    /// Where large bodies are read from.
    public Blobs blobs() {
        return room.blobs();
    }

    /// Prefix and body in one run: what FETCH BODY[] shows. Costs its size in heap.
    public Octets whole(MessageId message) {
        return content(message).whole(room.blobs());
    }

    /// Where messages are, all at one moment, in their order; empty for one that is nowhere any more.
    public Whereabouts.At<List<Optional<Whereabouts>>> whereabouts(List<MessageId> messages) {
        return lane.atOnce((picture, snapshot) -> {
            Seeker seeker = new Seeker(partition, picture, snapshot);
            return new Whereabouts.At<>(
                    picture.lastChange(), messages.stream().map(seeker::find).toList());
        });
    }

    /// The messages of threads, all at one moment, in their order; of one thread, oldest first. Empty for a thread
    /// without messages.
    public Whereabouts.At<List<List<Whereabouts>>> conversations(List<ThreadId> threads) {
        return lane.atOnce((picture, snapshot) -> {
            Seeker seeker = new Seeker(partition, picture, snapshot);
            return new Whereabouts.At<>(
                    picture.lastChange(), threads.stream().map(seeker::thread).toList());
        });
    }

    /// Gives messages other flags and other mailboxes: all of them in one commit, unless they are very many. Answers
    /// which could not be changed and why.
    public Map<MessageId, MailboxRefused> change(List<MessageChange> changes) {
        Map<MessageId, MailboxRefused> refused = new HashMap<>();
        int from = 0;
        while (from < changes.size()) {
            List<MessageChange> rest = changes.subList(from, changes.size());
            Map<MessageId, MailboxRefused> refusedNow = new HashMap<>();
            int[] done = {0};
            Edit edit = lane.changeLoading(its -> {
                refusedNow.clear();
                try (Snapshot snapshot = room.store().snapshot()) {
                    done[0] = new Refiling(room, this, its, snapshot).apply(rest, refusedNow);
                }
                return its;
            });
            wakeReaper(edit);
            refused.putAll(refusedNow);
            from += done[0];
        }
        return refused;
    }

    /// The mailboxes that a message is in.
    public Set<MailboxId> mailboxesOf(MessageId message) {
        Picture picture = lane.picture();
        Set<MailboxId> mailboxes = new java.util.LinkedHashSet<>();
        try (Snapshot snapshot = room.store().snapshot()) {
            byte[] from = Keys.membership(message.number(), 0, 0);
            snapshot.scan(partition, Keys.LETTER, from, Keys.u64(message.number() + 1), (key, _) -> {
                int mailbox = Keys.read32(key, 8);
                // A row that waits for the reaper says nothing.
                if (picture.box(mailbox) != null
                        && snapshot.get(partition, Keys.MESSAGE, Keys.message(mailbox, Keys.readUid(key, 12)))
                                .isPresent()) {
                    mailboxes.add(new MailboxId(mailbox));
                }
                return true;
            });
        }
        return mailboxes;
    }

    /// The messages of one thread, oldest first.
    public List<MessageId> thread(ThreadId thread) {
        List<MessageId> messages = new ArrayList<>();
        try (Snapshot snapshot = room.store().snapshot()) {
            byte[] from = Keys.u64(thread.number());
            snapshot.scan(partition, Keys.THREAD, from, Keys.u64(thread.number() + 1), (key, _) -> {
                messages.add(new MessageId(Keys.read64(key, 8)));
                return true;
            });
        }
        messages.removeIf(message -> mailboxesOf(message).isEmpty());
        return messages;
    }

    /// Empty when the message has been cleared away.
    public Optional<ThreadId> threadIfAny(MessageId message) {
        try (Snapshot snapshot = room.store().snapshot()) {
            return letter(snapshot, message).map(letter -> new ThreadId(letter.thread()));
        }
    }

    public ThreadId threadOf(MessageId message) {
        try (Snapshot snapshot = room.store().snapshot()) {
            return new ThreadId(
                    letter(snapshot, message).orElseThrow(AccountMail::gone).thread());
        }
    }

    // ---- watching --------------------------------------------------------------------------------------------

    /// The version of the account: grows with every change.
    public long version() {
        return lane.picture().version;
    }

    /// The highest message id that was ever given out here.
    public long newest() {
        return lane.picture().head.lastMessage();
    }

    /// The version of the newest change that clients can see. Clearing away what is gone moves the version, not this.
    public long lastChange() {
        return lane.picture().lastChange();
    }

    /// What happened after `since`; empty when the log does not reach back that far (RFC 8620 §5.2).
    public Optional<Changes> changesSince(long since) {
        Picture picture = lane.picture();
        List<Change> changes = new ArrayList<>();
        try (Snapshot snapshot = room.store().snapshot()) {
            // Perhaps later than the picture: what the log says and the version belong together.
            long version = snapshot.version(partition);
            if (since < picture.head.logFloor() || since > version) {
                return Optional.empty();
            }
            scanLog(snapshot, since, change -> {
                changes.add(change);
                if (change instanceof Change.MailboxGone gone) {
                    changes.addAll(left(snapshot, gone));
                }
            });
            return Optional.of(new Changes(since, version, changes));
        }
    }

    /// The messages that were in a mailbox when it went, as far as the reaper has not come to them: what it takes away
    /// stands in the log itself.
    private List<Change> left(Snapshot snapshot, Change.MailboxGone gone) {
        List<Change> left = new ArrayList<>();
        snapshot.scan(
                partition,
                Keys.MESSAGE,
                Keys.mailbox(gone.mailbox().number()),
                Keys.mailbox(gone.mailbox().number() + 1),
                (key, value) -> {
                    MessageRow row = MessageRow.decode(Keys.readUid(key, 4), value);
                    return left.add(new Change.Removed(
                            gone.modseq(),
                            gone.mailbox(),
                            row.uid(),
                            new MessageId(row.message()),
                            new ThreadId(row.thread())));
                });
        return left;
    }

    private void scanLog(Snapshot snapshot, long since, Consumer<Change> reader) {
        snapshot.scan(partition, Keys.LOG, Keys.u64(since + 1), Keys.NOTHING, (key, value) -> {
            LogRow.decode(Keys.read64(key, 0), value).forEach(reader);
            return true;
        });
    }

    /// Tells `onChange` after each commit that touched the account; a hint, may be merged or spurious. It runs in the
    /// thread of whoever made the change, so it only wakes someone. Close to stop.
    public Watch watch(Runnable onChange) {
        return lane.watch(onChange);
    }

    public Quota quota() {
        Picture picture = lane.picture();
        return new Quota(picture.octets(), room.quotaLimit(account()), picture.messages());
    }

    private void wakeReaper(Edit done) {
        if (done.hasWork()) {
            room.noteWork(account());
        }
    }

    private static MailboxRefused noSuchMailbox() {
        return new MailboxRefused(Reason.NONEXISTENT, "there is no such mailbox");
    }

    private static MailboxRefused gone() {
        return new MailboxRefused(Reason.EXPUNGEISSUED, "this message has gone");
    }

    private static MailboxRefused overQuota() {
        return new MailboxRefused(Reason.OVERQUOTA, "there is no room left in this account; delete some messages");
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
