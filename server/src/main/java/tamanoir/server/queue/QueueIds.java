package tamanoir.server.queue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Makes queue ids: milliseconds since 2020, ten bits of node, twelve bits counting inside the millisecond, of which
/// the low five stay zero for parts.
///
/// Ids ascend even when the clock steps back: the next one is never below the last one, nor below the newest one found
/// in the store at start. Used by any number of threads.
final class QueueIds {
    private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
    private static final int MILLIS_SHIFT = 22;
    private static final int NODE_SHIFT = 12;

    private final InstantSource clock;
    private final long node;
    private final AtomicLong last = new AtomicLong();

    /// `node` tells the machines of a cluster apart, 0 to 1023.
    QueueIds(InstantSource clock, int node) {
        if (node < 0 || node > 1023) {
            throw new IllegalArgumentException("node " + node);
        }
        this.clock = clock;
        this.node = (long) node << NODE_SHIFT;
    }

    QueueId next() {
        long fresh = ((clock.millis() - EPOCH) << MILLIS_SHIFT) | node;
        return new QueueId(last.updateAndGet(previous -> fresh > previous ? fresh : after(previous)));
    }

    /// The next id of this node behind `previous`; when the millisecond's count is used up, that of the next one.
    private long after(long previous) {
        long millis = previous >>> MILLIS_SHIFT;
        long count = (previous & ((1L << NODE_SHIFT) - 1)) / QueueId.PARTS * QueueId.PARTS + QueueId.PARTS;
        return count < 1L << NODE_SHIFT
                ? (millis << MILLIS_SHIFT) | node | count
                : ((millis + 1) << MILLIS_SHIFT) | node;
    }

    /// An id that exists already.
    void seen(QueueId id) {
        last.accumulateAndGet(id.number(), Math::max);
    }
}
