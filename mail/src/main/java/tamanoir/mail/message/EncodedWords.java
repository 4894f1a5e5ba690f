package tamanoir.mail.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.Octets;

/// Encoded words in unstructured text, phrases and comments (RFC 2047, with the language of RFC 2231 §5).
///
/// Neighbours in one charset are decoded from their joined octets, because senders cut characters in two; each
/// word's base64 is taken on its own, because each has its own padding (RFC 2047 §5 asks senders for neither,
/// readers live with both). A word glued to other text is decoded too. Whatever is no word stays as it is.
public final class EncodedWords {
    private static final int LONGEST_CHARSET = 64;

    private final String text;
    private final StringBuilder decoded;

    /// The octets of neighbours not yet turned into text, and the charset they are in.
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream(0);
    private String charset = "";
    private String canonical = "";

    /// Where the next `?=` and the next blank are, so that hostile text is not searched again and again.
    private int nextEnd = -1;
    private int nextBlank = -1;

    EncodedWords(String text) {
        this.text = text;
        this.decoded = new StringBuilder();
    }

    public static String decode(String text) {
        return text.indexOf("=?") < 0 ? text : new EncodedWords(text).decode();
    }

    /// Of the octets of an unfolded value.
    public static String decode(Octets octets) {
        return decode(Charsets.guess(octets));
    }

    private String decode() {
        int at = 0;
        int plain = 0;
        boolean afterWord = false;
        while (true) {
            int start = text.indexOf("=?", at);
            if (start < 0) {
                break;
            }
            Optional<Word> word = word(start);
            if (word.isEmpty()) {
                at = start + 1;
                continue;
            }
            if (!afterWord || !isBlank(plain, start)) {
                flush();
                decoded.append(text, plain, start);
            }
            take(word.get());
            at = word.get().end();
            plain = at;
            afterWord = true;
        }
        flush();
        return decoded.append(text, plain, text.length()).toString();
    }

    private record Word(String charset, String canonical, boolean isBase64, int from, int to) {
        int end() {
            return to + 2;
        }
    }

    /// Where the word ends that begins with the `=?` at `start`, its charset known or not; -1 if it is none. To be
    /// asked from left to right.
    int wordEnd(int start) {
        int charsetEnd = text.indexOf('?', start + 2);
        if (charsetEnd < 0 || charsetEnd - start - 2 > LONGEST_CHARSET || charsetEnd + 2 >= text.length()) {
            return -1;
        }
        if (text.charAt(charsetEnd + 2) != '?' || "BbQq".indexOf(text.charAt(charsetEnd + 1)) < 0) {
            return -1;
        }
        int to = nextEnd(charsetEnd + 3);
        return to < 0 || nextBlank(start) < to ? -1 : to + 2;
    }

    private Optional<Word> word(int start) {
        int to = wordEnd(start) - 2;
        if (to < 0) {
            return Optional.empty();
        }
        int charsetEnd = text.indexOf('?', start + 2);
        boolean isBase64 = (text.charAt(charsetEnd + 1) | 32) == 'b';
        int from = charsetEnd + 3;
        String label = text.substring(start + 2, charsetEnd);
        int language = label.indexOf('*');
        String name = language < 0 ? label : label.substring(0, language);
        return Charsets.canonicalName(name).map(canonical -> new Word(name, canonical, isBase64, from, to));
    }

    private int nextEnd(int from) {
        if (nextEnd < from && nextEnd != text.length()) {
            int found = text.indexOf("?=", from);
            nextEnd = found < 0 ? text.length() : found;
        }
        return nextEnd == text.length() ? -1 : nextEnd;
    }

    private int nextBlank(int from) {
        if (nextBlank < from) {
            int i = from;
            while (i < text.length() && !Words.isBlank(text.charAt(i))) {
                i++;
            }
            nextBlank = i;
        }
        return nextBlank;
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Words.isBlank(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void take(Word word) {
        if (!word.canonical().equals(canonical)) {
            flush();
            charset = word.charset();
            canonical = word.canonical();
        }
        if (word.isBase64()) {
            Octets coded = Octets.of(text.substring(word.from(), word.to()));
            octets.writeBytes(TransferEncoding.BASE64.decode(coded).octets().toByteArray());
        } else {
            q(word.from(), word.to());
        }
    }

    /// RFC 2047 §4.2.
    private void q(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int high = c == '=' && i + 2 < to ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                octets.write((high << 4) | low);
                i += 2;
            } else if (c == '_') {
                octets.write(' ');
            } else if (c < 128) {
                octets.write(c);
            } else {
                octets.writeBytes(text.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void flush() {
        if (octets.size() > 0) {
            decoded.append(withoutControls(
                    Charsets.decode(Octets.of(octets.toByteArray()), charset).text()));
            octets.reset();
        }
        canonical = "";
    }

    /// No encoding smuggles a line end or NUL into a value that others take for one line.
    static String withoutControls(String text) {
        int i = 0;
        while (i < text.length() && !isControl(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text);
        for (; i < clean.length(); i++) {
            if (isControl(clean.charAt(i))) {
                clean.setCharAt(i, ' ');
            }
        }
        return clean.toString();
    }

    private static boolean isControl(char c) {
        return (c < ' ' && c != '\t') || c == 127 || c == '\u2028' || c == '\u2029' || c == '\u0085';
    }
}
