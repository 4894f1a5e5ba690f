package tamanoir.mail.pop3;

import java.io.IOException;

/// Writes a message as a multi-line response: lines end with CRLF, a leading dot is doubled, and `.` CRLF ends it
/// (RFC 1939 §3). With a limit, the header, the empty line and that many lines of the body (§7, TOP).
///
/// A state machine over octets in any portions; what it writes does not depend on where they were cut.
public final class LineWriter {
    /// Where the octets go.
    @FunctionalInterface
    public interface Sink {
        void write(byte[] octets, int offset, int length) throws IOException;
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] DOT = {'.'};

    private final Sink sink;
    private long bodyLinesLeft;
    private boolean inBody;
    private boolean atLineStart = true;
    private boolean lineIsEmpty = true;
    private boolean afterCr;

    /// `bodyLines` negative: all of them.
    public LineWriter(Sink sink, long bodyLines) {
        this.sink = sink;
        this.bodyLinesLeft = bodyLines < 0 ? Long.MAX_VALUE : bodyLines;
    }

    /// True when the limit is reached and nothing more would be written.
    public boolean isDone() {
        return inBody && bodyLinesLeft == 0;
    }

    public void feed(byte[] octets, int offset, int length) throws IOException {
        int end = offset + length;
        int start = offset;
        for (int i = offset; i < end && !isDone(); i++) {
            byte c = octets[i];
            if (c == '\n') {
                // A bare LF goes out as CRLF: this protocol has no other line end.
                int stop = afterCr && i > start ? i - 1 : i;
                sink.write(octets, start, Math.max(0, stop - start));
                endLine();
                start = i + 1;
                afterCr = false;
                continue;
            }
            if (afterCr) {
                afterCr = false;
                if (i == start) {
                    // A CR at the end of the last portion was no line end.
                    sink.write(CRLF, 0, 1);
                }
                lineIsEmpty = false;
            }
            if (c == '\r') {
                if (i + 1 == end) {
                    sink.write(octets, start, i - start);
                    start = end;
                }
                afterCr = true;
                atLineStart = false;
                continue;
            }
            if (atLineStart && c == '.') {
                sink.write(octets, start, i - start);
                sink.write(DOT, 0, 1);
                start = i;
            }
            atLineStart = false;
            lineIsEmpty = false;
        }
        if (!isDone() && start < end) {
            sink.write(octets, start, end - start - (afterCr ? 1 : 0));
        }
    }

    private void endLine() throws IOException {
        sink.write(CRLF, 0, 2);
        if (inBody) {
            bodyLinesLeft--;
        } else if (lineIsEmpty) {
            inBody = true;
        }
        atLineStart = true;
        lineIsEmpty = true;
    }

    /// Ends the response.
    public void finish() throws IOException {
        if (afterCr) {
            sink.write(CRLF, 0, 1);
            atLineStart = false;
            afterCr = false;
        }
        if (!atLineStart) {
            sink.write(CRLF, 0, 2);
        }
        sink.write(DOT, 0, 1);
        sink.write(CRLF, 0, 2);
    }
}
