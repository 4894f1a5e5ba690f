package tamanoir.server.mailbox;

import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 00: what belongs to the account as a whole. Written only when it changes; the version of the account, which is
/// the highest modseq, is kept by the store itself.
///
/// @param nextMailbox the number of the next new mailbox
/// @param nextUidValidity at least the UIDVALIDITY of the next new mailbox: it only grows, so a name that is made again
///     never has an old one (RFC 9051 §2.3.1.1)
/// @param lastMessage the highest message id given out, so that ids grow even if the clock stood back at a restart
/// @param logFloor the change log reaches back to what happened after this modseq
/// @param erasing the account is being erased; nothing else may happen to it
record Head(int nextMailbox, long nextUidValidity, long lastMessage, long logFloor, boolean erasing) {
    private static final int FORMAT = 1;

    static final Head FRESH = new Head(1, 1, 0, 0, false);

    Head mailboxMade(long uidValidity) {
        return new Head(nextMailbox + 1, uidValidity + 1, lastMessage, logFloor, erasing);
    }

    Head messageMade(long message) {
        return new Head(nextMailbox, nextUidValidity, message, logFloor, erasing);
    }

    Head logFrom(long floor) {
        return new Head(nextMailbox, nextUidValidity, lastMessage, floor, erasing);
    }

    Head erased() {
        return new Head(nextMailbox, nextUidValidity, lastMessage, logFloor, true);
    }

    byte[] encode() {
        return new RowWriter(FORMAT, 40)
                .number(nextMailbox)
                .number(nextUidValidity)
                .fixed(lastMessage)
                .number(logFloor)
                .octet(erasing ? 1 : 0)
                .row();
    }

    static Head decode(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        return new Head(in.count(), in.number(), in.fixed(), in.number(), in.octet() == 1);
    }
}
