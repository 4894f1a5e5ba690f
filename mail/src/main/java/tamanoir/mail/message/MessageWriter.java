package tamanoir.mail.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tamanoir.mail.text.Octets;

/// Writes messages: the reports, answers and drafts that we make ourselves.
///
/// Lines end in CRLF and are never too long; what is not ASCII is encoded unless the way is known to take it. The
/// same entity always comes out as the same octets.
///
/// @param utf8 headers may hold UTF-8 (RFC 6532)
/// @param eightBit bodies may hold octets above 127 (RFC 6152)
public record MessageWriter(boolean utf8, boolean eightBit) {
    /// For the whole world: nothing but ASCII.
    public static final MessageWriter ASCII = new MessageWriter(false, false);

    /// RFC 2045 §6.8.
    private static final int BASE64_LINE = 76;

    /// RFC 5322 §2.1.1.
    private static final int LONGEST_LINE = 998;

    /// The whole message.
    public Octets write(Entity entity) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        fields(entity.fields(), out);
        put(Field.structured("MIME-Version", "1.0"), out);
        content(entity, out);
        return Octets.of(out.toByteArray());
    }

    private void part(Entity entity, ByteArrayOutputStream out) {
        content(entity, entity.fields(), out);
    }

    private void content(Entity entity, ByteArrayOutputStream out) {
        content(entity, List.of(), out);
    }

    private void content(Entity entity, List<Field> fields, ByteArrayOutputStream out) {
        switch (entity) {
            case Entity.Text text -> text(text, fields, out);
            case Entity.Data data -> data(data, fields, out);
            case Entity.Message message -> message(message, fields, out);
            case Entity.Multipart multipart -> multipart(multipart, fields, out);
        }
    }

    private void fields(List<Field> fields, ByteArrayOutputStream out) {
        fields.forEach(field -> put(field, out));
    }

    private void put(Field field, ByteArrayOutputStream out) {
        out.writeBytes(field.write(utf8).getBytes(StandardCharsets.UTF_8));
    }

    private void header(ContentType type, String encoding, List<Field> fields, ByteArrayOutputStream out) {
        put(Field.parameters("Content-Type", type.mediaType(), type.parameters().list()), out);
        put(Field.structured("Content-Transfer-Encoding", encoding), out);
        fields(fields, out);
        out.writeBytes(CRLF);
    }

    private static final byte[] CRLF = {'\r', '\n'};

    // ---- bodies ----------------------------------------------------------------------------------------------

    private void text(Entity.Text text, List<Field> fields, ByteArrayOutputStream out) {
        byte[] body = crlf(text.text()).getBytes(StandardCharsets.UTF_8);
        String encoding = encodingOf(body);
        boolean isAscii = encoding.equals("7bit") || body.length == text.text().length();
        Parameters charset = Parameters.of(new Parameter("charset", isAscii && isAscii(body) ? "us-ascii" : "utf-8"));
        header(new ContentType("text", text.subtype(), charset), encoding, fields, out);
        switch (encoding) {
            case "quoted-printable" -> quotedPrintable(body, out);
            case "base64" -> base64(body, out);
            default -> out.writeBytes(body);
        }
    }

    private void data(Entity.Data data, List<Field> fields, ByteArrayOutputStream out) {
        byte[] body = data.octets().toByteArray();
        boolean isShort =
                data.type().type().equals("message") && encodingOf(body).equals("7bit");
        header(data.type(), isShort ? "7bit" : "base64", fields, out);
        if (isShort) {
            out.writeBytes(body);
        } else {
            base64(body, out);
        }
    }

    /// RFC 2046 §5.2.1: a message inside is never encoded, so it can only say what it is. RFC 6532 §3.7 lets
    /// `message/global` be encoded.
    private void message(Entity.Message message, List<Field> fields, ByteArrayOutputStream out) {
        boolean isHeaders =
                message.subtype().equals("rfc822-headers") || message.subtype().equals("global-headers");
        ContentType type = new ContentType(
                message.subtype().equals("rfc822-headers") ? "text" : "message", message.subtype(), Parameters.NONE);
        byte[] body = message.octets().toByteArray();
        boolean mayEncode = isHeaders || message.subtype().startsWith("global");
        String encoding = encodingOf(body);
        if (mayEncode && !encoding.equals("7bit") && !encoding.equals("8bit")) {
            header(type, "base64", fields, out);
            base64(body, out);
        } else {
            header(type, isAscii(body) ? "7bit" : "8bit", fields, out);
            out.writeBytes(body);
        }
    }

    private void multipart(Entity.Multipart multipart, List<Field> fields, ByteArrayOutputStream out) {
        List<byte[]> parts = new ArrayList<>();
        for (Entity part : multipart.parts()) {
            ByteArrayOutputStream written = new ByteArrayOutputStream(1024);
            part(part, written);
            parts.add(written.toByteArray());
        }
        String boundary = boundary(parts);
        List<Parameter> parameters = new ArrayList<>(multipart.parameters());
        parameters.add(new Parameter("boundary", boundary));
        // RFC 2045 §6.4: a multipart is never encoded; 8bit says what its parts hold.
        boolean isAscii = parts.stream().allMatch(MessageWriter::isAscii);
        header(
                new ContentType("multipart", multipart.subtype(), new Parameters(parameters)),
                isAscii ? "7bit" : "8bit",
                fields,
                out);
        for (byte[] part : parts) {
            out.writeBytes(("--" + boundary + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(part);
            out.writeBytes(CRLF);
        }
        out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// One that occurs in no part. `=_` cannot occur in base64 nor in quoted-printable (RFC 2045 §6.7).
    private static String boundary(List<byte[]> parts) {
        int hash = 1;
        for (byte[] part : parts) {
            hash = 31 * hash + Octets.of(part).hashCode();
        }
        for (int n = 0; ; n++) {
            String boundary = "=_%08x_%d".formatted(hash, n);
            Octets wanted = Octets.of("--" + boundary);
            if (parts.stream().allMatch(part -> Octets.of(part).indexOf(wanted, 0) < 0)) {
                return boundary;
            }
        }
    }

    // ---- encodings -------------------------------------------------------------------------------------------

    /// The plainest encoding that the octets fit through.
    private String encodingOf(byte[] body) {
        int high = 0;
        int line = 0;
        boolean plain = true;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            if (b == '\n') {
                plain &= i > 0 && body[i - 1] == '\r';
                line = 0;
                continue;
            }
            plain &= b != 0 && (b != '\r' || (i + 1 < body.length && body[i + 1] == '\n'));
            plain &= ++line <= LONGEST_LINE;
            high += b < 0 ? 1 : 0;
        }
        if (plain && high == 0) {
            return "7bit";
        }
        if (plain && eightBit) {
            return "8bit";
        }
        return high * 6L > body.length ? "base64" : "quoted-printable";
    }

    private static boolean isAscii(byte[] octets) {
        for (byte b : octets) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static String crlf(String text) {
        StringBuilder lines = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r') {
                lines.append("\r\n");
                i += i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
            } else {
                lines.append(c == '\n' ? "\r\n" : String.valueOf(c));
            }
        }
        return lines.toString();
    }

    private static void base64(byte[] body, ByteArrayOutputStream out) {
        byte[] coded = Base64.getMimeEncoder(BASE64_LINE, CRLF).encode(body);
        out.writeBytes(coded);
        if (coded.length > 0) {
            out.writeBytes(CRLF);
        }
    }

    /// RFC 2045 §6.7; lines of text stay lines.
    private static void quotedPrintable(byte[] body, ByteArrayOutputStream out) {
        String hex = "0123456789ABCDEF";
        int column = 0;
        for (int i = 0; i < body.length; i++) {
            int c = body[i] & 0xFF;
            if (c == '\r' && i + 1 < body.length && body[i + 1] == '\n') {
                out.writeBytes(CRLF);
                column = 0;
                i++;
                continue;
            }
            boolean lineEnds = i + 1 == body.length || body[i + 1] == '\r';
            boolean asItIs = (c > ' ' && c < 127 && c != '=') || ((c == ' ' || c == '\t') && !lineEnds);
            if (column + (asItIs ? 1 : 3) > BASE64_LINE - 1) {
                out.writeBytes(new byte[] {'=', '\r', '\n'});
                column = 0;
            }
            // A dot and From at the start of a line are changed by careless hands on the way.
            asItIs &= column > 0 || (c != '.' && c != 'F');
            int width = asItIs ? 1 : 3;
            if (asItIs) {
                out.write(c);
            } else {
                out.write('=');
                out.write(hex.charAt(c >> 4));
                out.write(hex.charAt(c & 15));
            }
            column += width;
        }
    }
}
