package tamanoir.server.store.rocks;

import java.util.Arrays;

/// The versions of partitions that were written lately, as an open-addressed table of two longs a row.
///
/// Used by the writer thread alone. Bounded: when it is full it forgets everything, and the next commit of a partition
/// reads its version again.
final class Versions {
    static final long UNKNOWN = -1;

    private static final int SLOTS = 1 << 17;
    private static final int MOST = SLOTS / 2;

    private final long[] partitions = new long[SLOTS];
    private final long[] versions = new long[SLOTS];
    private int size;

    Versions() {
        Arrays.fill(versions, UNKNOWN);
    }

    long get(long partition) {
        return versions[slot(partition)];
    }

    void put(long partition, long version) {
        int slot = slot(partition);
        if (versions[slot] == UNKNOWN) {
            if (size >= MOST) {
                clear();
                slot = slot(partition);
            }
            partitions[slot] = partition;
            size++;
        }
        versions[slot] = version;
    }

    void clear() {
        Arrays.fill(versions, UNKNOWN);
        size = 0;
    }

    private int slot(long partition) {
        // Fibonacci hashing: account numbers are random, queue and blob shards are small and dense.
        int slot = (int) ((partition * 0x9E37_79B9_7F4A_7C15L) >>> 47);
        while (versions[slot] != UNKNOWN && partitions[slot] != partition) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        return slot;
    }
}
