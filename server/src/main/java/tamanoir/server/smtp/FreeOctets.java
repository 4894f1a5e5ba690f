package tamanoir.server.smtp;

import java.util.function.LongSupplier;

/// How much room the disk has, asked at most once a second: a disk does not fill between two MAIL commands, and asking
/// costs as much as a table lookup. Used by many sessions; two that ask at the same moment get the same answer.
final class FreeOctets implements LongSupplier {
    private static final long FRESH_NANOS = 1_000_000_000L;

    private record Seen(long octets, long at) {}

    private final LongSupplier disk;
    private volatile Seen seen;

    FreeOctets(LongSupplier disk) {
        this.disk = disk;
        this.seen = new Seen(disk.getAsLong(), System.nanoTime());
    }

    @Override
    public long getAsLong() {
        Seen last = seen;
        long now = System.nanoTime();
        if (now - last.at >= FRESH_NANOS) {
            last = new Seen(disk.getAsLong(), now);
            seen = last;
        }
        return last.octets;
    }
}
