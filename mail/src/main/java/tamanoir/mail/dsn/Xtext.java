package tamanoir.mail.dsn;

import java.nio.charset.StandardCharsets;
import tamanoir.mail.text.BadSyntax;

/// The encoding of ENVID, ORCPT and AUTH values: `+` and two upper-case hexadecimal digits for what is not a plain
/// printable octet (RFC 3461 §4).
///
/// Values are stored as they came, encoded: a line break that hides in one stays hidden until somebody decodes it, so
/// [#forDisplay] refuses to show it (RFC 3461 §4: the decoded value may hold anything).
public final class Xtext {
    private Xtext() {}

    /// The encoded form of the UTF-8 octets of `text`.
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 8);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xFF;
            if (isPlain(c)) {
                encoded.append((char) c);
            } else {
                encoded.append('+').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return encoded.toString();
    }

    /// The octets meant, as UTF-8 text. May hold line breaks: never write it into a line-wise format.
    ///
    /// @throws BadSyntax when `encoded` is not xtext
    public static String decode(String encoded) {
        byte[] octets = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '+') {
                int high = i + 2 < encoded.length() ? digit(encoded.charAt(i + 1)) : -1;
                int low = i + 2 < encoded.length() ? digit(encoded.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    throw new BadSyntax("a + in this value must be followed by two hexadecimal digits");
                }
                octets[length++] = (byte) ((high << 4) | low);
                i += 2;
            } else if (isPlain(c)) {
                octets[length++] = (byte) c;
            } else {
                throw new BadSyntax("the value has a character that must be encoded as + and two digits");
            }
        }
        return new String(octets, 0, length, StandardCharsets.UTF_8);
    }

    /// The decoded text when it is one line of printable characters, otherwise the encoded form as it came.
    public static String forDisplay(String encoded) {
        try {
            String text = decode(encoded);
            return !text.isEmpty() && isOneLine(text) ? text : printable(encoded);
        } catch (BadSyntax e) {
            return printable(encoded);
        }
    }

    public static boolean isValid(String encoded) {
        try {
            decode(encoded);
            return true;
        } catch (BadSyntax e) {
            return false;
        }
    }

    static boolean isOneLine(String text) {
        return text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xFFFD);
    }

    /// `text` with everything that is not printable on one line replaced.
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> safe.appendCodePoint(
                        Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? (c == '\t' ? ' ' : '?') : c));
        return safe.toString();
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 127 && c != '+' && c != '=';
    }

    /// RFC 3461 §4: upper case only is written; lower case is taken from clients that write it.
    private static int digit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static char hex(int nibble) {
        return "0123456789ABCDEF".charAt(nibble);
    }
}
