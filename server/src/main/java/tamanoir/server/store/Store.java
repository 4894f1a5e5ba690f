package tamanoir.server.store;

import java.util.List;

/// Ordered rows in atomic batches per partition, durable when `commit` returns.
///
/// Every partition has a version, kept by the store: 0 before the first commit, one more with each. Used by any number
/// of virtual threads at once. `docs/storage.md` says which rows exist.
public interface Store extends AutoCloseable {
    /// Changes of one batch at most; engines from RocksDB to Cassandra can all honour it.
    int MOST_KEYS = 1_000;

    /// Octets of one batch at most, body rows apart.
    int MOST_OCTETS = 256 * 1024;

    /// Octets of one value at most; what is longer is a blob.
    int LONGEST_VALUE = 64 * 1024;

    /// A consistent view of everything committed so far. Hold it for one request, then close it.
    ///
    /// @throws Unavailable when the store is closed or failed
    Snapshot snapshot();

    /// Writes all batches, of distinct partitions, as one atomic and synced step, or none of them.
    ///
    /// @throws Unavailable when the disk is full, the store failed or is closed: nothing may be assumed written
    /// @throws IllegalArgumentException when a limit is passed
    Commit commit(List<Batch> batches);

    default Commit commit(Batch batch) {
        return commit(List.of(batch));
    }

    /// The blobs beside the rows.
    Blobs blobs();

    /// Hints that a partition has a new version, given after each durable commit.
    Notices notices();

    @Override
    void close();
}
