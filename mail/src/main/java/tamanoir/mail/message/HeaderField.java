package tamanoir.mail.message;

import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.Octets;

/// One header field.
///
/// @param name as written
/// @param rawValue everything after the colon, folds and all, without the last line end
/// @param octets the whole field with its line end
/// @param start where it begins in its header
public record HeaderField(String name, Octets rawValue, Octets octets, int start) {
    /// The value on one line, without the white space around it; encoded words stay, NUL becomes a space (no
    /// literal of IMAP may hold one, RFC 9051 §4.3, and none shall end a string of somebody else). Octets above 127
    /// are UTF-8 (RFC 6532) or, where they are not, windows-1252.
    public String value() {
        return unfold(rawValue);
    }

    /// The value as a person reads it: unfolded, encoded words decoded, no control characters.
    public String text() {
        return EncodedWords.withoutControls(EncodedWords.decode(value()));
    }

    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }

    /// RFC 5322 §2.2.3: unfolding takes away the line ends and nothing else.
    static String unfold(Octets raw) {
        String text = Charsets.guess(raw);
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        if (text.indexOf('\n', from) < 0 && text.indexOf('\r', from) < 0 && text.indexOf('\0', from) < 0) {
            return text.substring(from, to);
        }
        StringBuilder line = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c != '\r' && c != '\n') {
                line.append(c == 0 ? ' ' : c);
            }
        }
        return line.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
