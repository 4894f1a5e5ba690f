package tamanoir.server.outbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import tamanoir.mail.text.Octets;
import tamanoir.server.net.Connection;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.PassingChecks.Change;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// The octets of one message on their way out: what is in them, and how they are written as DATA wants it.
///
/// What leaves has lines ended by CRLF and no other CR or LF (RFC 5321 §2.3.8), dots doubled at the start of lines
/// (§4.5.2), and no line longer than the limit (§4.5.3.1.6): long ones are folded at white space in a header, broken
/// with CRLF and a blank in the body, never inside a UTF-8 character. A message that is clean already, as nearly all
/// are, is written as it is.
final class Outgoing {
    private static final int CHUNK = 16 * 1024;

    private final Octets prefix;
    private final Body body;
    private final List<Change> changes;
    private final Blobs blobs;
    private final int lineLimit;
    private final Shape shape;

    /// What one pass over the octets tells.
    record Shape(
            boolean eightBitHeader,
            boolean eightBitBody,
            boolean strayLineEnds,
            boolean longLines,
            boolean leadingDots,
            boolean nulls,
            boolean endsWithLine,
            long size) {
        boolean isClean() {
            return !strayLineEnds && !longLines && !leadingDots;
        }
    }

    private Outgoing(Octets prefix, Body body, List<Change> changes, Blobs blobs, int lineLimit) throws IOException {
        this.prefix = prefix;
        this.body = body;
        this.changes = List.copyOf(changes);
        this.blobs = blobs;
        this.lineLimit = lineLimit <= 0 ? Integer.MAX_VALUE : Math.max(lineLimit, 40);
        this.shape = look();
    }

    /// Reads the whole message once. `lineLimit` 0 means none.
    ///
    /// @throws IOException when the body cannot be read
    static Outgoing of(Octets prefix, Body body, Blobs blobs, int lineLimit) throws IOException {
        return new Outgoing(prefix, body, List.of(), blobs, lineLimit);
    }

    /// The same message with other octets.
    Outgoing replaced(Octets whole) throws IOException {
        return new Outgoing(Octets.EMPTY, new Body.Small(whole), List.of(), blobs, lineLimit);
    }

    /// The same message with what patterns change in it; a large one is changed while it passes.
    Outgoing checked(PassingChecks checks, Trace trace, String id) throws IOException {
        if (checks.equals(PassingChecks.NONE)) {
            return this;
        }
        List<Change> found;
        try (InputStream whole = stream()) {
            found = checks.changes(whole, trace, id);
        }
        if (found.isEmpty()) {
            return this;
        }
        Outgoing changed = new Outgoing(prefix, body, found, blobs, lineLimit);
        return body instanceof Body.Small ? replaced(changed.load()) : changed;
    }

    Shape shape() {
        return shape;
    }

    /// About what SIZE is to say; folding adds a little (RFC 1870 §6.1: an estimate).
    long size() {
        return shape.size();
    }

    Octets load() {
        if (changes.isEmpty()) {
            return Octets.join(prefix, body.load(blobs));
        }
        try (InputStream whole = stream()) {
            return Octets.of(whole.readAllBytes());
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", String.valueOf(e), e);
        }
    }

    private InputStream stream() {
        InputStream after = body.stream(blobs);
        InputStream whole = prefix.isEmpty()
                ? after
                : new SequenceInputStream(
                        new ByteArrayInputStream(prefix.array(), prefix.arrayOffset(), prefix.length()), after);
        return changes.isEmpty() ? whole : new ChangedStream(whole, changes);
    }

    // ---- looking

