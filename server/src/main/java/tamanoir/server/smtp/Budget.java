package tamanoir.server.smtp;

import java.util.concurrent.Semaphore;

/// Memory for messages that are arriving, over all sessions; what finds no room goes to disk early.
///
/// Used by many connections; the semaphore counts KiB.
public final class Budget {
    private final Semaphore free;

    public Budget(long octets) {
        this.free = new Semaphore(Math.clamp(octets / 1024, 1, Integer.MAX_VALUE));
    }

    /// Takes room for `to` octets where `from` are taken already; false when there is none.
    boolean grow(int from, int to) {
        return free.tryAcquire(kib(to) - kib(from));
    }

    void giveBack(int octets) {
        free.release(kib(octets));
    }

    private static int kib(int octets) {
        return (octets + 1023) / 1024;
    }
}
