package tamanoir.mail.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Header fields in the form that the grammar wants: folded at 78 columns where a fold may be (RFC 5322 §2.1.1),
/// words encoded (RFC 2047), parameters quoted or encoded (RFC 2231).
final class HeaderWriter {
    /// RFC 5322 §2.1.1: should not be longer; a piece that cannot be folded may be.
    private static final int COLUMNS = 78;

    /// RFC 2047 §2: an encoded word has at most 75 characters.
    private static final int LONGEST_WORD = 75;

    private static final String PREFIX = "=?utf-8?";
    private static final String HEX = "0123456789ABCDEF";

    private final StringBuilder out;
    private int column;
    private boolean begun;

    private HeaderWriter(String name) {
        out = new StringBuilder(name).append(':');
        column = out.length();
    }

    static String field(Field field, boolean utf8) {
        HeaderWriter writer = new HeaderWriter(field.name());
        for (Field.Piece piece : field.tokens()) {
            switch (piece) {
                case Field.Piece.Atom(String text) -> writer.atom(text);
                case Field.Piece.Words(String text, boolean isPhrase) -> writer.words(text, isPhrase, utf8);
            }
        }
        return writer.out.append("\r\n").toString();
    }

    /// One piece behind a blank, on a new line where it would be too long. The first stays on the line of the name:
    /// a line must not be blank (RFC 5322 §3.2.2), and some readers want a value there.
    private void atom(String text) {
        int width = width(text);
        boolean isGlued = text.equals(":") || text.startsWith(";");
        if (begun && column + 1 + width > COLUMNS && !text.equals(":")) {
            out.append("\r\n");
            column = 0;
            isGlued = false;
        }
        if (!isGlued) {
            out.append(' ');
            column++;
        }
        out.append(text);
        column += width;
        begun = true;
    }

