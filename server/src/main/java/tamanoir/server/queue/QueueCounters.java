package tamanoir.server.queue;

import java.util.concurrent.atomic.LongAdder;

/// What the queue has done since the start, counted by recipient; `entered` and `reports` by message. Used by any
/// number of threads.
final class QueueCounters {
    final LongAdder entered = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder deferred = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder reports = new LongAdder();
}
