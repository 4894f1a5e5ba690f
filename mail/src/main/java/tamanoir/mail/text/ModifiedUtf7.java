package tamanoir.mail.text;

/// Mailbox names in the spelling of IMAP4rev1: printable ASCII for itself, `&` for a run of modified Base64 over
/// UTF-16, `&-` for the ampersand (RFC 3501 §5.1.3; RFC 9051 §A.1).
///
/// Every name has exactly one spelling. Decoding refuses all others, so that two spellings never name one mailbox
/// and an encoded `/` never becomes a separator behind the back of a check.
public final class ModifiedUtf7 {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private ModifiedUtf7() {}

    /// The spelling of `name`. A lone surrogate, which is no character, is written as U+FFFD.
    public static String encode(String name) {
        StringBuilder coded = new StringBuilder(name.length() + 16);
        int bits = 0;
        int count = 0;
        boolean shifted = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x20 && c <= 0x7E) {
                if (shifted) {
                    finish(coded, bits, count);
                    shifted = false;
                }
                coded.append(c == '&' ? "&-" : String.valueOf(c));
                continue;
            }
            if (!shifted) {
                coded.append('&');
                shifted = true;
                bits = 0;
                count = 0;
            }
            bits = (bits << 16) | (isLone(name, i) ? 0xFFFD : c);
            count += 16;
            while (count >= 6) {
                count -= 6;
                coded.append(DIGITS.charAt((bits >> count) & 63));
            }
            bits &= (1 << count) - 1;
        }
        if (shifted) {
            finish(coded, bits, count);
        }
        return coded.toString();
    }

    private static void finish(StringBuilder coded, int bits, int count) {
        if (count > 0) {
            coded.append(DIGITS.charAt((bits << (6 - count)) & 63));
        }
        coded.append('-');
    }

    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    /// The name behind a spelling.
    ///
    /// @throws BadSyntax when it is not the one spelling of a name
    public static String decode(String coded) {
        StringBuilder name = new StringBuilder(coded.length());
        int at = 0;
        while (at < coded.length()) {
            char c = coded.charAt(at++);
            if (c < 0x20 || c > 0x7E) {
                throw new BadSyntax("a mailbox name in modified UTF-7 has only printable ASCII");
            }
            if (c != '&') {
                name.append(c);
                continue;
            }
            int end = coded.indexOf('-', at);
            if (end < 0) {
                throw new BadSyntax("an & in the mailbox name is not closed by -");
            }
            if (end == at) {
                name.append('&');
            } else {
                decodeRun(coded, at, end, name);
            }
            at = end + 1;
        }
        String decoded = name.toString();
        // Null shifts, encoded ASCII, stray bits and two runs in a row all come out as another spelling.
        if (!encode(decoded).equals(coded)) {
            throw new BadSyntax("the mailbox name is not in the one spelling that modified UTF-7 has for it");
        }
        return decoded;
    }

    private static void decodeRun(String coded, int from, int to, StringBuilder name) {
        int bits = 0;
        int count = 0;
        for (int i = from; i < to; i++) {
            int value = DIGITS.indexOf(coded.charAt(i));
            if (value < 0) {
                throw new BadSyntax("the mailbox name has a character that modified Base64 does not have");
            }
            bits = ((bits << 6) | value) & 0xFFFFFF;
            count += 6;
            if (count >= 16) {
                count -= 16;
                name.append((char) ((bits >> count) & 0xFFFF));
            }
        }
    }
}
