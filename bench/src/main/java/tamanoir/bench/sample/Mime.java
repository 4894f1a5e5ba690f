package tamanoir.bench.sample;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes letters and their enclosures down: parts, transfer encodings, encoded words (RFC 2045, 2046, 2047, 2231).
@SuppressWarnings("OperatorPrecedence") // Bits are put together as RFC 2045 draws them.
final class Mime {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});

    private Mime() {}

    /// A text part in its character set; ASCII as it is, what is mostly ASCII quoted, the rest in base64.
    static String text(String subtype, String text, Charset charset) {
        String canonical = text.replace("\r\n", "\n").replace("\n", "\r\n");
        byte[] octets = canonical.getBytes(charset);
        int strange = 0;
        int line = 0;
        int longest = 0;
        for (byte octet : octets) {
            strange += octet < 0 || octet == 0x1b ? 1 : 0;
            line = octet == '\n' ? 0 : line + 1;
            longest = Math.max(longest, line);
        }
        String head =
                "Content-Type: text/" + subtype + "; charset=" + charset.name().toLowerCase(java.util.Locale.ROOT);
        if (strange == 0 && longest < 990) {
            return head + "\r\n\r\n" + canonical;
        }
        return strange * 4 < octets.length
                ? head + "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted(octets)
                : head + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + LINES.encodeToString(octets) + "\r\n";
    }

    /// RFC 2045 §6.7.
    private static String quoted(byte[] octets) {
        StringBuilder out = new StringBuilder(octets.length * 5 / 4);
        int column = 0;
        for (int i = 0; i < octets.length; i++) {
            int octet = octets[i] & 0xff;
            if (octet == '\r' && i + 1 < octets.length && octets[i + 1] == '\n') {
                out.append("\r\n");
                column = 0;
                i++;
                continue;
            }
            boolean ends = i + 1 == octets.length || octets[i + 1] == '\r';
            boolean plain = octet > 32 && octet < 127 && octet != '=' || octet == ' ' && !ends;
            int width = plain ? 1 : 3;
            if (column + width > 75) {
                out.append("=\r\n");
                column = 0;
            }
            if (plain) {
                out.append((char) octet);
            } else {
                out.append('=').append(hex(octet));
            }
            column += width;
        }
        return out.toString();
    }

    private static String hex(int octet) {
        return "" + Character.toUpperCase(Character.forDigit(octet >> 4, 16))
                + Character.toUpperCase(Character.forDigit(octet & 15, 16));
    }

    static String file(String type, String name, byte[] octets, String disposition, String more) {
        return "Content-Type: " + type + "\r\nContent-Disposition: " + disposition + ";" + parameter("filename", name)
                + "\r\n" + more + "Content-Transfer-Encoding: base64\r\n\r\n" + LINES.encodeToString(octets) + "\r\n";
    }

    /// RFC 2231 §4 where the value needs it.
    private static String parameter(String name, String value) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
            return "\r\n " + name + "=\"" + value + "\"";
        }
        StringBuilder out = new StringBuilder("\r\n " + name + "*=utf-8''");
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet >= 'a' && octet <= 'z'
                    || octet >= 'A' && octet <= 'Z'
                    || octet >= '0' && octet <= '9'
                    || octet == '.'
                    || octet == '-';
            out.append(plain ? String.valueOf((char) octet) : "%" + hex(octet & 0xff));
        }
        return out.toString();
    }

    static String multipart(String subtype, String boundary, String... parts) {
        StringBuilder out =
                new StringBuilder("Content-Type: multipart/" + subtype + "; boundary=\"" + boundary + "\"\r\n");
        for (String part : parts) {
            out.append("\r\n--").append(boundary).append("\r\n").append(part);
        }
        return out.append("\r\n--").append(boundary).append("--\r\n").toString();
    }

    /// An unstructured header's text: encoded words of at most 75 characters, cut between characters (RFC 2047 §2, §5).
    static String words(String text, Charset charset) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        StringBuilder piece = new StringBuilder();
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            piece.appendCodePoint(points[i]);
            if (i + 1 == points.length || piece.toString().getBytes(charset).length > 36) {
                out.append(out.isEmpty() ? "" : "\r\n ")
                        .append("=?")
                        .append(charset.name())
                        .append("?B?")
                        .append(Base64.getEncoder()
                                .encodeToString(piece.toString().getBytes(charset)))
                        .append("?=");
                piece.setLength(0);
            }
        }
        return out.toString();
    }

    static String mailbox(String name, String address, Charset charset) {
        boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(name);
        return (ascii ? "\"" + name + "\"" : words(name, charset)) + " <" + address + ">";
    }

    /// A picture of stripes that every program opens.
    static byte[] png(int width, int height, int hue) {
        byte[] raw = new byte[(width * 3 + 1) * height];
        for (int y = 0, at = 0; y < height; y++) {
            raw[at++] = 0;
            for (int x = 0; x < width; x++) {
                raw[at++] = (byte) (hue + x * 96 / width);
                raw[at++] = (byte) (hue * 3 + y * 128 / height);
                raw[at++] = (byte) (255 - hue + ((x / 12 + y / 12) % 2) * 24);
            }
        }
        Deflater deflater = new Deflater();
        deflater.setInput(raw);
        deflater.finish();
        byte[] packed = new byte[raw.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(
                out,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array());
        chunk(out, "IDAT", java.util.Arrays.copyOf(packed, length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
        CRC32 sum = new CRC32();
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        sum.update(type);
        sum.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(type);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    /// One page with a line of text, and padding to be as large as real ones.
    static byte[] pdf(String line, int octets) {
        String content = "BT /F1 24 Tf 72 720 Td (" + line.replaceAll("[^A-Za-z0-9 .,-]", "") + ") Tj ET";
        String[] objects = {
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length " + content.length() + " >>\nstream\n" + content + "\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
        };
        StringBuilder out = new StringBuilder("%PDF-1.4\n");
        StringBuilder table = new StringBuilder("xref\n0 6\n0000000000 65535 f \n");
        for (int i = 0; i < objects.length; i++) {
            table.append(String.format(java.util.Locale.ROOT, "%010d 00000 n \n", out.length()));
            out.append(i + 1).append(" 0 obj\n").append(objects[i]).append("\nendobj\n");
        }
        while (out.length() < octets) {
            out.append("% ").append("padding ".repeat(9)).append('\n');
        }
        int start = out.length();
        out.append(table)
                .append("trailer << /Root 1 0 R /Size 6 >>\nstartxref\n")
                .append(start)
                .append("\n%%EOF\n");
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
