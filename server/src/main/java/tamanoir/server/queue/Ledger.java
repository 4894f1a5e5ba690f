package tamanoir.server.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.QueueRows.Entry;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Body;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// Reads and writes the rows of the queue. Used by any number of threads; holds nothing but the store.
final class Ledger {
    /// Recipients of one queue entry at most: its rows must fit one batch, with some to spare.
    static final int MOST_RECIPIENTS = 900;

    private static final int MOST_OCTETS = Store.MOST_OCTETS - Store.LONGEST_VALUE - 1024;
    private static final Duration STUBBORN_WAIT = Duration.ofSeconds(2);

    private final Store store;
    private final Trace trace = new Trace("queue", "");
    private final AtomicBoolean giveUp = new AtomicBoolean();

    Ledger(Store store) {
        this.store = store;
    }

    /// One queue entry as it is stored: what all recipients share, and those who are still owed something.
    record Kept(Entry entry, List<Owed> owed) {}

    /// The entries that a message is kept as: one, unless it has very many recipients.
    ///
    /// @throws Refused when it has too many even for the parts
    List<Kept> parts(QueuedMessage message) {
        List<Kept> parts = new ArrayList<>(1);
        List<Owed> owed = new ArrayList<>();
        long octets = 0;
        for (Recipient recipient : message.envelope().recipients()) {
            Owed next = Owed.first(owed.size(), recipient);
            int size = 64
                    + 4
                            * (recipient.address().toString().length()
                                    + recipient.original().toString().length())
                    + recipient.originalRecipient().map(String::length).orElse(0);
            if (owed.size() == MOST_RECIPIENTS || octets + size > MOST_OCTETS) {
                parts.add(new Kept(Entry.of(message, message.id().part(parts.size())), owed));
                owed = new ArrayList<>();
                octets = 0;
                next = Owed.first(0, recipient);
            }
            owed.add(next);
            octets += size;
        }
        parts.add(new Kept(Entry.of(message, message.id().part(parts.size())), owed));
        if (parts.size() > QueueId.PARTS) {
            throw new Refused(
                    "the message has too many recipients",
                    message.envelope().recipients().size() + " recipients do not fit " + QueueId.PARTS
                            + " queue entries");
        }
        return parts;
    }

    /// The rows of a new entry, due at `dueMillis`, and its link to the body where that is a blob.
    Batch enter(Kept kept, Body body, long dueMillis, BlobLinks links) {
        Entry entry = kept.entry();
        QueueId id = entry.id();
        byte[] key = QueueRows.key(id);
        Batch batch = batch(id).put(QueueRows.ENTRY, key, QueueRows.write(entry));
        for (Owed owed : kept.owed()) {
            batch.put(QueueRows.RECIPIENT, QueueRows.recipientKey(id, owed.number()), QueueRows.write(owed));
        }
        boolean waits = entry.release().isPresent() && !entry.hold();
        batch.put(QueueRows.DUE, QueueRows.dueKey(dueMillis, id), waits ? QueueRows.UNTIL_RELEASE : QueueRows.NOTHING);
        switch (body) {
            case Body.Small small ->
                batch.put(QueueRows.BODY, key, small.octets().toByteArray());
            case Body.Large large -> links.link(large, QueueRows.shard(id), id.number());
        }
        return batch;
    }

    static Batch batch(QueueId id) {
        return new Batch(QueueRows.shard(id), Batch.ANY_VERSION);
    }

    static Batch put(Batch batch, QueueId id, Owed owed) {
        return batch.put(QueueRows.RECIPIENT, QueueRows.recipientKey(id, owed.number()), QueueRows.write(owed));
    }

    static Batch drop(Batch batch, QueueId id, int recipient) {
        return batch.delete(QueueRows.RECIPIENT, QueueRows.recipientKey(id, recipient));
    }

    /// What a follower will ask for.
    static Batch tell(Batch batch, Entry entry, Owed owed) {
        return batch.put(
                QueueRows.FATE, QueueRows.recipientKey(entry.id(), owed.number()), QueueRows.fate(entry.owner(), owed));
    }

    static Batch put(Batch batch, Entry entry) {
        return batch.put(QueueRows.ENTRY, QueueRows.key(entry.id()), QueueRows.write(entry));
    }

    static Batch move(Batch batch, QueueId id, long fromMillis, long toMillis) {
        if (fromMillis != toMillis) {
            batch.delete(QueueRows.DUE, QueueRows.dueKey(fromMillis, id))
                    .put(QueueRows.DUE, QueueRows.dueKey(toMillis, id), QueueRows.NOTHING);
        }
        return batch;
    }

