package tamanoir.mail.text;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// An immutable run of octets: a window into an array that nobody changes any more.
///
/// Slicing copies nothing. Whoever makes one from an array gives the array away.
public final class Octets {
    public static final Octets EMPTY = new Octets(new byte[0], 0, 0);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Octets(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /// The whole array, which must not change afterwards.
    public static Octets of(byte[] array) {
        return array.length == 0 ? EMPTY : new Octets(array, 0, array.length);
    }

    /// A window of `length` octets from `offset`; the array must not change afterwards.
    public static Octets of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return length == 0 ? EMPTY : new Octets(array, offset, length);
    }

    /// The UTF-8 form of the text, which for ASCII text is the ASCII form.
    public static Octets of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// One octet a character, for text that stands for octets 0 to 255.
    public static Octets latin1(String text) {
        return of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /// The octet at `index` as 0 to 255.
    public int at(int index) {
        return array[offset + Objects.checkIndex(index, length)] & 0xFF;
    }

    /// The octets from `from` (inclusive) to `to` (exclusive).
    public Octets slice(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return from == to ? EMPTY : new Octets(array, offset + from, to - from);
    }

    public Octets from(int from) {
        return slice(from, length);
    }

    /// The index of the first `octet` at or after `from`, or -1.
    public int indexOf(int octet, int from) {
        int found = indexOf(array, (byte) octet, offset + Math.max(from, 0), offset + length);
        return found < 0 ? -1 : found - offset;
    }

    /// The index of the first `wanted` in `array[from..to)`, or -1. Looks at eight octets at a time: finding line
    /// ends is most of what a parser of mail does.
    public static int indexOf(byte[] array, byte wanted, int from, int to) {
        long pattern = (wanted & 0xFFL) * 0x0101010101010101L;
        int i = from;
        for (; i <= to - 8; i += 8) {
            long difference = (long) LONGS.get(array, i) ^ pattern;
            // The highest bit of each octet that is zero; exact up to the first such octet.
            long zeros = (difference - 0x0101010101010101L) & ~difference & 0x8080808080808080L;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (array[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /// The index of the first occurrence of `wanted` at or after `from`, or -1.
    public int indexOf(Octets wanted, int from) {
        int i = Math.max(from, 0);
        if (wanted.length == 0) {
            return i <= length ? i : -1;
        }
        int last = offset + length - wanted.length;
        byte first = wanted.array[wanted.offset];
        for (int at = offset + i; at <= last; at++) {
            at = indexOf(array, first, at, last + 1);
            if (at < 0) {
                return -1;
            }
            int end = at + wanted.length;
            if (Arrays.equals(array, at, end, wanted.array, wanted.offset, wanted.offset + wanted.length)) {
                return at - offset;
            }
        }
        return -1;
    }

    public boolean startsWith(Octets prefix) {
        return length >= prefix.length && slice(0, prefix.length).equals(prefix);
    }

    public boolean endsWith(Octets suffix) {
        return length >= suffix.length && slice(length - suffix.length, length).equals(suffix);
    }

    /// True when these octets are the ASCII text, letter case aside.
    public boolean equalsIgnoreCase(String ascii) {
        if (ascii.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(array[offset + i] & 0xFF) != lower(ascii.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /// One character an octet: never fails and never loses one.
    public String latin1() {
        return new String(array, offset, length, StandardCharsets.ISO_8859_1);
    }

    /// UTF-8, with U+FFFD where it is not.
    public String utf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /// The array below, for loops that must be fast. Read only: octets `arrayOffset()` to `arrayOffset() +
    /// length()`.
    public byte[] array() {
        return array;
    }

    public int arrayOffset() {
        return offset;
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, offset, target, at, length);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(array, offset, length);
    }

    /// The given runs, one after the other.
    public static Octets join(Octets... parts) {
        int total = 0;
        for (Octets part : parts) {
            total = Math.addExact(total, part.length);
        }
        byte[] whole = new byte[total];
        int at = 0;
        for (Octets part : parts) {
            part.copyTo(whole, at);
            at += part.length;
        }
        return of(whole);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets o
                && Arrays.equals(array, offset, offset + length, o.array, o.offset, o.offset + o.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /// For people: the text with every octet outside printable ASCII escaped.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int c = at(i);
            if (c >= 32 && c < 127) {
                text.append((char) c);
            } else {
                text.append(String.format("\\x%02x", c));
            }
        }
        return text.toString();
    }
}
