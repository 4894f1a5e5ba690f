package tamanoir.server.smtp;

import java.io.IOException;
import java.util.Arrays;
import tamanoir.mail.smtp.DotReader;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// One message while it arrives: in memory while it is small and the [Budget] has room, in a spool after that.
///
/// Never fails while octets come, because the rest must be read anyway: [#outcome] tells. Used by one thread, closed by
/// it; closing before [#body] leaves nothing behind.
final class Arrival implements DotReader.Sink, AutoCloseable {
    /// What can be said when all octets are here.
    enum Outcome {
        COMPLETE,
        TOO_LARGE,
        NO_ROOM
    }

    private static final int FIRST = 4 * 1024;

    private final Blobs blobs;
    private final Budget budget;
    private final long limit;
    private byte[] memory;
    private int used;
    private int reserved;
    private Blobs.@org.jspecify.annotations.Nullable Spool spool;
    private long size;
    private Outcome outcome = Outcome.COMPLETE;
    private String trouble = "";

    /// `expected` is what the client announced, 0 if nothing; `limit` 0 is none.
    Arrival(Blobs blobs, Budget budget, long limit, long expected) {
        this.blobs = blobs;
        this.budget = budget;
        this.limit = limit;
        int first = expected <= 0 ? FIRST : (int) Math.min(expected + 64, Body.SMALL);
        if (budget.grow(0, first)) {
            this.reserved = first;
            this.memory = new byte[first];
        } else {
            this.memory = new byte[0];
        }
    }

    @Override
    public void write(byte[] array, int offset, int length) {
        size += length;
        if (limit > 0 && size > limit) {
            outcome = Outcome.TOO_LARGE;
            drop();
        }
        if (outcome != Outcome.COMPLETE) {
            return;
        }
        if (spool == null && fits(length)) {
            System.arraycopy(array, offset, memory, used, length);
            used += length;
            return;
        }
        try {
            Blobs.Spool to = spool;
            if (to == null) {
                to = blobs.spool();
                spool = to;
                to.write(memory, 0, used);
                giveBack();
            }
            to.write(array, offset, length);
        } catch (IOException | Unavailable e) {
            outcome = Outcome.NO_ROOM;
            trouble = String.valueOf(e.getMessage());
            drop();
        }
    }

    private boolean fits(int length) {
        int wanted = used + length;
        if (wanted <= memory.length) {
            return true;
        }
        if (wanted > Body.SMALL) {
            return false;
        }
        int larger = Math.min(Body.SMALL, Math.max(wanted, memory.length * 2));
        if (!budget.grow(reserved, larger)) {
            return false;
        }
        reserved = larger;
        memory = Arrays.copyOf(memory, larger);
        return true;
    }

    long size() {
        return size;
    }

    Outcome outcome() {
        return outcome;
    }

    /// Why there was no room, for the log.
    String trouble() {
        return trouble;
    }

    /// All octets, durable already where they are many.
    ///
    /// @throws Unavailable when the disk is full
    Body body() {
        Blobs.Spool from = spool;
        if (from == null) {
            return new Body.Small(Octets.of(memory, 0, used));
        }
        return new Body.Large(from.keep(), size);
    }

    private void giveBack() {
        budget.giveBack(reserved);
        reserved = 0;
    }

    private void drop() {
        memory = new byte[0];
        used = 0;
        giveBack();
        Blobs.Spool open = spool;
        if (open != null) {
            open.close();
            spool = null;
        }
    }

    @Override
    public void close() {
        giveBack();
        Blobs.Spool open = spool;
        if (open != null) {
            open.close();
        }
    }
}
