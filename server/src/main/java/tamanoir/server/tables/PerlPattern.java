package tamanoir.server.tables;

import java.util.Locale;
import tamanoir.mail.text.BadSyntax;

/// Perl-compatible regular expressions in the language of re2j; what it has not is refused by name.
final class PerlPattern {
    private static final String VERTICAL = "\\n\\x0b\\f\\r\\x{85}\\x{2028}\\x{2029}";
    private static final String HORIZONTAL =
            "\\t \\x{a0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}";

    private final String pattern;
    private final boolean extended;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private PerlPattern(String pattern, boolean extended) {
        this.pattern = pattern;
        this.extended = extended;
    }

    /// `extended` is the flag x: blanks and comments in the pattern do not count.
    ///
    /// @throws BadSyntax naming a construct that re2j has not
    static String translated(String pattern, boolean extended) {
        PerlPattern translation = new PerlPattern(pattern, extended);
        translation.run();
        return translation.out.toString();
    }

    private void run() {
        boolean afterQuantifier = false;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '+' && afterQuantifier) {
                throw new BadSyntax("possessive quantifiers (\"" + pattern.charAt(at - 1) + "+\") are not supported");
            }
            afterQuantifier = false;
            switch (c) {
                case '\\' -> escape(false);
                case '[' -> brackets();
                case '(' -> group();
                case '*', '+', '?' -> {
                    out.append(c);
                    at++;
                    afterQuantifier = true;
                }
                case '}' -> {
                    afterQuantifier = out.toString().matches("(?s).*\\{\\d+(,\\d*)?");
                    out.append(c);
                    at++;
                }
                case '#' -> {
                    if (extended) {
                        int end = pattern.indexOf('\n', at);
                        at = end < 0 ? pattern.length() : end + 1;
                    } else {
                        out.append(c);
                        at++;
                    }
                }
                default -> {
                    if (!extended || !TableLines.isBlank(c)) {
                        out.append(c);
                    }
                    at++;
                }
            }
        }
    }

    private void group() {
        String rest = pattern.substring(at, Math.min(pattern.length(), at + 40));
        if (rest.startsWith("(*")) {
            throw new BadSyntax("verbs (\"(*…)\") are not supported");
        }
        if (!rest.startsWith("(?")) {
            out.append('(');
            at++;
            return;
        }
        String kind = rest.substring(2);
        if (kind.startsWith("#")) {
            int end = pattern.indexOf(')', at);
            if (end < 0) {
                throw new BadSyntax("the comment \"" + rest + "\" is not closed");
            }
            at = end + 1;
        } else if (kind.startsWith("=") || kind.startsWith("!")) {
            throw new BadSyntax("look-ahead (\"(?" + kind.charAt(0) + "\") is not supported");
        } else if (kind.startsWith("<=") || kind.startsWith("<!")) {
            throw new BadSyntax("look-behind (\"(?" + kind.substring(0, 2) + "\") is not supported");
        } else if (kind.startsWith(">")) {
            throw new BadSyntax("atomic groups (\"(?>\") are not supported");
        } else if (kind.startsWith("|")) {
            throw new BadSyntax("branch reset groups (\"(?|\") are not supported");
        } else if (kind.startsWith("(")) {
            throw new BadSyntax("conditional groups (\"(?(\") are not supported");
        } else if (kind.startsWith("P=")) {
            throw new BadSyntax("back-references (\"(?P=\") are not supported");
        } else if (kind.startsWith("P>")
                || kind.startsWith("R")
                || kind.startsWith("&")
                || kind.matches("(?s)[-+]?\\d.*")) {
            throw new BadSyntax("recursion (\"(?" + kind.charAt(0) + "\") is not supported");
        } else if (kind.startsWith("C")) {
            throw new BadSyntax("callouts (\"(?C\") are not supported");
        } else if (kind.startsWith("P<") || kind.startsWith("<") || kind.startsWith("'")) {
            name(kind.startsWith("P<") ? 4 : 3, kind.startsWith("'") ? '\'' : '>');
        } else {
            flags(kind);
        }
    }

    /// `(?<name>`, `(?'name'`, `(?P<name>`: re2j writes the last.
    private void name(int start, char closing) {
        int end = pattern.indexOf(closing, at + start);
        String name = end < 0 ? "" : pattern.substring(at + start, end);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new BadSyntax("the name of a group is wrong in \"" + pattern.substring(at) + "\"");
        }
        out.append("(?P<").append(name).append('>');
        at = end + 1;
    }

    /// `(?i)`, `(?i-s:` and the like.
    private void flags(String kind) {
        int i = 0;
        while (i < kind.length() && kind.charAt(i) != ')' && kind.charAt(i) != ':') {
            if ("imsU-".indexOf(kind.charAt(i)) < 0) {
                throw new BadSyntax("\"(?" + kind.substring(0, i + 1) + "\" is not supported"
                        + (kind.charAt(i) == 'x' ? "; write the flag x behind the pattern" : ""));
            }
            i++;
        }
        if (i == kind.length()) {
            throw new BadSyntax("\"(?" + kind + "\" is not closed");
        }
        out.append("(?").append(kind, 0, i + 1);
        at += 2 + i + 1;
    }

    private void brackets() {
        out.append('[');
        at++;
        if (peek() == '^') {
            out.append('^');
            at++;
        }
        boolean first = true;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == ']' && !first) {
                out.append(']');
                at++;
                return;
            }
            first = false;
            if (c == '\\') {
                escape(true);
            } else if (c == '[' && at + 1 < pattern.length() && pattern.charAt(at + 1) == ':') {
                int end = pattern.indexOf(":]", at);
                if (end < 0 || pattern.substring(at, end).indexOf(']') >= 0) {
                    out.append("\\[");
                    at++;
                } else {
                    String name = pattern.substring(at, end + 2);
                    if (name.equals("[:<:]") || name.equals("[:>:]")) {
                        throw new BadSyntax("\"[" + name + "]\" is not supported; write \\b");
                    }
                    out.append(name);
                    at = end + 2;
                }
            } else {
                if (c == '[' || c == ']' || c == '^') {
                    out.append('\\');
                }
                out.append(c);
                at++;
            }
        }
        throw new BadSyntax("a \"[\" is not closed");
    }

    private char peek() {
        return at < pattern.length() ? pattern.charAt(at) : ' ';
    }

    /// A backslash and what belongs to it.
    private void escape(boolean inBrackets) {
        if (++at >= pattern.length()) {
            throw new BadSyntax("the pattern ends in a backslash");
        }
        char c = pattern.charAt(at++);
        switch (c) {
            case 'd', 'D', 's', 'S', 'w', 'W', 'n', 'r', 't', 'f', 'a' ->
                out.append('\\').append(c);
            case 'A', 'z', 'B' -> edge(inBrackets, "\\" + c, c);
            case 'b' -> out.append(inBrackets ? "\\x08" : "\\b");
            case 'Z' -> edge(inBrackets, "(?:\\n?\\z)", c);
            case 'e' -> out.append("\\x1b");
            case 'h' -> out.append(inBrackets ? HORIZONTAL : "[" + HORIZONTAL + "]");
            case 'v' -> out.append(inBrackets ? VERTICAL : "[" + VERTICAL + "]");
            case 'H' -> edge(inBrackets, "[^" + HORIZONTAL + "]", c);
            case 'V' -> edge(inBrackets, "[^" + VERTICAL + "]", c);
            case 'N' -> edge(inBrackets, "[^\\n]", c);
            case 'R' -> edge(inBrackets, "(?:\\r\\n|[" + VERTICAL + "])", c);
            case 'x' -> hexadecimal();
            case '0' -> octal();
            case 'c' -> {
                if (at >= pattern.length()) {
                    throw new BadSyntax("\"\\c\" needs a character behind it");
                }
                int control = String.valueOf(pattern.charAt(at++))
                                .toUpperCase(Locale.ROOT)
                                .charAt(0)
                        ^ 0x40;
                out.append("\\x{").append(Integer.toHexString(control)).append('}');
            }
            case 'p', 'P' -> out.append('\\').append(c); // Its property follows and is copied as it stands.
            case 'Q' -> {
                int end = pattern.indexOf("\\E", at);
                String literal = pattern.substring(at, end < 0 ? pattern.length() : end);
                out.append(com.google.re2j.Pattern.quote(literal));
                at = end < 0 ? pattern.length() : end + 2;
            }
            case 'E' -> {} // The end of a quotation that did not begin.
            case '1', '2', '3', '4', '5', '6', '7', '8', '9', 'g', 'k' ->
                throw new BadSyntax("back-references (\\" + c + ") are not supported");
            case 'K' -> throw new BadSyntax("\"\\K\" is not supported");
            case 'G' -> throw new BadSyntax("\"\\G\" is not supported");
            default -> {
                if (c < 128 && Character.isLetterOrDigit(c)) {
                    throw new BadSyntax("\"\\" + c + "\" is not supported");
                }
                if (c < 128) {
                    out.append('\\');
                }
                out.append(c);
            }
        }
    }

    private void edge(boolean inBrackets, String text, char c) {
        if (inBrackets) {
            throw new BadSyntax("\"\\" + c + "\" is not supported in brackets");
        }
        out.append(text);
    }

    /// `\xhh` with none to two digits, `\x{hhhh}`.
    private void hexadecimal() {
        int end;
        String digits;
        if (peek() == '{') {
            end = pattern.indexOf('}', at);
            digits = end < 0 ? "" : pattern.substring(at + 1, end);
            end++;
        } else {
            end = at;
            while (end < pattern.length() && end < at + 2 && Character.digit(pattern.charAt(end), 16) >= 0) {
                end++;
            }
            digits = end == at ? "0" : pattern.substring(at, end);
        }
        if (!digits.matches("[0-9A-Fa-f]{1,6}")) {
            throw new BadSyntax("\"\\x\" needs hexadecimal digits behind it");
        }
        out.append("\\x{").append(digits).append('}');
        at = end;
    }

    private void octal() {
        int end = at;
        int value = 0;
        while (end < pattern.length() && end < at + 2 && pattern.charAt(end) >= '0' && pattern.charAt(end) <= '7') {
            value = value * 8 + pattern.charAt(end++) - '0';
        }
        out.append("\\x{").append(Integer.toHexString(value)).append('}');
        at = end;
    }
}