    /// Everything of the entry except its recipients' rows.
    private static void remove(Batch batch, Entry entry, long dueMillis) {
        byte[] key = QueueRows.key(entry.id());
        batch.delete(QueueRows.ENTRY, key).delete(QueueRows.DUE, QueueRows.dueKey(dueMillis, entry.id()));
        if (entry.large().isEmpty()) {
            batch.delete(QueueRows.BODY, key);
        }
    }

    Optional<Kept> read(QueueId id) {
        try (Snapshot snapshot = store.snapshot()) {
            return read(snapshot, id);
        }
    }

    private static Optional<Kept> read(Snapshot snapshot, QueueId id) {
        Partition shard = QueueRows.shard(id);
        byte[] key = QueueRows.key(id);
        return snapshot.get(shard, QueueRows.ENTRY, key).map(value -> {
            List<Owed> owed = new ArrayList<>();
            snapshot.scan(shard, QueueRows.RECIPIENT, key, QueueRows.recipientsEnd(id), (recipientKey, row) -> {
                owed.add(QueueRows.readOwed(QueueRows.recipientNumber(recipientKey), row));
                return true;
            });
            return new Kept(QueueRows.readEntry(id, value), owed);
        });
    }

    /// What is owed of a message, and how that ended which is not any more; empty when nothing is known of
    /// it.
    Optional<Progress> progress(QueueId id, boolean waiting) {
        List<Progress.One> all = new ArrayList<>();
        boolean known = false;
        try (Snapshot snapshot = store.snapshot()) {
            for (int part = 0; part < QueueId.PARTS; part++) {
                QueueId one = id.part(part);
                Partition shard = QueueRows.shard(one);
                int before = all.size();
                Optional<Kept> kept = read(snapshot, one);
                kept.ifPresent(k -> k.owed().stream().filter(Owed::isPending).forEach(o -> all.add(step(o))));
                byte[] from = QueueRows.key(one);
                snapshot.scan(shard, QueueRows.FATE, from, QueueRows.recipientsEnd(one), (key, row) -> {
                    all.add(step(QueueRows.fateOwed(QueueRows.recipientNumber(key), row)));
                    return true;
                });
                if (kept.isEmpty() && all.size() == before) {
                    break;
                }
                known = true;
            }
        }
        return known ? Optional.of(new Progress(waiting, all)) : Optional.empty();
    }

    private static Progress.One step(Owed owed) {
        Progress.State state = switch (owed.state()) {
            case PENDING -> Progress.State.PENDING;
            case DELIVERED -> Progress.State.DELIVERED;
            case RELAYED -> Progress.State.RELAYED;
            case FAILED, EXPIRED -> Progress.State.FAILED;
        };
        return new Progress.One(owed.recipient().original(), state, owed.last().map(Owed.Last::reply));
    }

