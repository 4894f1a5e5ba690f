package tamanoir.server.store.rocks;

import java.time.Duration;
import tamanoir.server.store.BlobSweep;

/// How large the store may become in memory and when it refuses to grow on disk.
///
/// @param cacheOctets blocks read, filters, indexes and memory tables together: what the store takes of native memory
/// @param memtableOctets of these, what may be written and not yet sorted into files; also bounds the log to read at
///     the next start
/// @param reserveOctets free space of the disk below which commits that carry a body and new blobs are refused; at half
///     of it every commit is refused. Marking a queue entry as sent or deleting mail works in between
/// @param readers threads for reads that need the disk
/// @param groupRequests commits merged into one sync at most
/// @param groupOctets octets merged into one sync at most
/// @param grace how long a blob stays after its last link; not shorter than a backup takes
public record Settings(
        long cacheOctets,
        long memtableOctets,
        long reserveOctets,
        int readers,
        int groupRequests,
        long groupOctets,
        Duration grace) {
    private static final long MIB = 1L << 20;

    public Settings {
        if (memtableOctets < MIB || cacheOctets < memtableOctets || readers < 1 || groupRequests < 1) {
            throw new IllegalArgumentException("cacheOctets >= memtableOctets >= 1 MiB, one reader and one commit");
        }
        if (grace.compareTo(BlobSweep.SHORTEST_GRACE) < 0) {
            throw new IllegalArgumentException("a grace of " + grace + "; the shortest is " + BlobSweep.SHORTEST_GRACE);
        }
    }

    /// For one small server; native memory stays under about 150 MB.
    public static Settings standard() {
        return new Settings(128 * MIB, 64 * MIB, 256 * MIB, 4, 512, 8 * MIB, Duration.ofDays(7));
    }

    public Settings withReserve(long octets) {
        return new Settings(cacheOctets, memtableOctets, octets, readers, groupRequests, groupOctets, grace);
    }

    /// What is too little to work with, is raised: an administrator's number must not keep the server from starting.
    public Settings withMemory(long cache, long memtables) {
        long written = Math.max(memtables, MIB);
        return new Settings(
                Math.max(cache, written), written, reserveOctets, readers, groupRequests, groupOctets, grace);
    }

    /// Raised to [BlobSweep#SHORTEST_GRACE].
    public Settings withGrace(Duration length) {
        Duration enough = length.compareTo(BlobSweep.SHORTEST_GRACE) < 0 ? BlobSweep.SHORTEST_GRACE : length;
        return new Settings(cacheOctets, memtableOctets, reserveOctets, readers, groupRequests, groupOctets, enough);
    }
}
