package tamanoir.server.search;

import java.util.Arrays;

/// Numbers above 0 to small numbers, in two arrays: message ids and thread ids by the hundred thousand, without an
/// object for each. Used by one thread while it fills.
final class LongTable {
    private long[] keys;
    private int[] values;
    private int size;
    private int mask;

    LongTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(8, expected) * 2 - 1) * 2;
        keys = new long[capacity];
        values = new int[capacity];
        mask = capacity - 1;
    }

    int size() {
        return size;
    }

    private static int spread(long key) {
        // Ids count in steps; the upper bits of a product know all of them.
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32);
    }

    private int slot(long key) {
        int at = spread(key) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    boolean contains(long key) {
        return keys[slot(key)] == key && key != 0;
    }

    int get(long key, int absent) {
        int at = slot(key);
        return keys[at] == 0 ? absent : values[at];
    }

    void put(long key, int value) {
        int at = slot(key);
        if (keys[at] == 0) {
            keys[at] = key;
            size++;
        }
        values[at] = value;
        if (size * 2 > keys.length) {
            grow();
        }
    }

    /// Answers whether it was not there.
    boolean add(long key) {
        int at = slot(key);
        if (keys[at] != 0) {
            return false;
        }
        keys[at] = key;
        size++;
        if (size * 2 > keys.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        mask = keys.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    long[] sortedKeys() {
        return Arrays.stream(keys).filter(key -> key != 0).sorted().toArray();
    }
}
