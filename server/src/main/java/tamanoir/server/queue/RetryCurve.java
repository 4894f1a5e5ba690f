package tamanoir.server.queue;

import java.time.Duration;
import java.time.Instant;

/// When a deferred message is tried next: after as long as it is old already, between a shortest and a longest wait
/// (`minimal_backoff_time`, `maximal_backoff_time`), so that the waits roughly double.
///
/// The queue is never looked at more often than every `queue_run_delay`, so a shorter wait than that is no promise.
record RetryCurve(Duration shortest, Duration longest, Duration runDelay) {
    Instant next(Instant arrived, Instant now) {
        Duration age = Duration.between(arrived, now);
        Duration least = shortest.compareTo(runDelay) < 0 ? runDelay : shortest;
        Duration wait = age.compareTo(least) < 0 ? least : age;
        Duration most = longest.compareTo(least) < 0 ? least : longest;
        return now.plus(wait.compareTo(most) > 0 ? most : wait);
    }
}
