package tamanoir.server.store.rocks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A walk over the keys of a range, first from memory in the caller's thread; from the first block that is not in
/// memory on, chunks are read by the pool. The visitor is always called in the caller's thread.
///
/// Both bounds are given to the iterator: without them it would walk over the graves of deleted rows behind the range.
/// Made, run and closed within the engine's gate.
final class Scan implements AutoCloseable {
    private static final int CHUNK_ROWS = 256;
    private static final int CHUNK_OCTETS = 512 * 1024;

    @FunctionalInterface
    interface RowVisitor {
        boolean visit(byte[] key, byte[] value);
    }

    private record Row(byte[] key, byte[] value) {}

    private final View view;
    private final ColumnFamilyHandle family;
    private final boolean empty;
    private final boolean backwards;
    private final Slice lower;
    private final Slice upper;
    private final ReadOptions cached;
    private @Nullable ReadOptions cold;
    private @Nullable RocksIterator walker;

    /// The last row given to the visitor.
    private byte @Nullable [] last;

    Scan(View view, ColumnFamilyHandle family, byte[] from, byte[] to, boolean backwards) {
        this.view = view;
        this.family = family;
        this.empty = Arrays.compareUnsigned(from, to) >= 0;
        this.backwards = backwards;
        this.lower = new Slice(from);
        this.upper = new Slice(to);
        this.cached = bounded().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    }

    private ReadOptions bounded() {
        // Total order: seeking backwards begins at a key behind the space, whose prefix is another one.
        return view.options()
                .setIterateLowerBound(lower)
                .setIterateUpperBound(upper)
                .setTotalOrderSeek(backwards);
    }

    void run(RowVisitor visitor) {
        if (empty || !inMemory(visitor)) {
            return;
        }
        ReadOptions options = bounded();
        cold = options;
        while (true) {
            List<Row> chunk = view.engine().readers.run(() -> chunk(options));
            for (Row row : chunk) {
                last = row.key;
                if (!visitor.visit(row.key, row.value)) {
                    return;
                }
            }
            if (chunk.isEmpty()) {
                return;
            }
        }
    }

    /// Visits what lies in memory; answers whether there may be more on the disk.
    private boolean inMemory(RowVisitor visitor) {
        try (RocksIterator here = view.engine().database.newIterator(family, cached)) {
            for (first(here); here.isValid(); step(here)) {
                byte[] key = here.key();
                byte[] value = here.value();
                last = key;
                if (!visitor.visit(key, value)) {
                    return false;
                }
            }
            here.status();
            return false;
        } catch (RocksDBException e) {
            if (Engine.isIncomplete(e)) {
                return true;
            }
            throw Engine.unreadable(e);
        }
    }

    /// The next rows from the disk; none at the end. Runs in a thread of the pool, while the caller waits.
    private List<Row> chunk(ReadOptions options) throws RocksDBException {
        RocksIterator there = walker;
        if (there == null) {
            there = view.engine().database.newIterator(family, options);
            walker = there;
            if (last == null) {
                first(there);
            } else if (backwards) {
                there.seekForPrev(last);
            } else {
                there.seek(last);
            }
            if (last != null && there.isValid() && Arrays.equals(there.key(), last)) {
                step(there);
            }
        }
        List<Row> rows = new ArrayList<>();
        int octets = 0;
        while (there.isValid() && rows.size() < CHUNK_ROWS && octets < CHUNK_OCTETS) {
            Row row = new Row(there.key(), there.value());
            rows.add(row);
            octets += row.key.length + row.value.length;
            step(there);
        }
        if (!there.isValid()) {
            there.status();
        }
        return rows;
    }

    private void first(RocksIterator iterator) {
        if (backwards) {
            iterator.seekToLast();
        } else {
            iterator.seekToFirst();
        }
    }

    private void step(RocksIterator iterator) {
        if (backwards) {
            iterator.prev();
        } else {
            iterator.next();
        }
    }

    @Override
    public void close() {
        if (walker != null) {
            walker.close();
        }
        if (cold != null) {
            cold.close();
        }
        cached.close();
        lower.close();
        upper.close();
    }
}
