package tamanoir.server.store.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Rows in key order, each with the values that an open snapshot can still see, newest first.
///
/// Written under the store's lock, read without.
final class Table {
    private static final class Cell {
        final long sequence;
        final byte @Nullable [] value;

        @Nullable
        Cell older;

        Cell(long sequence, byte @Nullable [] value, @Nullable Cell older) {
            this.sequence = sequence;
            this.value = value;
            this.older = older;
        }
    }

    private final ConcurrentNavigableMap<byte[], Cell> cells = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    /// Keys whose newest cell is a delete that a snapshot does not know of yet.
    private final List<byte[]> graves = new ArrayList<>();

    /// Puts, or deletes when `value` is null; `oldest` is the sequence of the oldest open snapshot.
    void write(byte[] key, byte @Nullable [] value, long sequence, long oldest) {
        Cell newest = cells.get(key);
        Cell older = newest != null && newest.sequence == sequence ? newest.older : newest;
        if (oldest >= sequence) {
            older = null;
        }
        // The first cell that the oldest snapshot sees is the last one that anybody sees.
        Cell last = older;
        while (last != null && last.sequence > oldest) {
            last = last.older;
        }
        if (last != null) {
            last.older = null;
        }
        if (value == null && older == null) {
            cells.remove(key);
            return;
        }
        if (value == null) {
            graves.add(key);
        }
        cells.put(key, new Cell(sequence, value, older));
    }

    /// Called when no snapshot is open.
    void clearGraves() {
        for (byte[] key : graves) {
            Cell cell = cells.get(key);
            if (cell != null && cell.value == null) {
                cells.remove(key);
            }
        }
        graves.clear();
    }

    byte @Nullable [] read(byte[] key, long sequence) {
        return visible(cells.get(key), sequence);
    }

    private static byte @Nullable [] visible(@Nullable Cell newest, long sequence) {
        Cell cell = newest;
        while (cell != null && cell.sequence > sequence) {
            cell = cell.older;
        }
        return cell == null ? null : cell.value;
    }

    @FunctionalInterface
    interface RowVisitor {
        boolean visit(byte[] key, byte[] value);
    }

    void scan(byte[] from, byte[] to, boolean backwards, long sequence, RowVisitor visitor) {
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return;
        }
        NavigableMap<byte[], Cell> range = cells.subMap(from, true, to, false);
        for (Map.Entry<byte[], Cell> row : (backwards ? range.descendingMap() : range).entrySet()) {
            byte[] value = visible(row.getValue(), sequence);
            if (value != null && !visitor.visit(row.getKey(), value)) {
                return;
            }
        }
    }
}
