package tamanoir.server.filter;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tamanoir.mail.text.Octets;

/// Reads a message line by line and knows of each whether it is a header field (of the message, of a MIME part, of a
/// message inside) or text. For one message; memory is bounded by the longest field that is kept.
///
/// Only as much of MIME as that needs: boundaries of open multiparts and the types that open a new header
/// (RFC 2046 §5.1.1, §5.2.1).
final class MessageLines {
    enum Place {
        PRIMARY,
        MIME,
        NESTED
    }

    /// Answers whether to go on. Offsets are those of the message.
    interface Visitor {
        /// One field with its folds, without the last line end.
        boolean field(Place place, Octets field, long from, long to);

        /// One line of text without its end; `intoPart` octets of this part came before.
        boolean line(Octets line, long from, long to, long intoPart);

        /// The message breaks a rule of [MimeRules].
        boolean fault(String what);
    }

    /// A longer line of text is shown in pieces.
    private static final int LONGEST_LINE = 2048;

    private final int headerLimit;
    private final MimeRules rules;
    private final List<byte[]> boundaries = new ArrayList<>();

    private byte[] line = new byte[LONGEST_LINE];
    private int lineLength;
    private byte[] field = new byte[512];
    private int fieldLength;
    private long fieldStart;

    private Place place = Place.PRIMARY;
    private boolean inHeader = true;
    private boolean digest;
    private String type = "";
    private String encoding = "";
    private boolean eightBitDeclared;
    private long partStart;

    MessageLines(int headerLimit, MimeRules rules) {
        this.headerLimit = headerLimit;
        this.rules = rules;
    }

