package tamanoir.server.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts and deletes of one partition, applied together or not at all, under the condition that the partition still
/// has the version from which they were computed.
///
/// Not thread-safe: made and filled by one thread, then handed to [Store#commit]. Arrays given to it must not change.
/// Later operations on one key win. Limits: [Store#MOST_KEYS], [Store#MOST_OCTETS] (body rows apart).
public final class Batch {
    /// No condition: for rows whose keys are unique by construction (queue entries, for example).
    public static final long ANY_VERSION = -1;

    /// `value` is null for a delete.
    public record Change(Space space, byte[] key, byte @Nullable [] value) {}

    private final Partition partition;
    private final long expectedVersion;
    private final List<Change> changes = new ArrayList<>();
    private long octets;

    public Batch(Partition partition, long expectedVersion) {
        this.partition = partition;
        this.expectedVersion = expectedVersion;
    }

    public Batch put(Space space, byte[] key, byte[] value) {
        if (value.length > Store.LONGEST_VALUE) {
            throw new IllegalArgumentException("a value of " + value.length + " octets is a blob, not a row");
        }
        return add(new Change(space, key, value), key.length + value.length);
    }

    public Batch delete(Space space, byte[] key) {
        return add(new Change(space, key, null), key.length);
    }

    private Batch add(Change change, int size) {
        changes.add(change);
        if (change.space().family() != Space.Family.BODY) {
            octets += size;
        }
        return this;
    }

    public Partition partition() {
        return partition;
    }

    public long expectedVersion() {
        return expectedVersion;
    }

    public List<Change> changes() {
        return changes;
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /// Octets of keys and values, body rows not counted: must stay within [Store#MOST_OCTETS].
    public long octets() {
        return octets;
    }

    /// What every engine asks before it commits: batches of distinct partitions, each within the limits.
    ///
    /// @throws IllegalArgumentException when they are not
    public static void check(List<Batch> batches) {
        Set<Partition> partitions = batches.size() > 1 ? HashSet.newHashSet(batches.size()) : Set.of();
        for (Batch batch : batches) {
            if (batches.size() > 1 && !partitions.add(batch.partition)) {
                throw new IllegalArgumentException("two batches of partition " + batch.partition + " in one commit");
            }
            if (batch.changes.size() > Store.MOST_KEYS) {
                throw new IllegalArgumentException("a batch of " + batch.changes.size() + " changes; the most is "
                        + Store.MOST_KEYS + ": make several commits");
            }
            if (batch.octets > Store.MOST_OCTETS) {
                throw new IllegalArgumentException("a batch of " + batch.octets + " octets; the most is "
                        + Store.MOST_OCTETS + ": make several commits");
            }
        }
    }

    /// Whether any change puts a body row: what makes the store grow.
    public boolean hasBody() {
        for (Change change : changes) {
            if (change.space.family() == Space.Family.BODY && change.value != null) {
                return true;
            }
        }
        return false;
    }
}
