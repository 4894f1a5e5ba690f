package tamanoir.server.store.rocks;

import java.util.function.LongSupplier;
import tamanoir.server.observe.Trace;

/// Whether the disk has room for more. Used by the writer thread alone.
///
/// The reserve is there because the engine needs space to tidy up (and would fail in the middle of a file without it),
/// and because what removes or ends something must still be written when nothing new is taken any more.
final class Room {
    private static final long GOOD_FOR_NANOS = 50_000_000;

    private final LongSupplier free;
    private final long reserve;
    private final Trace trace;
    private long checkedAt;
    private long last = Long.MAX_VALUE;
    private boolean low;

    Room(LongSupplier free, long reserve, Trace trace) {
        this.free = free;
        this.reserve = reserve;
        this.trace = trace;
        this.checkedAt = System.nanoTime() - GOOD_FOR_NANOS;
    }

    /// Whether a commit may be written: one with a body needs the whole reserve free, any other half of it.
    boolean allows(boolean body) {
        long now = System.nanoTime();
        if (now - checkedAt >= GOOD_FOR_NANOS) {
            last = free.getAsLong();
            checkedAt = now;
            if (low != last < reserve) {
                low = last < reserve;
                if (low) {
                    trace.warn("disk-low", "free", last, "reserve", reserve, "effect", "no new mail is taken");
                } else {
                    trace.info("disk-room", "free", last, "reserve", reserve);
                }
            }
        }
        return last >= (body ? reserve : reserve / 2);
    }

    /// Whether everything may be written, asked anew.
    boolean isBack() {
        checkedAt = System.nanoTime() - GOOD_FOR_NANOS;
        return allows(true);
    }

    @Override
    public String toString() {
        return "free=" + last + " reserve=" + reserve;
    }
}
