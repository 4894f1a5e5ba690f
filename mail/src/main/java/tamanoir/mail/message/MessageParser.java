package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tamanoir.mail.message.Located.Kind;
import tamanoir.mail.text.Octets;

/// Finds the parts of a message in one pass over its octets.
///
/// The pass knows two states. In a header it goes from field to field; in a body it goes from line to line and
/// looks only at those that begin with `--`. Multiparts and messages that are still open lie on a stack: a
/// delimiter of any of them closes all that lie above it (RFC 2046 §5.1.2). A part is made when it is closed, so
/// parts never change.
///
/// What is not as it should be:
/// - a multipart without boundary, or in which no part begins, is a leaf (`text/plain`, RFC 2045 §5.2);
/// - parts that are never closed end where the part around them ends;
/// - a message in base64 or quoted-printable, which RFC 2046 §5.2.1 forbids, is a leaf: its octets are not the
///   message;
/// - more or deeper parts than [Limits] allows stay octets of the part they are in.
///
/// The lines of a part are its line feeds: the line end before a delimiter belongs to the delimiter.
public final class MessageParser {
    private final Octets whole;
    private final byte[] array;
    private final int base;
    private final int end;
    private final Limits limits;

    private final ArrayList<Open> stack = new ArrayList<>();
    /// How many on the stack wait for delimiters.
    private int waiting;

    private int parts;
    /// Lines begun since the start.
    private int lines;

    private MessageParser(Octets whole, Limits limits) {
        this.whole = whole;
        this.array = whole.array();
        this.base = whole.arrayOffset();
        this.end = base + whole.length();
        this.limits = limits;
    }

    public static Part parse(Octets whole) {
        return parse(whole, Limits.DEFAULT);
    }

    public static Part parse(Octets whole, Limits limits) {
        return new MessageParser(whole, limits).parse();
    }

    /// A part whose end has not come yet.
    private static final class Open {
        final int start;
        final boolean inDigest;
        int bodyStart;
        int linesBefore;
        Kind kind = Kind.LEAF;
        ContentType type = ContentType.TEXT_PLAIN;
        boolean isOpaque;
        boolean closed;
        byte[] boundary = NO_BOUNDARY;
        final List<Part> children = new ArrayList<>(0);

        Open(int start, boolean inDigest) {
            this.start = start;
            this.inDigest = inDigest;
        }

        boolean isWaiting() {
            return kind == Kind.MULTIPART && !closed;
        }
    }

    private static final byte[] NO_BOUNDARY = {};

    private Part parse() {
        int at = open(base, false);
        while (at < end) {
            if (waiting == 0) {
                countLines(at);
                break;
            }
            int next = HeaderFields.nextLine(array, at, end);
            if (next - at >= 3 && array[at] == '-' && array[at + 1] == '-') {
                int found = delimiter(at, next);
                if (found >= 0) {
                    at = pass(found >> 1, (found & 1) != 0, at, next);
                    continue;
                }
            }
            count(next);
            at = next;
        }
        while (stack.size() > 1) {
            close(end, lines);
        }
        return made(stack.getLast(), end, lines);
    }

    // ---- headers ---------------------------------------------------------------------------------------------

    /// Begins a part at `start` and, if it is a message, the one inside; answers where the search for delimiters
    /// goes on.
    private int open(int start, boolean inDigest) {
        int at = start;
        boolean digest = inDigest;
        while (true) {
            Open part = new Open(at, digest);
            parts++;
            readHeader(part);
            stack.add(part);
            at = part.bodyStart;
            if (part.kind != Kind.MESSAGE) {
                if (part.isWaiting()) {
                    waiting++;
                }
                return at;
            }
            digest = false;
        }
    }

    private void readHeader(Open part) {
        int at = part.start;
        int typeStart = -1;
        int typeEnd = -1;
        int encodingStart = -1;
        int encodingEnd = -1;
        int fields = 0;
        while (true) {
            if (at >= end) {
                break;
            }
            int next = HeaderFields.nextLine(array, at, end);
            if (HeaderFields.isEmptyLine(array, at, next)) {
                count(next);
                at = next;
                break;
            }
            // A part may lack body and empty line. RFC 2046 §5.1.1: the delimiter ends it all the same.
            if (waiting > 0 && array[at] == '-' && delimiter(at, next) >= 0) {
                break;
            }
            int nameEnd = HeaderFields.nameEnd(array, at, next);
            if (nameEnd < 0 && !HeaderFields.isMboxLine(array, at, next)) {
                break;
            }
            count(next);
            int field = at;
            at = next;
            while (nameEnd >= 0 && at < end && HeaderFields.isBlank(array[at])) {
                at = HeaderFields.nextLine(array, at, end);
                count(at);
            }
            if (nameEnd < 0 || fields++ >= limits.fields() || field - part.start >= limits.headerOctets()) {
                continue;
            }
            // Of two fields the first counts, here as in HeaderFields.
            if (nameEnd - field > 11 && (array[field] | 32) == 'c') {
                if (typeStart < 0 && is(field, nameEnd, "content-type")) {
                    typeStart = nameEnd;
                    typeEnd = at;
                } else if (encodingStart < 0 && is(field, nameEnd, "content-transfer-encoding")) {
                    encodingStart = nameEnd;
                    encodingEnd = at;
                }
            }
        }
        part.bodyStart = at;
        part.linesBefore = lines;
        ContentType implied = part.inDigest ? ContentType.MESSAGE : ContentType.TEXT_PLAIN;
        part.type = typeStart < 0 ? implied : ContentType.parse(value(typeStart, typeEnd), implied, limits);
        part.kind = kind(part, encodingStart < 0 ? "" : value(encodingStart, encodingEnd));
    }

