package tamanoir.server.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tamanoir.server.observe.Unavailable;

/// Reads what [RowWriter] wrote. A row that ends too early is damage, not a client's fault: [Unavailable].
public final class RowReader {
    private final byte[] row;
    private int at = 1;

    private RowReader(byte[] row) {
        this.row = row;
    }

    /// Rows of formats 1 to `newest` are known (docs/storage.md, upgrades: a release reads its own and the one before).
    public static RowReader of(byte[] row, int newest) {
        int format = row.length == 0 ? 0 : row[0];
        if (format < 1 || format > newest) {
            throw damaged("a row of format " + format + ", formats 1 to " + newest + " are known");
        }
        return new RowReader(row);
    }

    public int octet() {
        need(1);
        return row[at++] & 0xFF;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw damaged("a number without end");
    }

    public int count() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw damaged("a count of " + value);
        }
        return (int) value;
    }

    public long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    public long fixed() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (row[at++] & 0xFF);
        }
        return value;
    }

    public byte[] octets() {
        int length = count();
        need(length);
        at += length;
        return Arrays.copyOfRange(row, at - length, at);
    }

    public String text() {
        int length = count();
        need(length);
        at += length;
        return new String(row, at - length, length, StandardCharsets.UTF_8);
    }

    public boolean hasMore() {
        return at < row.length;
    }

    private void need(int octets) {
        if (octets < 0 || row.length - at < octets) {
            throw damaged("a row of " + row.length + " octets ends too early");
        }
    }

    public static Unavailable damaged(String what) {
        return new Unavailable("this cannot be read at the moment", "damaged row: " + what);
    }
}
