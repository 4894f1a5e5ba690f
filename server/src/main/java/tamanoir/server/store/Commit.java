package tamanoir.server.store;

import java.util.List;

/// What became of a commit.
public sealed interface Commit {
    /// All batches are durable and visible; the new version of each, in the order given.
    record Done(List<Long> versions) implements Commit {
        public Done {
            versions = List.copyOf(versions);
        }
    }

    /// Nothing was written: that partition has another version. Read again, compute again.
    record Conflict(Partition partition, long version) implements Commit {}
}
