package tamanoir.server.mailbox;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Gives out message ids: milliseconds since 2020 << 22 | node << 12 | sequence.
///
/// Unique by construction and growing, whatever the clock does: when it stands still or goes back, the sequence goes on
/// and borrows milliseconds from the future. Two nodes never give the same one.
final class IdSource {
    private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
    static final int MOST_NODES = 1 << 10;

    private final InstantSource clock;
    private final long node;

    /// Milliseconds << 12 | sequence of the last one.
    private final AtomicLong last = new AtomicLong();

    IdSource(InstantSource clock, int node) {
        if (node < 0 || node >= MOST_NODES) {
            throw new IllegalArgumentException("node " + node);
        }
        this.clock = clock;
        this.node = node;
    }

    /// A new one, greater than `after`.
    long next(long after) {
        long now = (clock.millis() - EPOCH) << 12;
        // What another node made in the same millisecond is passed by taking the next millisecond.
        long least = after == 0 ? 0 : ((after >>> 22) + 1) << 12;
        long mine = last.updateAndGet(previous -> Math.max(previous + 1, now));
        if (after != 0 && compose(mine) <= after) {
            mine = last.updateAndGet(previous -> Math.max(previous + 1, least));
        }
        return compose(mine);
    }

    private long compose(long time) {
        return (time >>> 12) << 22 | node << 12 | (time & 0xFFF);
    }
}