    /// Octets of the text in UTF-8, or a few more.
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i++) {
            width += text.charAt(i) < 0x80 ? 1 : text.charAt(i) < 0x800 ? 2 : 3;
        }
        return width;
    }

    private void words(String text, boolean isPhrase, boolean utf8) {
        boolean plain = isPlain(text, utf8);
        if (plain && isPhrase && !isAtoms(text) && width(text) > COLUMNS / 2) {
            // A quoted string cannot be folded everywhere; encoded words can.
            encoded(text, true);
        } else if (plain && isPhrase) {
            phrase(text);
        } else if (plain) {
            unstructured(text);
        } else {
            encoded(text, isPhrase);
        }
    }

    /// Whether the text can go out without encoding and be read back as it is.
    private static boolean isPlain(String text, boolean utf8) {
        if (text.contains("=?") || text.startsWith(" ") || text.endsWith(" ") || text.indexOf('\t') >= 0) {
            return false;
        }
        int word = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 && !utf8) {
                return false;
            }
            word = c == ' ' ? 0 : word + 1;
            // Nothing folds inside a word, and no line may be longer than 998 (RFC 5322 §2.1.1).
            if (word > 250) {
                return false;
            }
        }
        return true;
    }

    /// Folds keep their blank, so runs of blanks survive; a fold stands before one followed by a word.
    private void unstructured(String text) {
        int at = 0;
        while (at < text.length()) {
            int blanksEnd = at;
            while (text.charAt(blanksEnd) == ' ') {
                blanksEnd++;
            }
            int end = text.indexOf(' ', blanksEnd);
            end = end < 0 ? text.length() : end;
            String word = text.substring(blanksEnd, end);
            String blanks = at == 0 ? " " : text.substring(at, blanksEnd);
            int width = blanks.length() + width(word);
            if (begun && column + width > COLUMNS) {
                out.append("\r\n");
                column = 0;
            }
            out.append(blanks).append(word);
            column += width;
            begun = true;
            at = end;
        }
        if (text.isEmpty()) {
            out.append(' ');
        }
    }

    /// RFC 5322 §3.2.5: atoms, or a quoted string where they do not suffice.
    private void phrase(String text) {
        if (!isAtoms(text)) {
            atom(quoted(text));
            return;
        }
        for (String word : text.split(" ")) {
            atom(word);
        }
    }

    private static boolean isAtoms(String text) {
        boolean atoms = !text.contains("  ");
        for (int i = 0; atoms && i < text.length(); i++) {
            char c = text.charAt(i);
            atoms = c == ' ' || "()<>[]:;@\\,.\"".indexOf(c) < 0;
        }
        return atoms;
    }

    /// Base64 or Q, whichever is shorter; cut between characters, each word whole in itself (RFC 2047 §5).
    private void encoded(String text, boolean isPhrase) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int special = 0;
        for (byte b : all) {
            special += isQSafe(b & 0xFF) || b == ' ' ? 0 : 1;
        }
        boolean q = special * 3L < all.length;
        StringBuilder chunk = new StringBuilder();
        int octets = 0;
        int cost = 0;
        int room = firstRoom();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            String character = Character.toString(c);
            byte[] utf8 = character.getBytes(StandardCharsets.UTF_8);
            int more = q ? qCost(utf8) : utf8.length;
            int after = q ? cost + more : (octets + utf8.length + 2) / 3 * 4;
            if (after > room && !chunk.isEmpty()) {
                atom(word(chunk.toString(), q));
                chunk.setLength(0);
                octets = 0;
                cost = 0;
                room = LONGEST_WORD - PREFIX.length() - 4;
            }
            chunk.append(character);
            octets += utf8.length;
            cost += more;
            at += Character.charCount(c);
        }
        if (!chunk.isEmpty() || isPhrase) {
            atom(word(chunk.toString(), q));
        }
    }

    /// The first word shares its line with the name of the field; a name so long leaves it a line of its own.
    private int firstRoom() {
        int left = Math.min(COLUMNS - column - 1, LONGEST_WORD) - PREFIX.length() - 4;
        return left < 12 ? LONGEST_WORD - PREFIX.length() - 4 : left;
    }

    private static String word(String text, boolean q) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (!q) {
            return PREFIX + "B?" + Base64.getEncoder().encodeToString(utf8) + "?=";
        }
        StringBuilder word = new StringBuilder(PREFIX).append("Q?");
        for (byte b : utf8) {
            int c = b & 0xFF;
            if (c == ' ') {
                word.append('_');
            } else if (isQSafe(c)) {
                word.append((char) c);
            } else {
                word.append('=').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return word.append("?=").toString();
    }

    private static int qCost(byte[] utf8) {
        int cost = 0;
        for (byte b : utf8) {
            cost += b == ' ' || isQSafe(b & 0xFF) ? 1 : 3;
        }
        return cost;
    }

    /// RFC 2047 §5 (3): what a word in a phrase may hold as it is; good everywhere.
    private static boolean isQSafe(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "!*+-/".indexOf(c) >= 0;
    }

    // ---- parameters ------------------------------------------------------------------------------------------

    /// `name=value`, or the sections of RFC 2231 where the value is long or not ASCII. A name that ends in `*` has
    /// been encoded already.
    static List<String> parameter(Parameter parameter) {
        String name = parameter.name();
        String value = parameter.value();
        boolean isAscii = value.chars().allMatch(c -> c >= ' ' && c < 127);
        if (name.endsWith("*") || (isAscii && name.length() + value.length() < COLUMNS - 5 && !value.contains("=?"))) {
            return List.of(name + "=" + (name.endsWith("*") ? extended(value) : token(value)));
        }
        List<String> sections = new ArrayList<>();
        StringBuilder section = new StringBuilder("utf-8''");
        int room = COLUMNS - 10 - name.length();
        for (int at = 0; at < value.length(); ) {
            int c = value.codePointAt(at);
            at += Character.charCount(c);
            StringBuilder coded = new StringBuilder();
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                int octet = b & 0xFF;
                if ((isQSafe(octet) && octet != '*' && octet != '/') || octet == '.' || octet == '_') {
                    coded.append((char) octet);
                } else {
                    coded.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
                }
            }
            if (section.length() + coded.length() > room) {
                sections.add(section.toString());
                section.setLength(0);
            }
            section.append(coded);
        }
        sections.add(section.toString());
        if (sections.size() == 1) {
            return List.of(name + "*=" + sections.getFirst());
        }
        List<String> written = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            written.add(name + "*" + i + "*=" + sections.get(i));
        }
        return written;
    }

    /// A value that is in the form of RFC 2231 §4 already; what must not stand in one is encoded here, so that no
    /// value becomes another parameter.
    private static String extended(String value) {
        StringBuilder coded = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xFF;
            if (c > ' ' && c < 127 && "*()<>@,;:\\\"/[]?=".indexOf(c) < 0) {
                coded.append((char) c);
            } else {
                coded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return coded.toString();
    }

    /// A parameter value: a token if it is one, else a quoted string (RFC 2045 §5.1).
    static String token(String value) {
        boolean isToken = !value.isEmpty();
        for (int i = 0; isToken && i < value.length(); i++) {
            char c = value.charAt(i);
            isToken = c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
        }
        return isToken ? value : quoted(value);
    }

    /// The local part, quoted where it is no dot-atom (RFC 5322 §3.4.1).
    static String localPart(String local) {
        boolean isAtom = !local.startsWith(".") && !local.endsWith(".") && !local.contains("..");
        for (int i = 0; isAtom && i < local.length(); i++) {
            char c = local.charAt(i);
            isAtom = c > ' ' && c != 127 && "<>()[]\\,;:@\"".indexOf(c) < 0;
        }
        return isAtom ? local : quoted(local);
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