    private Shape look() throws IOException {
        Look look = new Look(lineLimit);
        if (body instanceof Body.Small(Octets octets) && changes.isEmpty()) {
            look.feed(prefix.array(), prefix.arrayOffset(), prefix.length());
            look.feed(octets.array(), octets.arrayOffset(), octets.length());
        } else {
            byte[] chunk = new byte[4 * CHUNK];
            try (InputStream in = stream()) {
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    look.feed(chunk, 0, n);
                }
            }
        }
        return look.result();
    }

    private static final class Look {
        private final int lineLimit;
        private boolean inHeader = true;
        private int column;
        private boolean afterCr;
        private boolean eightBitHeader;
        private boolean eightBitBody;
        private boolean stray;
        private boolean longLines;
        private boolean leadingDots;
        private boolean nulls;
        private boolean lineEnded = true;
        private long size;

        Look(int lineLimit) {
            this.lineLimit = lineLimit;
        }

        void feed(byte[] octets, int offset, int length) {
            size += length;
            for (int i = offset, end = offset + length; i < end; i++) {
                byte c = octets[i];
                if (c == '\n') {
                    stray |= !afterCr;
                    int content = afterCr ? column - 1 : column;
                    if (content == 0) {
                        inHeader = false;
                    }
                    longLines |= content > lineLimit;
                    column = 0;
                    afterCr = false;
                    continue;
                }
                if (afterCr) {
                    stray = true;
                    afterCr = false;
                }
                if (c == '\r') {
                    afterCr = true;
                } else if (c < 0) {
                    if (inHeader) {
                        eightBitHeader = true;
                    } else {
                        eightBitBody = true;
                    }
                } else if (c == '.' && column == 0) {
                    leadingDots = true;
                } else if (c == 0) {
                    nulls = true;
                }
                column++;
            }
            if (length > 0) {
                lineEnded = octets[offset + length - 1] == '\n';
            }
        }

        Shape result() {
            return new Shape(
                    eightBitHeader,
                    eightBitBody,
                    stray || afterCr,
                    longLines || column > lineLimit,
                    leadingDots,
                    nulls,
                    lineEnded,
                    size);
        }
    }

    // ---- writing

    /// Writes the message and the line with the lone dot.
    void writeData(Connection connection) throws IOException {
        if (shape.isClean() && changes.isEmpty() && body instanceof Body.Small small) {
            // The common case: everything in one write.
            connection.write(Octets.join(prefix, small.octets(), shape.endsWithLine() ? DOT_LINE : LINE_AND_DOT_LINE));
            return;
        }
        Lines lines = new Lines(connection, lineLimit);
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = stream()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                lines.feed(chunk, n);
            }
        }
        lines.end();
    }

    /// Writes the octets as they are, for BDAT (RFC 3030 §2).
    void writeRaw(Connection connection) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = stream()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                connection.write(chunk, 0, n);
            }
        }
    }

    private static final Octets DOT_LINE = Octets.of(".\r\n");
    private static final Octets LINE_AND_DOT_LINE = Octets.of("\r\n.\r\n");

    /// Makes proper lines of whatever comes. A lone LF ends a line, a lone CR becomes a blank, as Postfix has it.
    private static final class Lines {
        private final Connection connection;
        private final int limit;
        private final byte[] out = new byte[CHUNK];
        private int outEnd;
        private byte[] line = new byte[256];
        private int length;
        private boolean afterCr;
        private boolean inHeader = true;
        /// The line began already and was folded or is too long to fold: no dot to double.
        private boolean continued;

        Lines(Connection connection, int limit) {
            this.connection = connection;
            this.limit = limit;
        }

        void feed(byte[] octets, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                byte c = octets[i];
                if (c == '\n') {
                    afterCr = false;
                    endLine();
                    continue;
                }
                if (afterCr) {
                    afterCr = false;
                    add((byte) ' ');
                }
                if (c == '\r') {
                    afterCr = true;
                } else {
                    add(c);
                }
            }
        }

        private void add(byte c) throws IOException {
            if (length == limit) {
                fold();
            }
            if (length == line.length) {
                if (limit == Integer.MAX_VALUE && length >= CHUNK) {
                    spill(length);
                } else {
                    line = java.util.Arrays.copyOf(line, Math.min(limit, length * 2));
                }
            }
            line[length++] = c;
        }

        /// The line is as long as it may be and goes on.
        private void fold() throws IOException {
            if (inHeader) {
                int blank = length - 1;
                while (blank > 0 && line[blank] != ' ' && line[blank] != '\t') {
                    blank--;
                }
                int first = 0;
                while (first < length && (line[first] == ' ' || line[first] == '\t')) {
                    first++;
                }
                if (blank <= first) {
                    // Nowhere to fold: a header word of that length is left alone rather than changed.
                    spill(length);
                    return;
                }
                spill(blank);
                put((byte) '\r');
                put((byte) '\n');
                return;
            }
            spill(completeCharacters());
            put((byte) '\r');
            put((byte) '\n');
            System.arraycopy(line, 0, line, 1, length);
            line[0] = ' ';
            length++;
        }

        /// How much of the line ends with a whole UTF-8 character.
        private int completeCharacters() {
            int lead = length - 1;
            while (lead > 1 && lead > length - 4 && (line[lead] & 0xC0) == 0x80) {
                lead--;
            }
            int octet = line[lead] & 0xFF;
            int wanted = octet >= 0xF0 ? 4 : octet >= 0xE0 ? 3 : octet >= 0xC0 ? 2 : 1;
            return length - lead < wanted ? lead : length;
        }

        /// Writes the first `count` octets of the line and keeps the rest.
        private void spill(int count) throws IOException {
            if (!continued && count > 0 && line[0] == '.') {
                put((byte) '.'); // RFC 5321 §4.5.2
            }
            continued = true;
            put(line, count);
            length -= count;
            System.arraycopy(line, count, line, 0, length);
        }

        private void endLine() throws IOException {
            if (length == 0 && !continued) {
                inHeader = false;
            }
            spill(length);
            put((byte) '\r');
            put((byte) '\n');
            continued = false;
        }

        void end() throws IOException {
            if (afterCr) {
                add((byte) ' ');
            }
            if (length > 0 || continued) {
                endLine();
            }
            put((byte) '.');
            put((byte) '\r');
            put((byte) '\n');
            connection.write(out, 0, outEnd);
            outEnd = 0;
        }

        private void put(byte c) throws IOException {
            if (outEnd == out.length) {
                connection.write(out, 0, outEnd);
                outEnd = 0;
            }
            out[outEnd++] = c;
        }

        private void put(byte[] octets, int count) throws IOException {
            for (int at = 0; at < count; ) {
                if (outEnd == out.length) {
                    connection.write(out, 0, outEnd);
                    outEnd = 0;
                }
                int n = Math.min(count - at, out.length - outEnd);
                System.arraycopy(octets, at, out, outEnd, n);
                outEnd += n;
                at += n;
            }
        }
    }
}
