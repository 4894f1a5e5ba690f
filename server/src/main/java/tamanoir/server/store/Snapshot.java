package tamanoir.server.store;

import java.util.List;
import java.util.Optional;

/// One consistent view of the store. Used by one thread, closed by it.
public interface Snapshot extends AutoCloseable {
    /// The version of the partition in this view, 0 when nothing was ever written to it.
    long version(Partition partition);

    Optional<byte[]> get(Partition partition, Space space, byte[] key);

    /// The rows of many keys of one space, in the order of the keys; empty where there is none. What lies on the disk
    /// is read in one go, so this is how many large rows are read; all of them are in memory at once.
    List<Optional<byte[]>> getAll(Partition partition, Space space, List<byte[]> keys);

    /// Visits the rows of one space in key order (unsigned octets), `from` inclusive to `to` exclusive, until the
    /// visitor says no. An empty `from` is the first row; an empty `to` means to the end of the space.
    void scan(Partition partition, Space space, byte[] from, byte[] to, Visitor visitor);

    /// The same from the last row to the first: `to` exclusive downwards to `from` inclusive.
    void scanBackwards(Partition partition, Space space, byte[] from, byte[] to, Visitor visitor);

    /// Visits every partition of one kind that has a version, in order, until the visitor says no.
    void partitions(char kind, PartitionVisitor visitor);

    @Override
    void close();

    /// Sees one row; the key is what follows partition and space. Answers whether to go on.
    @FunctionalInterface
    interface Visitor {
        boolean visit(byte[] key, byte[] value);
    }

    @FunctionalInterface
    interface PartitionVisitor {
        boolean visit(Partition partition);
    }
}
