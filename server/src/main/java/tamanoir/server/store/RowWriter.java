package tamanoir.server.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the value of one row: a format octet, then numbers of variable length and runs of octets. Used by one thread.
///
/// A number takes 1 octet below 128, 2 below 16,384 and so on (seven bits an octet, the lowest first, the high bit says
/// that more follow); a negative one takes ten.
public final class RowWriter {
    private byte[] row;
    private int used;

    public RowWriter(int format, int expected) {
        row = new byte[expected + 1];
        row[used++] = (byte) format;
    }

    public RowWriter octet(int value) {
        room(1);
        row[used++] = (byte) value;
        return this;
    }

    public RowWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            row[used++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        row[used++] = (byte) rest;
        return this;
    }

    /// A number that may be negative but is near zero: twice its amount, less one when negative.
    public RowWriter signed(long value) {
        return number((value << 1) ^ (value >> 63));
    }

    /// Eight octets, big-endian: for what has no small values, as message ids.
    public RowWriter fixed(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            row[used++] = (byte) (value >>> shift);
        }
        return this;
    }

    public RowWriter octets(byte[] octets) {
        return octets(octets, 0, octets.length);
    }

    /// The length, then the octets.
    public RowWriter octets(byte[] octets, int offset, int length) {
        number(length);
        return rest(octets, offset, length);
    }

    /// The octets alone, at the end of a row.
    public RowWriter rest(byte[] octets, int offset, int length) {
        room(length);
        System.arraycopy(octets, offset, row, used, length);
        used += length;
        return this;
    }

    public RowWriter text(String text) {
        return octets(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] row() {
        return used == row.length ? row : Arrays.copyOf(row, used);
    }

    private void room(int octets) {
        if (used + octets > row.length) {
            row = Arrays.copyOf(row, Math.max(row.length * 2, used + octets));
        }
    }
}
