package tamanoir.mail.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The encoding of DSN and AUTH parameters: `+2B` for an octet that may not stand as itself (RFC 3461 §4).
///
/// Values stay encoded wherever they are kept or passed on, so that a hidden line break never becomes one. [#display]
/// is for people only and escapes controls.
public final class Xtext {
    private Xtext() {}

    /// True when every octet is one that xtext allows and every `+` begins two hexadecimal digits.
    public static boolean isValid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                if (i + 2 >= text.length() || hex(text.charAt(i + 1)) < 0 || hex(text.charAt(i + 2)) < 0) {
                    return false;
                }
                i += 2;
            } else if (c <= ' ' || c == '=' || c == 127) {
                return false;
            }
        }
        return true;
    }

    /// Encodes text; what is not ASCII goes as its UTF-8 octets.
    public static String encode(String plain) {
        StringBuilder text = new StringBuilder(plain.length() + 8);
        for (byte octet : plain.getBytes(StandardCharsets.UTF_8)) {
            int c = octet & 0xFF;
            if (c <= ' ' || c >= 127 || c == '+' || c == '=') {
                text.append('+')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            } else {
                text.append((char) c);
            }
        }
        return text.toString();
    }

    /// The text for people, control characters as `?`: never for a protocol, a header or a file.
    public static String display(String text) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' && i + 2 < text.length() && hex(text.charAt(i + 1)) >= 0 && hex(text.charAt(i + 2)) >= 0) {
                plain.write(hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)));
                i += 2;
            } else {
                plain.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        String decoded = plain.toString(StandardCharsets.UTF_8);
        StringBuilder safe = new StringBuilder(decoded.length());
        decoded.codePoints().forEach(c -> safe.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return safe.toString();
    }

    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }
}
