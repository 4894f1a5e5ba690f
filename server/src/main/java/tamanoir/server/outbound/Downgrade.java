package tamanoir.server.outbound;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// Makes a message fit for a server that takes 7 bits only (RFC 6152 §3): every leaf with 8-bit or binary octets is
/// encoded, text as quoted-printable, the rest as base64; the parts around them, which may not be encoded themselves
/// (RFC 2045 §6.4), say 7bit. Header fields stay as they are.
///
/// Works on the whole message in memory: such servers have become rare.
final class Downgrade {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final int QP_LINE = 76;

    private final Octets whole;
    private final ByteArrayOutputStream out;

    private Downgrade(Octets whole) {
        this.whole = whole;
        this.out = new ByteArrayOutputStream(whole.length() + whole.length() / 2 + 1024);
    }

    static Octets of(Octets whole) {
        Downgrade downgrade = new Downgrade(whole);
        downgrade.part(MessageParser.parse(whole), true);
        return Octets.of(downgrade.out.toByteArray());
    }

    private void part(Part part, boolean top) {
        Octets body = whole.slice(part.bodyStart(), part.end());
        if (!isUnfit(body)) {
            copy(part.start(), part.end());
            return;
        }
        if (part.children().isEmpty()) {
            boolean text = part.contentType().isText()
                    && !isBinary(body)
                    && !part.encoding().changesOctets();
            header(part, top, text ? "quoted-printable" : "base64");
            // What claims to be encoded already and is not ASCII is broken: its octets are kept, encoded once.
            if (text) {
                quotedPrintable(body);
            } else {
                out.writeBytes(Base64.getMimeEncoder(76, CRLF).encode(body.toByteArray()));
                out.writeBytes(CRLF);
            }
            return;
        }
        header(part, top, "7bit");
        int at = part.bodyStart();
        for (Part child : part.children()) {
            copyAscii(at, child.start());
            part(child, false);
            at = child.end();
        }
        copyAscii(at, part.end());
    }

    private void copy(int from, int to) {
        out.write(whole.array(), whole.arrayOffset() + from, to - from);
    }

    /// Preamble, delimiters, epilogue: nobody reads their 8-bit octets.
    private void copyAscii(int from, int to) {
        for (int i = from; i < to; i++) {
            int c = whole.at(i);
            out.write(c >= 128 || c == 0 ? '?' : c);
        }
    }

    /// The header with another Content-Transfer-Encoding, and the empty line.
    private void header(Part part, boolean top, String encoding) {
        boolean mime = false;
        boolean typed = false;
        for (var field : part.fields()) {
            if (field.is("Content-Transfer-Encoding")) {
                continue;
            }
            mime |= field.is("MIME-Version");
            typed |= field.is("Content-Type");
            out.write(
                    field.octets().array(),
                    field.octets().arrayOffset(),
                    field.octets().length());
            if (!field.octets().endsWith(LF)) {
                out.writeBytes(CRLF);
            }
        }
        if (top && !mime) {
            write("MIME-Version: 1.0");
            if (!typed) {
                write("Content-Type: text/plain; charset=unknown-8bit"); // RFC 1428 §3
            }
        }
        if (!encoding.equals("7bit") || part.fields().has("Content-Transfer-Encoding")) {
            write("Content-Transfer-Encoding: " + encoding);
        }
        out.writeBytes(CRLF);
    }

    private static final Octets LF = Octets.of("\n");

    private void write(String line) {
        out.writeBytes(Octets.latin1(line).toByteArray());
        out.writeBytes(CRLF);
    }

    private static boolean isUnfit(Octets octets) {
        for (int i = 0; i < octets.length(); i++) {
            int c = octets.at(i);
            if (c >= 128 || c == 0) {
                return true;
            }
        }
        return isBinary(octets);
    }

    /// NUL, lone CR or lone LF: octets that are no lines.
    private static boolean isBinary(Octets octets) {
        int last = 0;
        for (int i = 0; i < octets.length(); i++) {
            int c = octets.at(i);
            boolean ends = c == '\n';
            if (c == 0 || ends != (last == '\r')) {
                return true;
            }
            last = c;
        }
        return last == '\r';
    }

    /// RFC 2045 §6.7, line ends kept.
    private void quotedPrintable(Octets body) {
        int column = 0;
        for (int i = 0; i < body.length(); i++) {
            int c = body.at(i);
            if (c == '\r') {
                continue; // Its LF follows: the body is no binary one.
            }
            if (c == '\n') {
                out.writeBytes(CRLF);
                column = 0;
                continue;
            }
            boolean lineEnds = i + 1 == body.length() || body.at(i + 1) == '\r';
            boolean plain = (c > ' ' && c < 127 && c != '=') || ((c == ' ' || c == '\t') && !lineEnds);
            int width = plain ? 1 : 3;
            if (column + width > QP_LINE - (lineEnds ? 0 : 1)) {
                out.write('=');
                out.writeBytes(CRLF);
                column = 0;
            }
            if (plain) {
                out.write(c);
            } else {
                out.write('=');
                out.write(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
                out.write(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
            column += width;
        }
    }
}
