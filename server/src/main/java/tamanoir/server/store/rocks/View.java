package tamanoir.server.store.rocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDBException;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;

/// A native snapshot, held for one request. See [Engine] for who releases it when.
final class View implements Snapshot {
    private final Engine engine;
    private final org.rocksdb.Snapshot snapshot;

    /// Answers from memory or says "incomplete".
    private final ReadOptions cached;

    /// Goes to the disk; made when first needed.
    private @Nullable ReadOptions cold;

    private final long bornAt = System.nanoTime();
    private boolean closed;

    /// Called inside the engine's gate.
    View(Engine engine) {
        this.engine = engine;
        this.snapshot = engine.database.getSnapshot();
        this.cached = options().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    }

    /// New options on this snapshot, to be closed by the caller.
    ReadOptions options() {
        return new ReadOptions().setSnapshot(snapshot);
    }

    Engine engine() {
        return engine;
    }

    long ageNanos() {
        return System.nanoTime() - bornAt;
    }

    @Override
    public long version(Partition partition) {
        return Engine.version(read(engine.versions, partition.key()));
    }

    @Override
    public Optional<byte[]> get(Partition partition, Space space, byte[] key) {
        return Optional.ofNullable(read(engine.family(space), partition.key(space, key)));
    }

    /// As long as rows lie in memory they are taken here; from the first that does not, the pool reads the
    /// rest in one turn. Not the engine's own multi-get: its binding answers a row that cannot be read as one
    /// that is not there.
    @Override
    public List<Optional<byte[]>> getAll(Partition partition, Space space, List<byte[]> keys) {
        ColumnFamilyHandle family = engine.family(space);
        List<Optional<byte[]>> rows = new ArrayList<>(keys.size());
        enter();
        try {
            try {
                for (byte[] key : keys) {
                    rows.add(Optional.ofNullable(engine.database.get(family, cached, partition.key(space, key))));
                }
                return rows;
            } catch (RocksDBException e) {
                if (!Engine.isIncomplete(e)) {
                    throw Engine.unreadable(e);
                }
            }
            ReadOptions disk = disk();
            return engine.readers.run(() -> {
                for (byte[] key : keys.subList(rows.size(), keys.size())) {
                    rows.add(Optional.ofNullable(engine.database.get(family, disk, partition.key(space, key))));
                }
                return rows;
            });
        } finally {
            engine.exit();
        }
    }

    private ReadOptions disk() {
        ReadOptions options = cold;
        if (options == null) {
            options = options();
            cold = options;
        }
        return options;
    }

    private byte @Nullable [] read(ColumnFamilyHandle family, byte[] key) {
        enter();
        try {
            try {
                return engine.database.get(family, cached, key);
            } catch (RocksDBException e) {
                if (!Engine.isIncomplete(e)) {
                    throw Engine.unreadable(e);
                }
            }
            ReadOptions disk = disk();
            return engine.readers.<byte @Nullable []>run(() -> engine.database.get(family, disk, key));
        } finally {
            engine.exit();
        }
    }

    @Override
    public void scan(Partition partition, Space space, byte[] from, byte[] to, Visitor visitor) {
        visit(partition, space, from, to, false, visitor);
    }

    @Override
    public void scanBackwards(Partition partition, Space space, byte[] from, byte[] to, Visitor visitor) {
        visit(partition, space, from, to, true, visitor);
    }

    private void visit(Partition partition, Space space, byte[] from, byte[] to, boolean backwards, Visitor visitor) {
        byte[] end = to.length == 0 ? partition.end(space) : partition.key(space, to);
        enter();
        try (Scan scan = new Scan(this, engine.family(space), partition.key(space, from), end, backwards)) {
            scan.run((key, value) -> visitor.visit(Partition.rest(key), value));
        } finally {
            engine.exit();
        }
    }

    @Override
    public void partitions(char kind, PartitionVisitor visitor) {
        byte[] from = Partition.of(kind, 0).key();
        byte[] to = Partition.of((char) (kind + 1), 0).key();
        enter();
        try (Scan scan = new Scan(this, engine.versions, from, to, false)) {
            scan.run((key, value) -> visitor.visit(Partition.fromKey(key)));
        } finally {
            engine.exit();
        }
    }

    private void enter() {
        if (closed) {
            throw new IllegalStateException("the snapshot is closed");
        }
        engine.enter();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!engine.tryEnter()) {
            // Whoever shut the gate releases what is open.
            return;
        }
        try {
            engine.forget(this);
            release();
        } finally {
            engine.exit();
        }
    }

    /// Frees native memory: called once, by `close` or by the engine's.
    void release() {
        cached.close();
        if (cold != null) {
            cold.close();
        }
        engine.database.releaseSnapshot(snapshot);
        snapshot.close();
    }
}
