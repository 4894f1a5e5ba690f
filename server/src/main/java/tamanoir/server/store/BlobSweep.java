package tamanoir.server.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Deletes blobs to which nobody refers any more, after a grace, without ever stopping anybody who writes.
///
/// A blob is *linked*, or *doomed* (its row 04 says since when), or *gone*. Each shard is looked at by itself: one
/// snapshot of its rows, the files of its folder, then at most one commit.
///
/// - a blob without a link becomes doomed: row 04 with the time of now;
/// - a doomed blob with a link is so no longer;
/// - a blob that was doomed a grace ago and whose file nobody kept within the grace loses its rows, then its file;
/// - a file without any row, which nobody kept within the grace, is deleted: what was kept and never linked.
///
/// **Why a linked blob is never deleted.** A link is written by somebody who (a) kept the blob shortly before, or (b)
/// read in a row that it was linked. The rows of a blob are taken away by a commit on the condition that the shard is
/// still as the snapshot showed it, so a link that came before makes it a conflict and nothing happens. A link that
/// comes after: in case (a) the file is younger than the grace, as `keep` renews the time of a file that it finds, and
/// deleting a file compares this time under the same lock; in case (b) the link that was read existed less than a
/// grace ago, hence the blob is doomed for less than a grace (only a round that saw it without links dooms it). Both
/// rest on commits following their reason within the grace; the default is a week, as that is also how long a backup
/// may take from its rows to its blobs.
///
/// **After a crash.** Rows go first, so what can be left over is a file without a row; a later round finds it.
public final class BlobSweep {
    /// Blobs changed by one commit; each may need three deletes and stays far below [Store#MOST_KEYS].
    private static final int MOST = 200;

    /// Far longer than a commit may take after what it rests on.
    public static final Duration SHORTEST_GRACE = Duration.ofMinutes(1);

    private final Store store;
    private final FolderBlobs blobs;
    private final Duration grace;
    private final InstantSource clock;
    private final Trace trace;

    /// What one round found and did.
    ///
    /// @param linked blobs somebody refers to
    /// @param doomed blobs without a link that wait for the end of the grace
    /// @param deleted files deleted
    /// @param octets of these files
    public record Swept(long linked, long doomed, long deleted, long octets) {
        static final Swept NOTHING = new Swept(0, 0, 0, 0);

        Swept plus(Swept other) {
            return new Swept(
                    linked + other.linked, doomed + other.doomed, deleted + other.deleted, octets + other.octets);
        }
    }

    /// @throws IllegalArgumentException when the grace is shorter than a commit may take
    public BlobSweep(Store store, FolderBlobs blobs, Duration grace, InstantSource clock, Trace trace) {
        if (grace.compareTo(SHORTEST_GRACE) < 0) {
            throw new IllegalArgumentException("a grace of " + grace + " could delete a blob before its link comes");
        }
        this.store = store;
        this.blobs = blobs;
        this.grace = grace;
        this.clock = clock;
        this.trace = trace;
    }

    /// One round in the background: says what it did, and leaves what cannot be done now to the next.
    public void sweepQuietly() {
        try {
            Swept swept = sweep();
            if (swept.deleted() > 0) {
                trace.info("blobs-swept", "deleted", swept.deleted(), "octets", swept.octets());
            }
        } catch (Unavailable later) {
            // The store says itself what is wrong with it.
            trace.debug("blobs-not-swept", "reason", later.detail());
        }
    }

    /// One round over all shards.
    ///
    /// @throws Unavailable when the store cannot be read or written; what was done is done
    public Swept sweep() {
        SortedSet<Integer> shards = new TreeSet<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions('B', partition -> {
                shards.add((int) partition.number());
                return true;
            });
        }
        Swept all = Swept.NOTHING;
        try {
            shards.addAll(blobs.shards());
            for (int shard : shards) {
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
                all = all.plus(sweep(shard));
            }
        } catch (IOException e) {
            throw new Unavailable("try again later", "sweeping " + blobs.folder() + ": " + e, e);
        }
        return all;
    }

    /// What the snapshot and the folder say of one shard.
    private record Shard(
            long version,
            Set<BlobHash> known,
            Set<BlobHash> linked,
            Map<BlobHash, Instant> doomed,
            Map<BlobHash, FolderBlobs.Kept> files) {}

    private Swept sweep(int number) throws IOException {
        Instant cutoff = clock.instant().minus(grace);
        Partition partition = BlobRows.partition(number);
        Shard shard = read(number);
        // Not before the snapshot: whoever read a link that the snapshot no longer shows has a whole grace from here.
        Instant now = clock.instant();
        Set<BlobHash> free = new HashSet<>(shard.known);
        free.addAll(shard.doomed.keySet());
        free.addAll(shard.files.keySet());
        free.removeAll(shard.linked);

        Batch batch = new Batch(partition, shard.version);
        List<BlobHash> condemned = new ArrayList<>();
        long waiting = 0;
        for (BlobHash hash : free) {
            Instant since = shard.doomed.get(hash);
            FolderBlobs.Kept file = shard.files.get(hash);
            boolean young = file != null && file.at().isAfter(cutoff);
            boolean rows = since != null || shard.known.contains(hash);
            if (batch.changes().size() >= 3 * MOST) {
                // The rest is for the next round.
                waiting++;
            } else if (!rows && !young) {
                condemned.add(hash);
            } else if (rows && since == null) {
                batch.put(BlobRows.DOOMED, hash.octets(), BlobRows.doomed(now));
                waiting++;
            } else if (since != null && !since.isAfter(cutoff) && !young) {
                batch.delete(BlobRows.BLOB, hash.octets()).delete(BlobRows.DOOMED, hash.octets());
                condemned.add(hash);
            } else {
                waiting++;
            }
        }
        for (BlobHash hash : shard.doomed.keySet()) {
            if (shard.linked.contains(hash) && batch.changes().size() < 3 * MOST) {
                batch.delete(BlobRows.DOOMED, hash.octets());
            }
        }
        if (!batch.isEmpty() && store.commit(batch) instanceof Commit.Conflict) {
            // Somebody links or unlinks here just now; the next round will see it.
            return new Swept(shard.linked.size(), waiting, 0, 0);
        }
        Swept done = new Swept(shard.linked.size(), waiting, 0, 0);
        for (BlobHash hash : condemned) {
            FolderBlobs.Kept file = shard.files.get(hash);
            if (file != null && blobs.deleteUnlessKeptSince(hash, cutoff)) {
                done = done.plus(new Swept(0, 0, 1, file.size()));
            }
        }
        return done;
    }

    private Shard read(int number) throws IOException {
        // The folder first: a file that is linked after this is not yet known to us, and one that is linked before has
        // its link in the snapshot.
        Map<BlobHash, FolderBlobs.Kept> files = blobs.list(number);
        Partition partition = BlobRows.partition(number);
        byte[] all = new byte[0];
        Set<BlobHash> known = new HashSet<>();
        Set<BlobHash> linked = new HashSet<>();
        Map<BlobHash, Instant> doomed = new HashMap<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(partition, BlobRows.BLOB, all, all, (key, value) -> {
                known.add(BlobRows.hash(key));
                return true;
            });
            snapshot.scan(partition, BlobRows.LINK, all, all, (key, value) -> {
                linked.add(BlobRows.hash(key));
                return true;
            });
            snapshot.scan(partition, BlobRows.DOOMED, all, all, (key, value) -> {
                doomed.put(BlobRows.hash(key), BlobRows.since(value));
                return true;
            });
            return new Shard(snapshot.version(partition), known, linked, doomed, files);
        }
    }
}
