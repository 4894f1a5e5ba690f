package tamanoir.server.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one commit says about blobs: who begins to refer to which, who ceases to.
///
/// A link belongs to an owner (an account, a shard of the queue) and an item in it (a message, a queue entry), so the
/// same blob may be linked by many, and twice is once. Collect them while the commit is made, then append [#batches] to
/// its batches: the links become true in the same atomic step as the rows that name the blob. The batches are
/// unconditional, so two deliveries of one body never conflict.
///
/// The rule that makes it safe ([BlobSweep] has the proof): link within the grace after `keep`, or within the grace
/// after you read, in some row, that somebody else linked it.
///
/// Not thread-safe: made and filled by one thread.
public final class BlobLinks {
    private final Map<Integer, Batch> shards = new TreeMap<>();

    public BlobLinks link(BlobHash hash, long size, Partition owner, long item) {
        batch(hash)
                .put(BlobRows.BLOB, hash.octets(), BlobRows.blob(size))
                .put(BlobRows.LINK, BlobRows.link(hash, owner, item), BlobRows.PRESENT)
                // Somebody refers to it again: the count of days begins anew when it is next without a link.
                .delete(BlobRows.DOOMED, hash.octets());
        return this;
    }

    /// Links the body when it is a blob; a small one needs none.
    public BlobLinks link(Body body, Partition owner, long item) {
        return switch (body) {
            case Body.Small small -> this;
            case Body.Large(BlobHash hash, long size) -> link(hash, size, owner, item);
        };
    }

    /// Does nothing when there is no such link.
    public BlobLinks unlink(BlobHash hash, Partition owner, long item) {
        batch(hash).delete(BlobRows.LINK, BlobRows.link(hash, owner, item));
        return this;
    }

    private Batch batch(BlobHash hash) {
        return shards.computeIfAbsent(
                BlobRows.shard(hash), shard -> new Batch(BlobRows.partition(shard), Batch.ANY_VERSION));
    }

    /// Whether there is that link in the snapshot; for those who check what they find.
    public static boolean isLinked(Snapshot snapshot, BlobHash hash, Partition owner, long item) {
        return snapshot.get(BlobRows.partition(BlobRows.shard(hash)), BlobRows.LINK, BlobRows.link(hash, owner, item))
                .isPresent();
    }

    public boolean isEmpty() {
        return shards.isEmpty();
    }

    /// One batch for each partition concerned, to be appended to a commit.
    public List<Batch> batches() {
        return List.copyOf(shards.values());
    }
}
