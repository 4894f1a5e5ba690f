package tamanoir.mail.smtp;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds the end of a message after DATA and takes the doubled dots away (RFC 5321 §4.5.2).
///
/// The end is the five octets CRLF `.` CRLF and nothing else (RFC 5321 §4.1.1.4): whoever takes `LF . LF` for an end
/// lets
/// a sender smuggle a second message past every server that does not. The rule holds in every mode; the modes only
/// decide what becomes of a bare LF inside the text. How the octets are cut into pieces changes nothing.
///
/// A pure state machine: feed octets, get runs of text. Used for one message by one thread.
public final class DotReader {
    /// What a line feed without a carriage return is (`smtpd_forbid_bare_newline`).
    public enum BareLineFeed {
        /// Stays as it came.
        KEEP,
        /// Becomes CRLF.
        NORMALIZE
    }

    /// Takes the text; called with windows that are valid during the call only.
    @FunctionalInterface
    public interface Sink {
        void write(byte[] array, int offset, int length) throws IOException;
    }

    private enum State {
        /// After CRLF, or before the first octet: a dot here is special.
        LINE_START,
        /// Inside a line, or after a bare LF, where a dot means nothing.
        INSIDE,
        /// Inside a line, the last octet was CR.
        CARRIAGE_RETURN,
        /// A dot that began a line was held back.
        DOT,
        /// Dot and CR were held back.
        DOT_CARRIAGE_RETURN,
        END
    }

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] CRLF = {'\r', '\n'};

    private final BareLineFeed mode;
    private State state = State.LINE_START;
    private boolean bareLineFeed;

    public DotReader(BareLineFeed mode) {
        this.mode = mode;
    }

    public boolean isDone() {
        return state == State.END;
    }

    /// True when the text had an LF without CR before it.
    public boolean sawBareLineFeed() {
        return bareLineFeed;
    }

    /// Takes octets until they are used up or the end was seen; answers how many were taken. What follows the end is
    /// the next command.
    public int feed(byte[] array, int offset, int length, Sink sink) throws IOException {
        int end = offset + length;
        int at = offset;
        int run = offset; // text from here on was not handed over yet
        while (at < end && state != State.END) {
            byte c = array[at];
            switch (state) {
                case LINE_START -> {
                    if (c == '.') {
                        flush(array, run, at, sink);
                        run = ++at;
                        state = State.DOT;
                    } else {
                        state = State.INSIDE;
                    }
                }
                case DOT -> {
                    if (c == '\r') {
                        run = ++at;
                        state = State.DOT_CARRIAGE_RETURN;
                    } else {
                        state = State.INSIDE; // the dot was stuffing: it stays away
                    }
                }
                case DOT_CARRIAGE_RETURN -> {
                    if (c == '\n') {
                        run = ++at;
                        state = State.END;
                    } else {
                        sink.write(CRLF, 0, 1);
                        state = State.CARRIAGE_RETURN;
                    }
                }
                case CARRIAGE_RETURN -> {
                    if (c == '\n') {
                        at++;
                        state = State.LINE_START;
                    } else {
                        state = State.INSIDE;
                    }
                }
                case INSIDE -> {
                    int feed = indexOfLineFeed(array, at, end);
                    if (feed < 0) {
                        state = array[end - 1] == '\r' ? State.CARRIAGE_RETURN : State.INSIDE;
                        at = end;
                    } else if (feed > at && array[feed - 1] == '\r') {
                        at = feed + 1;
                        state = State.LINE_START;
                    } else {
                        bareLineFeed = true;
                        if (mode == BareLineFeed.NORMALIZE) {
                            flush(array, run, feed, sink);
                            sink.write(CRLF, 0, 2);
                            run = feed + 1;
                        }
                        at = feed + 1; // still INSIDE: a dot after a bare LF means nothing
                    }
                }
                case END -> throw new IllegalStateException();
            }
        }
        flush(array, run, at, sink);
        return at - offset;
    }

    private static void flush(byte[] array, int from, int to, Sink sink) throws IOException {
        if (to > from) {
            sink.write(array, from, to - from);
        }
    }

    /// Eight octets at a time: the long that has a zero octet where an LF was.
    static int indexOfLineFeed(byte[] array, int from, int to) {
        int at = from;
        while (at + 8 <= to) {
            long word = (long) LONG.get(array, at) ^ 0x0A0A0A0A0A0A0A0AL;
            long zeros = (word - 0x0101010101010101L) & ~word & 0x8080808080808080L;
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
            at += 8;
        }
        while (at < to) {
            if (array[at] == '\n') {
                return at;
            }
            at++;
        }
        return -1;
    }
}
