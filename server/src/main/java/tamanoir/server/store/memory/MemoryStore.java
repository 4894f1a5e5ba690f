package tamanoir.server.store.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.FolderBlobs;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// A store without a disk; blobs, being files, lie in a temporary folder made for the first of them and removed by
/// [#close].
///
/// Used by any number of threads; `lock` guards what is written, readers take it only to begin and end.
public final class MemoryStore implements Store {
    private final ReentrantLock lock = new ReentrantLock();
    private final Table rows = new Table();
    private final Table versions = new Table();
    private final TreeMap<Long, Integer> snapshots = new TreeMap<>();
    private final Notices notices = new Notices();
    private long sequence;
    private boolean closed;
    private @Nullable FolderBlobs blobs;

    @Override
    public Commit commit(List<Batch> batches) {
        Batch.check(batches);
        List<Long> made = new ArrayList<>(batches.size());
        lock.lock();
        try {
            requireOpen();
            for (Batch batch : batches) {
                long version = number(versions.read(batch.partition().key(), sequence));
                if (batch.expectedVersion() != Batch.ANY_VERSION && batch.expectedVersion() != version) {
                    return new Commit.Conflict(batch.partition(), version);
                }
                made.add(version + 1);
            }
            long next = sequence + 1;
            long oldest = snapshots.isEmpty() ? next : snapshots.firstKey();
            for (int i = 0; i < batches.size(); i++) {
                Batch batch = batches.get(i);
                for (Batch.Change change : batch.changes()) {
                    rows.write(batch.partition().key(change.space(), change.key()), change.value(), next, oldest);
                }
                versions.write(batch.partition().key(), octets(made.get(i)), next, oldest);
            }
            sequence = next;
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < batches.size(); i++) {
            notices.publish(batches.get(i).partition(), made.get(i));
        }
        return new Commit.Done(made);
    }

    @Override
    public Snapshot snapshot() {
        lock.lock();
        try {
            requireOpen();
            snapshots.merge(sequence, 1, Integer::sum);
            return new View(sequence);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FolderBlobs blobs() {
        lock.lock();
        try {
            requireOpen();
            if (blobs == null) {
                blobs = new FolderBlobs(Files.createTempDirectory("tamanoir-blobs"), 0);
            }
            return blobs;
        } catch (IOException e) {
            throw new Unavailable("try again later", "no temporary folder: " + e, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Notices notices() {
        return notices;
    }

    @Override
    public void close() {
        FolderBlobs left;
        lock.lock();
        try {
            closed = true;
            left = blobs;
            blobs = null;
        } finally {
            lock.unlock();
        }
        notices.close();
        if (left != null) {
            remove(left.folder());
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It lies in the folder for temporary files; the system removes it.
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new Unavailable("try again later", "the store is closed");
        }
    }

    private void leave(long seen) {
        lock.lock();
        try {
            snapshots.computeIfPresent(seen, (at, count) -> count == 1 ? null : count - 1);
            if (snapshots.isEmpty()) {
                rows.clearGraves();
                versions.clearGraves();
            }
        } finally {
            lock.unlock();
        }
    }

    private static long number(byte @Nullable [] octets) {
        return octets == null ? 0 : ByteBuffer.wrap(octets).getLong();
    }

    private static byte[] octets(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /// What was committed up to one sequence number.
    private final class View implements Snapshot {
        private final long seen;
        private boolean left;

        View(long seen) {
            this.seen = seen;
        }

        @Override
        public long version(Partition partition) {
            requireUse();
            return number(versions.read(partition.key(), seen));
        }

        @Override
        public Optional<byte[]> get(Partition partition, Space space, byte[] key) {
            requireUse();
            return Optional.ofNullable(rows.read(partition.key(space, key), seen))
                    .map(byte[]::clone);
        }

        @Override
        public List<Optional<byte[]>> getAll(Partition partition, Space space, List<byte[]> keys) {
            return keys.stream().map(key -> get(partition, space, key)).toList();
        }

        @Override
        public void scan(Partition partition, Space space, byte[] from, byte[] to, Visitor visitor) {
            visit(partition, space, from, to, false, visitor);
        }

        @Override
        public void scanBackwards(Partition partition, Space space, byte[] from, byte[] to, Visitor visitor) {
            visit(partition, space, from, to, true, visitor);
        }

        private void visit(
                Partition partition, Space space, byte[] from, byte[] to, boolean backwards, Visitor visitor) {
            requireUse();
            rows.scan(
                    partition.key(space, from),
                    to.length == 0 ? partition.end(space) : partition.key(space, to),
                    backwards,
                    seen,
                    (key, value) -> visitor.visit(Partition.rest(key), value.clone()));
        }

        @Override
        public void partitions(char kind, PartitionVisitor visitor) {
            requireUse();
            versions.scan(
                    Partition.of(kind, 0).key(),
                    Partition.of((char) (kind + 1), 0).key(),
                    false,
                    seen,
                    (key, value) -> visitor.visit(Partition.fromKey(key)));
        }

        private void requireUse() {
            if (left) {
                throw new IllegalStateException("the snapshot is closed");
            }
        }

        @Override
        public void close() {
            if (!left) {
                left = true;
                leave(seen);
            }
        }
    }
}
