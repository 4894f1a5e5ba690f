package tamanoir.server.mailbox;

import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 03: one message in one mailbox, as small as can be: flag storms rewrite these and nothing else.
///
/// @param thread its conversation; here too, so that lists of conversations need no other row
/// @param system bits of [Flags]
/// @param keywords bits of [Keywords]
/// @param octets of prefix and body
/// @param internalDate seconds since 1970, as [#saveDate]
record MessageRow(
        long uid,
        long message,
        long thread,
        long modseq,
        int system,
        long keywords,
        long octets,
        long internalDate,
        long saveDate) {
    private static final int FORMAT = 1;

    /// No message has this number, so no thread has.
    static final long NO_THREAD = 0;

    /// Octets of the value at most: what a batch is counted with.
    static final int LARGEST = 1 + 8 + 9 + 1 + 10 + 9 + 10 + 10 + 10;

    byte[] encode() {
        return new RowWriter(FORMAT, 48)
                .fixed(message)
                .number(modseq)
                .octet(system)
                .number(keywords)
                .number(octets)
                .signed(internalDate)
                .signed(saveDate - internalDate)
                .signed(message - thread)
                .row();
    }

    static MessageRow decode(long uid, byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        long message = in.fixed();
        long modseq = in.number();
        int system = in.octet();
        long keywords = in.number();
        long octets = in.number();
        long internalDate = in.signed();
        long saveDate = internalDate + in.signed();
        // Rows written before the thread was kept here; see [Rows.Loader].
        long thread = in.hasMore() ? message - in.signed() : NO_THREAD;
        return new MessageRow(uid, message, thread, modseq, system & 31, keywords, octets, internalDate, saveDate);
    }

    /// The same with other flags.
    MessageRow flagged(long newModseq, int newSystem, long newKeywords) {
        return new MessageRow(uid, message, thread, newModseq, newSystem, newKeywords, octets, internalDate, saveDate);
    }

    /// The same message as it comes into a mailbox.
    MessageRow copied(long newUid, long newModseq, long now) {
        return new MessageRow(newUid, message, thread, newModseq, system, keywords, octets, internalDate, now);
    }

    MessageRow ofThread(long itsThread) {
        return new MessageRow(uid, message, itsThread, modseq, system, keywords, octets, internalDate, saveDate);
    }
}
