package tamanoir.mail.vcard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes vCards as text: CRLF, folded at 75 octets, never inside a character (RFC 6350 §3.2). Stateless.
public final class VCardWriter {
    private static final int LONGEST = 75;

    private VCardWriter() {}

    public static String write(List<VCard> cards) {
        StringBuilder text = new StringBuilder();
        for (VCard card : cards) {
            line(text, "BEGIN:VCARD");
            line(text, "VERSION:" + card.version());
            for (Property property : card.properties()) {
                line(text, line(property));
            }
            line(text, "END:VCARD");
        }
        return text.toString();
    }

    private static String line(Property property) {
        StringBuilder line = new StringBuilder();
        if (!property.group().isEmpty()) {
            line.append(property.group()).append('.');
        }
        line.append(property.name());
        for (Map.Entry<String, List<String>> parameter : property.parameters().entrySet()) {
            line.append(';').append(parameter.getKey()).append('=');
            for (int i = 0; i < parameter.getValue().size(); i++) {
                line.append(i == 0 ? "" : ",")
                        .append(quoted(parameter.getValue().get(i)));
            }
        }
        // A line break in a value would be the beginning of another property.
        return line.append(':')
                .append(property.value().replace("\r", "").replace("\n", "\\n"))
                .toString();
    }

    /// RFC 6350 §3.3, RFC 6868.
    private static String quoted(String value) {
        String safe =
                value.replace("^", "^^").replace("\r", "").replace("\n", "^n").replace("\"", "^'");
        boolean plain = safe.chars().noneMatch(c -> c == ':' || c == ';' || c == ',');
        return plain ? safe : "\"" + safe + "\"";
    }

    private static void line(StringBuilder text, String line) {
        int octets = 0;
        for (int i = 0; i < line.length(); ) {
            int c = line.codePointAt(i);
            int size = Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (octets + size > LONGEST) {
                text.append("\r\n ");
                octets = 1;
            }
            text.appendCodePoint(c);
            octets += size;
            i += Character.charCount(c);
        }
        text.append("\r\n");
    }
}
