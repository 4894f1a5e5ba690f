package tamanoir.mail.imap;

import java.io.IOException;
import java.util.Arrays;
import tamanoir.mail.text.Octets;

/// Writes responses, octet by octet, so that no string can break the grammar (RFC 9051 §9).
///
/// A quoted string holds neither NUL, CR, LF nor, before UTF8=ACCEPT or IMAP4rev2, octets above 127; a literal holds no
/// NUL (RFC 9051 §9, CHAR8): one becomes 0x80, which keeps lengths and offsets as they are. Only [#binary] writes
/// octets
/// as they come. Used by one thread; full buffers go to the sink.
public final class Wire {
    private static final int LARGEST = 16 * 1024;
    private static final int LONGEST_QUOTED = 1_000;

    /// Where octets go. The array may be used again after the call.
    @FunctionalInterface
    public interface Sink {
        void write(byte[] array, int offset, int length) throws IOException;
    }

    private final Sink sink;
    private final boolean utf8;
    private byte[] buffer = new byte[256];
    private int used;
    /// Where the response being written begins in the buffer, and whether octets before that went out already.
    private int responseStart;
    private boolean partlyOut;

    /// `utf8`: quoted strings may hold UTF-8 (RFC 6855 §3, RFC 9051 §4.3).
    public Wire(Sink sink, boolean utf8) {
        this.sink = sink;
        this.utf8 = utf8;
    }

    // ---- text of our own ---------------------------------------------------------------------------------------

    /// ASCII that is grammar or written by us.
    public Wire text(String ascii) throws IOException {
        int length = ascii.length();
        room(length);
        if (length > buffer.length) {
            return octets(Octets.latin1(ascii));
        }
        for (int i = 0; i < length; i++) {
            buffer[used + i] = (byte) ascii.charAt(i);
        }
        used += length;
        return this;
    }

    public Wire character(char c) throws IOException {
        room(1);
        buffer[used++] = (byte) c;
        return this;
    }

    public Wire number(long value) throws IOException {
        if (value < 0) {
            return text(Long.toString(value));
        }
        room(20);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = used + digits - 1; i >= used; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
        return this;
    }

    /// Ends a response.
    public Wire crlf() throws IOException {
        room(2);
        buffer[used++] = '\r';
        buffer[used++] = '\n';
        responseStart = used;
        partlyOut = false;
        return this;
    }

    /// Takes back the response that is not ended yet, because it cannot be finished. False when octets of it have gone
    /// out: then only hanging up keeps the client from misreading what follows.
    public boolean abandon() {
        used = responseStart;
        return !partlyOut;
    }

    // ---- strings of others -------------------------------------------------------------------------------------

    public Wire nil() throws IOException {
        return text("NIL");
    }

    /// A string: quoted when it can be, else a literal.
    public Wire string(Octets octets) throws IOException {
        if (isQuotable(octets)) {
            return quoted(octets);
        }
        literal(octets.length(), false);
        return withoutNul(octets);
    }

    public Wire string(String text) throws IOException {
        return string(Octets.of(text));
    }

    /// A mailbox name, already in the encoding of the session: an atom when it can be, else a string.
    public Wire astring(Octets octets) throws IOException {
        return isAtom(octets) ? octets(octets) : string(octets);
    }

    /// For header field names in the name of an item, which are ASCII: an atom, or a quoted string.
    static String astring(String text) {
        Octets octets = Octets.latin1(text);
        if (isAtom(octets)) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c == 0 || c == '\r' || c == '\n' || c > 126 ? '?' : c);
        }
        return quoted.append('"').toString();
    }

    private static boolean isAtom(Octets octets) {
        for (int i = 0; i < octets.length(); i++) {
            if (!Scanner.isAtomChar(octets.at(i))) {
                return false;
            }
        }
        // An atom NIL would be read as nothing
        return !octets.isEmpty() && !octets.equalsIgnoreCase("NIL");
    }

    private boolean isQuotable(Octets octets) {
        if (octets.length() > LONGEST_QUOTED) {
            return false;
        }
        boolean eight = false;
        for (int i = 0; i < octets.length(); i++) {
            int c = octets.at(i);
            if (c == 0 || c == '\r' || c == '\n') {
                return false;
            }
            eight |= c > 127;
        }
        return !eight || (utf8 && Octets.of(octets.utf8()).equals(octets));
    }

    private Wire quoted(Octets octets) throws IOException {
        room(2 * octets.length() + 2);
        buffer[used++] = '"';
        for (int i = 0; i < octets.length(); i++) {
            int c = octets.at(i);
            if (c == '"' || c == '\\') {
                buffer[used++] = '\\';
            }
            buffer[used++] = (byte) c;
        }
        buffer[used++] = '"';
        return this;
    }

    // ---- literals ----------------------------------------------------------------------------------------------

    /// The announcement of a literal; exactly `length` octets must follow by [#octets] or [#withoutNul].
    public Wire literal(long length, boolean binary) throws IOException {
        return text(binary ? "~{" : "{").number(length).text("}\r\n");
    }

    /// Octets as they are.
    public Wire octets(Octets octets) throws IOException {
        return octets(octets.array(), octets.arrayOffset(), octets.length());
    }

    public Wire octets(byte[] array, int offset, int length) throws IOException {
        if (length > LARGEST / 2) {
            spill();
            partlyOut = true;
            sink.write(array, offset, length);
            return this;
        }
        room(length);
        System.arraycopy(array, offset, buffer, used, length);
        used += length;
        return this;
    }

    /// Octets of an ordinary literal: NUL goes as 0x80.
    public Wire withoutNul(Octets octets) throws IOException {
        return withoutNul(octets.array(), octets.arrayOffset(), octets.length());
    }

    public Wire withoutNul(byte[] array, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (array[i] == 0) {
                byte[] copy = Arrays.copyOfRange(array, offset, offset + length);
                for (int k = i - offset; k < length; k++) {
                    copy[k] = copy[k] == 0 ? (byte) 0x80 : copy[k];
                }
                return octets(copy, 0, length);
            }
        }
        return octets(array, offset, length);
    }

    /// A literal8 when the octets hold NUL, else a string as any other (RFC 3516 §4.2, RFC 9051 §9: `nstring /
    /// literal8`).
    public Wire binary(Octets octets) throws IOException {
        if (octets.indexOf(0, 0) < 0) {
            return string(octets);
        }
        return literal(octets.length(), true).octets(octets);
    }

    // ---- the buffer --------------------------------------------------------------------------------------------

    private void room(int more) throws IOException {
        if (used + more <= buffer.length) {
            return;
        }
        if (used + more > LARGEST) {
            spill();
        }
        if (used + more > buffer.length) {
            int size = Math.max(used + more, Math.min(LARGEST, buffer.length * 4));
            buffer = Arrays.copyOf(buffer, size);
        }
    }

    /// Hands everything written so far to the sink.
    public void spill() throws IOException {
        if (used > 0) {
            partlyOut |= used > responseStart;
            sink.write(buffer, 0, used);
            used = 0;
            responseStart = 0;
        }
    }
}