    private Kind kind(Open part, String encoding) {
        boolean room = stack.size() < limits.depth() && parts < limits.parts();
        if (part.type.isMultipart()) {
            byte[] boundary = part.type.boundary();
            if (!room) {
                part.isOpaque = true;
                return Kind.LEAF;
            }
            part.boundary = boundary;
            return boundary.length > 0 ? Kind.MULTIPART : Kind.LEAF;
        }
        if (part.type.isMessage()) {
            if (!room || TransferEncoding.of(encoding).changesOctets()) {
                part.isOpaque = true;
                return Kind.LEAF;
            }
            return Kind.MESSAGE;
        }
        return Kind.LEAF;
    }

    private boolean is(int from, int to, String name) {
        return to - from == name.length() && whole.slice(from - base, to - base).equalsIgnoreCase(name);
    }

    private String value(int nameEnd, int fieldEnd) {
        int colon = Octets.indexOf(array, (byte) ':', nameEnd, fieldEnd);
        return HeaderField.unfold(whole.slice(colon + 1 - base, fieldEnd - base));
    }

    // ---- delimiters ------------------------------------------------------------------------------------------

    /// Which open multipart the line delimits: its place on the stack << 1, plus 1 for a closing delimiter; or -1.
    ///
    /// RFC 2046 §5.1.1: the line is the delimiter, perhaps followed by white space, and nothing else. Where one
    /// boundary is another with `--` behind it, the longer match wins; where two are equal, the inner one.
    private int delimiter(int at, int next) {
        if (next - at < 3 || array[at + 1] != '-') {
            return -1;
        }
        int to = next;
        while (to > at + 2 && (array[to - 1] == '\n' || array[to - 1] == '\r' || HeaderFields.isBlank(array[to - 1]))) {
            to--;
        }
        int length = to - at - 2;
        boolean mayClose = length > 2 && array[to - 1] == '-' && array[to - 2] == '-';
        int closing = -1;
        for (int i = stack.size() - 1; i >= 0; i--) {
            Open open = stack.get(i);
            if (!open.isWaiting()) {
                continue;
            }
            byte[] boundary = open.boundary;
            if (boundary.length == length && begins(at + 2, boundary)) {
                return i << 1;
            }
            if (mayClose && closing < 0 && boundary.length == length - 2 && begins(at + 2, boundary)) {
                closing = (i << 1) | 1;
            }
        }
        return closing;
    }

    private boolean begins(int at, byte[] boundary) {
        return Arrays.equals(array, at, at + boundary.length, boundary, 0, boundary.length);
    }

    /// Goes over the delimiter line at `at` of the multipart at `place` on the stack.
    private int pass(int place, boolean closing, int at, int next) {
        while (stack.size() - 1 > place) {
            close(at, lines);
        }
        Open multipart = stack.get(place);
        if (closing) {
            // What follows is the epilogue, up to a delimiter of a multipart around this one.
            multipart.closed = true;
            waiting--;
            count(next);
            return next;
        }
        if (parts >= limits.parts()) {
            // No room: nothing is a delimiter from here on. What comes belongs to the multipart, not to a part.
            for (Open open : stack) {
                open.closed = true;
            }
            waiting = 0;
            return at;
        }
        count(next);
        return open(next, multipart.type.isDigest());
    }

    // ---- ends ------------------------------------------------------------------------------------------------

    /// Closes the part on top of the stack at a delimiter line or the end of everything.
    private void close(int at, int linesHere) {
        Open open = stack.removeLast();
        if (open.isWaiting()) {
            waiting--;
        }
        stack.getLast().children.add(made(open, at, linesHere));
    }

    private Part made(Open open, int at, int linesHere) {
        int to = at;
        int count = linesHere - open.linesBefore;
        if (at < end) {
            // RFC 2046 §5.1.1: the line end before the delimiter belongs to it.
            int before = at;
            if (before > open.bodyStart && array[before - 1] == '\n') {
                before--;
                count--;
                if (before > open.bodyStart && array[before - 1] == '\r') {
                    before--;
                }
            }
            to = before;
        }
        Kind kind = open.kind;
        ContentType type = open.type;
        if (!open.children.isEmpty()) {
            // A part that is header only may reach to the very delimiter, and the one around it reaches as far.
            int last = base + open.children.getLast().end();
            if (last > to) {
                to = last;
                count = linesHere - open.linesBefore;
            }
        } else if (kind == Kind.MULTIPART) {
            kind = Kind.LEAF;
        }
        if (open.isOpaque) {
            type = type.standIn("application", "octet-stream");
        } else if (kind == Kind.LEAF && type.isMultipart()) {
            type = type.standIn("text", "plain");
        }
        return new Part(
                whole,
                kind,
                open.start - base,
                open.bodyStart - base,
                to - base,
                Math.max(0, count),
                type,
                open.type,
                List.copyOf(open.children),
                limits);
    }

    // ---- lines -----------------------------------------------------------------------------------------------

    private void count(int next) {
        if (array[next - 1] == '\n') {
            lines++;
        }
    }

    private void countLines(int from) {
        int at = from;
        while (true) {
            int lf = Octets.indexOf(array, (byte) '\n', at, end);
            if (lf < 0) {
                return;
            }
            lines++;
            at = lf + 1;
        }
    }
}