    /// Removes what is kept for the follower of a message.
    List<Batch> forgetFates(QueueId id) {
        List<Batch> batches = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            for (int part = 0; part < QueueId.PARTS; part++) {
                QueueId one = id.part(part);
                Batch batch = batch(one);
                byte[] from = QueueRows.key(one);
                snapshot.scan(QueueRows.shard(one), QueueRows.FATE, from, QueueRows.recipientsEnd(one), (key, row) -> {
                    batch.delete(QueueRows.FATE, key);
                    return true;
                });
                if (!batch.isEmpty()) {
                    batches.add(batch);
                }
            }
        }
        return batches;
    }

    /// Every message that something is kept of for its follower.
    void fates(Follower visitor) {
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions(QueueRows.KIND, shard -> {
                snapshot.scan(shard, QueueRows.FATE, new byte[0], new byte[0], (key, row) -> {
                    visitor.moved(QueueRows.id(Arrays.copyOf(key, 8)).whole(), QueueRows.fateOwner(row));
                    return true;
                });
                return true;
            });
        }
    }

    /// @throws Unavailable when the body cannot be read
    Body body(Entry entry) {
        if (entry.large().isPresent()) {
            return new Body.Large(entry.large().get(), entry.bodySize());
        }
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.get(QueueRows.shard(entry.id()), QueueRows.BODY, QueueRows.key(entry.id()))
                    .map(octets -> new Body.Small(Octets.of(octets)))
                    .orElseThrow(() -> new Unavailable(
                            "this message cannot be read at the moment", "the body row of " + entry.id() + " is gone"));
        }
    }

    Store store() {
        return store;
    }

    /// Sees one entry: when it is due, and whether it waits for the release that its sender asked for.
    interface Visitor {
        void see(QueueId id, long dueMillis, boolean untilRelease);
    }

    /// Visits every entry by the time it is due, shard by shard.
    void recover(Visitor visitor) {
        try (Snapshot snapshot = store.snapshot()) {
            List<Partition> shards = new ArrayList<>();
            snapshot.partitions(QueueRows.KIND, shard -> shards.add(shard));
            for (Partition shard : shards) {
                byte[] from = snapshot.get(shard, QueueRows.HEAD, new byte[0])
                        .map(head -> QueueRows.dueKey(QueueRows.floor(head), new QueueId(0)))
                        .orElse(new byte[0]);
                snapshot.scan(shard, QueueRows.DUE, from, new byte[0], (key, value) -> {
                    visitor.see(QueueRows.dueId(key), QueueRows.dueMillis(key), QueueRows.isUntilRelease(value));
                    return true;
                });
            }
        }
    }

    /// Says in every shard that no row is due before `floorMillis`.
    void raiseFloor(long floorMillis) {
        List<Batch> batches = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions(QueueRows.KIND, shard -> {
                batches.add(new Batch(shard, Batch.ANY_VERSION)
                        .put(QueueRows.HEAD, new byte[0], QueueRows.head(floorMillis)));
                return true;
            });
        }
        if (!batches.isEmpty()) {
            store.commit(batches);
        }
    }

    /// Commits or throws.
    ///
    /// @throws Unavailable when the store takes nothing now
    void commit(Batch batch) {
        if (!batch.isEmpty()) {
            commit(List.of(batch));
        }
    }

    /// Removes entries that have not been tried, in one commit with `alongside`. False when one of those
    /// conflicts.
    ///
    /// @throws Unavailable when the store takes nothing now
    boolean cancel(List<Scheduler.Slot> slots, List<Batch> alongside) {
        List<Batch> batches = new ArrayList<>(alongside);
        BlobLinks links = new BlobLinks();
        for (Scheduler.Slot slot : slots) {
            Kept kept = read(slot.id)
                    .orElseThrow(() ->
                            new Unavailable("try again later", "the rows of " + slot.id + " are gone while it waits"));
            Batch batch = batch(slot.id);
            removeWhole(batch, kept, slot.dueMillis, links);
            batches.add(batch);
        }
        batches.addAll(links.batches());
        return store.commit(batches) instanceof Commit.Done;
    }

    /// All rows of an entry that leaves without having been tried.
    void removeWhole(Batch batch, Kept kept, long dueMillis, BlobLinks links) {
        kept.owed().forEach(owed -> drop(batch, kept.entry().id(), owed.number()));
        remove(batch, kept.entry(), dueMillis);
        kept.entry()
                .large()
                .ifPresent(hash -> links.unlink(
                        hash,
                        QueueRows.shard(kept.entry().id()),
                        kept.entry().id().number()));
    }

    private void commit(List<Batch> batches) {
        if (store.commit(batches) instanceof Commit.Conflict conflict) {
            throw new IllegalStateException("unconditional rows cannot conflict: " + conflict);
        }
    }

    /// Commits what has happened already and cannot be undone: mail has left. Tries again until the store
    /// takes it or [#stop] is called; then the message may be delivered a second time after the next start,
    /// and that is said.
    void record(QueueId id, Batch batch) {
        if (!batch.isEmpty()) {
            record(id, List.of(batch));
        }
    }

    /// The last commit of an entry: `batch` and everything else of it goes.
    void recordEnd(Batch batch, Entry entry, long dueMillis) {
        remove(batch, entry, dueMillis);
        List<Batch> batches = new ArrayList<>();
        batches.add(batch);
        entry.large()
                .ifPresent(hash -> batches.addAll(new BlobLinks()
                        .unlink(hash, QueueRows.shard(entry.id()), entry.id().number())
                        .batches()));
        record(entry.id(), batches);
    }

    private void record(QueueId id, List<Batch> batches) {
        for (boolean said = false; ; said = true) {
            @Nullable Unavailable trouble;
            try {
                commit(batches);
                return;
            } catch (Unavailable e) {
                trouble = e;
            }
            if (!said) {
                trace.warn("not-recorded", "id", id, "reason", trouble.detail());
            }
            try {
                if (giveUp.get()) {
                    throw new InterruptedException();
                }
                Thread.sleep(STUBBORN_WAIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                trace.error("lost-record", "id", id, "consequence", "may be delivered again after the next start");
                return;
            }
        }
    }

    /// No more patience in [#record].
    void stop() {
        giveUp.set(true);
    }
}
