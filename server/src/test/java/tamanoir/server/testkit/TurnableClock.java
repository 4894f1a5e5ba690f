package tamanoir.server.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands until the test turns it. Fits wherever a [Clock] or an `InstantSource` is wanted; used by many
/// threads.
public final class TurnableClock extends Clock {
    /// A day without anything special about it.
    public static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    public TurnableClock() {
        this(START);
    }

    public TurnableClock(Instant start) {
        this(new AtomicReference<>(start), ZoneOffset.UTC);
    }

    private TurnableClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /// Turns the clock on and answers what it shows then.
    public Instant advance(Duration by) {
        return now.updateAndGet(instant -> instant.plus(by));
    }

    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new TurnableClock(now, other);
    }
}
