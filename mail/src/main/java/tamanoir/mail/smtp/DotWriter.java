package tamanoir.mail.smtp;

import java.io.IOException;
import tamanoir.mail.smtp.DotReader.Sink;

/// Writes a message the way it leaves after DATA: dots doubled, CRLF only, no line longer than the limit, CRLF `.` CRLF
/// at
/// the end (RFC 5321 §4.5.2, §2.3.8).
///
/// What was let in is never a reason to fail on the way out: a bare LF becomes CRLF, a bare CR a blank. Lines above the
/// limit are broken as Postfix does, in the body by CRLF and a blank (never inside a UTF-8 character), in the header
/// only
/// before a blank that is there already. Feed pieces of any size, then [#finish]. Used for one message by one thread.
public final class DotWriter {
    /// RFC 5321 §4.5.3.1.6: 1,000 octets with CRLF, not counting a stuffed dot.
    public static final int LONGEST_LINE = 998;

    /// From this column on a header line is folded at the next blank.
    private static final int FOLD = 900;

    private static final byte[] DOT = {'.'};
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] BREAK = {'\r', '\n', ' '};
    private static final byte[] BLANK = {' '};
    private static final byte[] LINE_DOT = {'\r', '\n', '.', '\r', '\n'};
    private static final byte[] NOTHING = {};
    private static final byte[] END = {'.', '\r', '\n'};

    private final Sink sink;
    private final int limit;
    private int column;
    private boolean header = true;
    private boolean carriageReturn;

    /// `limit` 0 leaves long lines alone.
    public DotWriter(Sink sink, int limit) {
        this.sink = sink;
        this.limit = limit;
    }

    public void write(byte[] array, int offset, int length) throws IOException {
        int end = offset + length;
        int run = offset;
        int at = offset;
        while (at < end) {
            byte c = array[at];
            if (carriageReturn) {
                carriageReturn = false;
                if (c == '\n') {
                    sink.write(CRLF, 0, 2);
                    endLine();
                    run = ++at;
                    continue;
                }
                sink.write(BLANK, 0, 1); // a lone CR (RFC 5321 §2.3.8: never sent alone)
                column++;
            }
            if (c == '\n') {
                flush(array, run, at);
                sink.write(CRLF, 0, 2);
                endLine();
                run = ++at;
            } else if (c == '\r') {
                if (at + 1 < end && array[at + 1] == '\n') {
                    at += 2; // the usual line end stays in the run
                    endLine();
                } else {
                    flush(array, run, at);
                    carriageReturn = true;
                    run = ++at;
                }
            } else {
                if (column == 0 && c == '.') {
                    flush(array, run, at);
                    sink.write(DOT, 0, 1);
                    run = at;
                } else if (limit > 0 && column >= Math.min(FOLD, limit - 8)) {
                    byte[] cut = cut(c);
                    if (cut.length > 0) {
                        flush(array, run, at);
                        sink.write(cut, 0, cut.length);
                        column = cut.length - 2;
                        run = at;
                    }
                }
                column++;
                at++;
            }
        }
        flush(array, run, at);
    }

    /// Where to break before `c`, if at all.
    private byte[] cut(byte c) {
        if (header) {
            return c == ' ' || c == '\t' ? CRLF : NOTHING; // RFC 5322 §2.2.3: folding before a blank changes nothing
        }
        return column >= limit - 4 && (c & 0xC0) != 0x80 ? BREAK : NOTHING;
    }

    /// Ends the message; a last line without an end gets one.
    public void finish() throws IOException {
        if (carriageReturn) {
            carriageReturn = false;
            column = 1;
        }
        if (column > 0) {
            sink.write(LINE_DOT, 0, LINE_DOT.length);
        } else {
            sink.write(END, 0, END.length);
        }
    }

    private void endLine() {
        header &= column > 0;
        column = 0;
    }

    private void flush(byte[] array, int from, int to) throws IOException {
        if (to > from) {
            sink.write(array, from, to - from);
        }
    }
}