    void walk(InputStream message, Visitor visitor) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long lineStart = 0;
        long at = 0;
        for (int read = message.read(buffer); read > 0; read = message.read(buffer)) {
            for (int i = 0; i < read; i++) {
                byte c = buffer[i];
                at++;
                append(c);
                if (c == '\n' || (!inHeader && lineLength >= LONGEST_LINE)) {
                    if (!visit(visitor, lineStart, at)) {
                        return;
                    }
                    lineStart = at;
                    lineLength = 0;
                }
            }
        }
        if (lineLength > 0 && !visit(visitor, lineStart, at)) {
            return;
        }
        endField(visitor, at);
    }

    private void append(byte c) {
        if (lineLength == line.length) {
            if (line.length >= headerLimit) {
                return; // the rest of an endless field is not looked at
            }
            line = Arrays.copyOf(line, Math.min(headerLimit, line.length * 2));
        }
        line[lineLength++] = c;
    }

    private boolean visit(Visitor visitor, long from, long to) {
        int length = lineLength;
        if (length > 0 && line[length - 1] == '\n') {
            length--;
            if (length > 0 && line[length - 1] == '\r') {
                length--;
            }
        }
        if (inHeader) {
            if (length > 0 && fieldLength > 0 && (line[0] == ' ' || line[0] == '\t')) {
                keep(length, true);
                return true;
            }
            if (!endField(visitor, from)) {
                return false;
            }
            if (length > 0 && isField(length)) {
                fieldStart = from;
                keep(length, false);
                return true;
            }
            if (!endHeader(visitor)) {
                return false;
            }
            partStart = to;
            if (length == 0) {
                return true; // the empty line itself belongs to nobody
            }
            partStart = from;
        }
        if (length > 2 && line[0] == '-' && line[1] == '-' && isBoundary(length)) {
            return true;
        }
        if (rules.declaredBodies() && !eightBitDeclared && hasEightBit(line, length)) {
            return visitor.fault("improper use of 8-bit data in message body");
        }
        return visitor.line(Octets.of(Arrays.copyOf(line, length)), from, to, from - partStart);
    }

    private void keep(int length, boolean fold) {
        int more = length + (fold ? 1 : 0);
        int room = Math.min(more, headerLimit - fieldLength);
        if (room <= 0) {
            return;
        }
        if (fieldLength + more > field.length) {
            field = Arrays.copyOf(field, Math.max(field.length * 2, fieldLength + more));
        }
        if (fold) {
            field[fieldLength++] = '\n'; // header_checks(5): folds are kept, as a newline
            room--;
        }
        System.arraycopy(line, 0, field, fieldLength, Math.min(room, length));
        fieldLength += Math.min(room, length);
    }

    private boolean endField(Visitor visitor, long to) {
        if (fieldLength == 0) {
            return true;
        }
        Octets whole = Octets.of(Arrays.copyOf(field, fieldLength));
        fieldLength = 0;
        if (rules.plainHeaders() && hasEightBit(whole.array(), whole.length())) {
            return visitor.fault("improper use of 8-bit data in message header");
        }
        Place shown = place;
        int colon = whole.indexOf(':', 0);
        if (colon > 8 && whole.slice(0, 8).equalsIgnoreCase("content-")) {
            if (colon == 12 && whole.slice(0, 12).equalsIgnoreCase("content-type")) {
                type = whole.from(13).latin1();
            }
            if (colon == 25 && whole.slice(0, 25).equalsIgnoreCase("content-transfer-encoding")) {
                encoding = whole.from(26).latin1().strip().toLowerCase(Locale.ROOT);
            }
            if (place != Place.NESTED) {
                shown = Place.MIME;
            }
        } else if (place == Place.PRIMARY && whole.slice(0, Math.max(colon, 0)).equalsIgnoreCase("mime-version")) {
            shown = Place.MIME;
        }
        return visitor.field(shown, whole, fieldStart, to);
    }

    /// RFC 5322 §3.6.8: a name of printable characters, blanks perhaps, a colon.
    private boolean isField(int length) {
        int i = 0;
        while (i < length && line[i] > ' ' && line[i] != ':' && line[i] != 127) {
            i++;
        }
        if (i == 0) {
            return false;
        }
        while (i < length && (line[i] == ' ' || line[i] == '\t')) {
            i++;
        }
        return i < length && line[i] == ':';
    }

    private static boolean hasEightBit(byte[] octets, int length) {
        for (int i = 0; i < length; i++) {
            if (octets[i] < 0) {
                return true;
            }
        }
        return false;
    }

    private boolean endHeader(Visitor visitor) {
        inHeader = false;
        String low = type.strip().toLowerCase(Locale.ROOT);
        boolean composite = low.startsWith("multipart/") || low.startsWith("message/");
        eightBitDeclared = encoding.startsWith("8bit") || encoding.startsWith("binary");
        boolean coded = encoding.startsWith("base64") || encoding.startsWith("quoted-printable");
        encoding = "";
        type = rules.off() ? "" : type;
        if (rules.off()) {
            return true;
        }
        // RFC 2046 §5.1, §5.2: only 7bit, 8bit and binary for what holds other parts.
        if (rules.plainEncodings() && composite && coded) {
            return visitor.fault("invalid message/* or multipart/* encoding domain");
        }
        if (low.startsWith("multipart/")) {
            if (boundaries.size() >= rules.nesting()) {
                type = "";
                return !rules.limited() || visitor.fault("MIME nesting exceeds safety limit");
            }
            String boundary = boundary(type, Math.min(rules.boundary(), LONGEST_LINE - 4));
            if (!boundary.isEmpty()) {
                boundaries.add(Octets.latin1(boundary).toByteArray());
                digest = low.startsWith("multipart/digest");
            }
        } else if (low.startsWith("message/rfc822")
                || low.startsWith("message/global")
                || (digest && low.isEmpty() && place == Place.MIME)) {
            inHeader = true;
            place = Place.NESTED;
        }
        type = "";
        return true;
    }

    /// A line that opens or closes a part of an open multipart; the outer ones count too (RFC 2046 §5.1.2).
    private boolean isBoundary(int length) {
        for (int i = boundaries.size() - 1; i >= 0; i--) {
            byte[] boundary = boundaries.get(i);
            int end = 2 + boundary.length;
            if (length < end || !Arrays.equals(line, 2, end, boundary, 0, boundary.length)) {
                continue;
            }
            boolean close = length >= end + 2 && line[end] == '-' && line[end + 1] == '-';
            for (int j = close ? end + 2 : end; j < length; j++) {
                if (line[j] != ' ' && line[j] != '\t') {
                    return false;
                }
            }
            while (boundaries.size() > (close ? i : i + 1)) {
                boundaries.removeLast();
            }
            inHeader = !close;
            place = Place.MIME;
            type = "";
            return true;
        }
        return false;
    }

    private static String boundary(String type, int longest) {
        int at = type.toLowerCase(Locale.ROOT).indexOf("boundary");
        if (at < 0) {
            return "";
        }
        int equals = type.indexOf('=', at);
        if (equals < 0) {
            return "";
        }
        int from = equals + 1;
        while (from < type.length() && Character.isWhitespace(type.charAt(from))) {
            from++;
        }
        StringBuilder boundary = new StringBuilder();
        boolean quoted = from < type.length() && type.charAt(from) == '"';
        for (int i = quoted ? from + 1 : from; i < type.length() && boundary.length() < longest; i++) {
            char c = type.charAt(i);
            if (quoted ? c == '"' : c == ';' || Character.isWhitespace(c)) {
                break;
            }
            if (c == '\\' && quoted && i + 1 < type.length()) {
                c = type.charAt(++i);
            }
            boundary.append(c);
        }
        return boundary.toString();
    }
}
