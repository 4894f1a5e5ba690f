package tamanoir.server.mailbox;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/// A set of UIDs as ascending ranges that neither touch nor overlap: `1:*` costs as much as `7`. Immutable.
///
/// `*` is the caller's business: here are numbers only.
public final class Uids {
    public static final Uids NONE = new Uids(new long[0]);

    /// Every UID there can be (RFC 9051 §9, nz-number).
    public static final Uids ALL = ofRange(1, 0xFFFF_FFFFL);

    /// First and last of each range, one after the other.
    private final long[] bounds;

    private Uids(long[] bounds) {
        this.bounds = bounds;
    }

    public static Uids of(long... uids) {
        Builder builder = new Builder();
        LongStream.of(uids).sorted().forEach(builder::add);
        return builder.build();
    }

    /// `first` to `last`, both included, in either order (RFC 9051 §9: `4:2` is `2:4`).
    public static Uids ofRange(long first, long last) {
        return new Uids(new long[] {Math.min(first, last), Math.max(first, last)});
    }

    public Uids union(Uids other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        Builder builder = new Builder();
        int a = 0;
        int b = 0;
        while (a < bounds.length || b < other.bounds.length) {
            if (b == other.bounds.length || (a < bounds.length && bounds[a] <= other.bounds[b])) {
                builder.addRange(bounds[a], bounds[a + 1]);
                a += 2;
            } else {
                builder.addRange(other.bounds[b], other.bounds[b + 1]);
                b += 2;
            }
        }
        return builder.build();
    }

    public boolean contains(long uid) {
        int range = rangeAtOrBefore(uid);
        return range >= 0 && uid <= bounds[2 * range + 1];
    }

    /// The last range that begins at or before `uid`, or -1.
    private int rangeAtOrBefore(long uid) {
        int low = 0;
        int high = rangeCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (bounds[2 * middle] <= uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// How many UIDs.
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public long first() {
        return bounds[0];
    }

    public long last() {
        return bounds[bounds.length - 1];
    }

    public int rangeCount() {
        return bounds.length / 2;
    }

    public long rangeFirst(int range) {
        return bounds[2 * range];
    }

    public long rangeLast(int range) {
        return bounds[2 * range + 1];
    }

    /// Every UID in ascending order. Of a set that a client wrote, ask [#size()] first.
    public LongStream stream() {
        LongStream all = LongStream.empty();
        if (rangeCount() == 1) {
            return LongStream.rangeClosed(bounds[0], bounds[1]);
        }
        return rangeCount() == 0
                ? all
                : java.util.stream.IntStream.range(0, rangeCount())
                        .mapToObj(r -> LongStream.rangeClosed(rangeFirst(r), rangeLast(r)))
                        .flatMapToLong(s -> s);
    }

    public long[] toArray() {
        return stream().toArray();
    }

    public Uids filter(LongPredicate wanted) {
        Builder builder = new Builder();
        stream().filter(wanted).forEach(builder::add);
        return builder.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Uids u && Arrays.equals(bounds, u.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /// As IMAP writes a set: `2:4,7`; empty for none, which IMAP cannot write.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            if (i > 0) {
                text.append(',');
            }
            text.append(bounds[i]);
            if (bounds[i + 1] != bounds[i]) {
                text.append(':').append(bounds[i + 1]);
            }
        }
        return text.toString();
    }

    /// Gathers UIDs given in ascending order (equal and touching ones join). Used by one thread.
    public static final class Builder {
        private long[] bounds = new long[8];
        private int used;

        public Builder add(long uid) {
            return addRange(uid, uid);
        }

        /// The start must not lie before the start of the range added last.
        public Builder addRange(long first, long last) {
            if (used > 0 && first <= bounds[used - 1] + 1) {
                if (first < bounds[used - 2]) {
                    throw new IllegalArgumentException("not in ascending order");
                }
                bounds[used - 1] = Math.max(bounds[used - 1], last);
                return this;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, used * 2);
            }
            bounds[used++] = first;
            bounds[used++] = last;
            return this;
        }

        public Uids build() {
            return used == 0 ? NONE : new Uids(Arrays.copyOf(bounds, used));
        }
    }
}
