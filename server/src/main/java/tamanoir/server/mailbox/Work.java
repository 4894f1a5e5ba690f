package tamanoir.server.mailbox;

import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Rows 0A: what is gone for clients already and waits to be cleared away by [Reaper]. The key is the modseq of the
/// commit that left it, the kind, and for a mailbox its number; the value says how far the reaper came.
final class Work {
    /// The messages that the log row of that modseq names as removed.
    static final int REMOVED = 1;
    /// The rows of a mailbox that is gone.
    static final int DROPPED = 2;

    private static final int FORMAT = 1;

    private Work() {}

    static byte[] removed(long modseq) {
        byte[] key = new byte[9];
        Keys.write64(key, 0, modseq);
        key[8] = REMOVED;
        return key;
    }

    static byte[] dropped(long modseq, int mailbox) {
        byte[] key = new byte[13];
        Keys.write64(key, 0, modseq);
        key[8] = DROPPED;
        Keys.write32(key, 9, mailbox);
        return key;
    }

    static byte[] progress(int done) {
        return new RowWriter(FORMAT, 5).number(done).row();
    }

    static int done(byte[] row) {
        return RowReader.of(row, FORMAT).count();
    }
}
