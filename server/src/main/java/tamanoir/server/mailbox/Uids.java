package tamanoir.server.mailbox;

import java.util.Arrays;
import java.util.stream.LongStream;

/// A set of UIDs, ascending, immutable.
public final class Uids {
    public static final Uids NONE = new Uids(new long[0]);

    private final long[] sorted;

    private Uids(long[] sorted) {
        this.sorted = sorted;
    }

    public static Uids of(long... uids) {
        return new Uids(LongStream.of(uids).sorted().distinct().toArray());
    }

    public boolean contains(long uid) {
        return Arrays.binarySearch(sorted, uid) >= 0;
    }

    public int size() {
        return sorted.length;
    }

    public boolean isEmpty() {
        return sorted.length == 0;
    }

    public long at(int index) {
        return sorted[index];
    }

    public LongStream stream() {
        return LongStream.of(sorted);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Uids u && Arrays.equals(sorted, u.sorted);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sorted);
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
