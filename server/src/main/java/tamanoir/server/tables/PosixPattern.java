package tamanoir.server.tables;

import java.util.Set;
import tamanoir.mail.text.BadSyntax;

/// POSIX extended regular expressions in the language of re2j.
///
/// The differences: in brackets a backslash stands for itself; `\<` and `\>` are word edges; a backslash before any
/// other letter than `w W s S b B` means the letter.
final class PosixPattern {
    private static final Set<String> CLASSES = Set.of(
            "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "xdigit");

    private PosixPattern() {}

    /// @throws BadSyntax naming a construct that re2j has not
    static String translated(String pattern, boolean linesApart) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        boolean afterQuantifier = false;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            boolean quantifier = c == '*' || c == '+' || c == '?';
            if (quantifier && afterQuantifier) {
                // re2j would read "+?" as Perl does, POSIX as a repetition of a repetition.
                throw new BadSyntax("\"" + pattern.substring(at - 1, at + 1)
                        + "\": one repetition behind another is not supported; a pcre: table knows lazy ones");
            }
            afterQuantifier = quantifier;
            if (c == '\\') {
                if (at + 1 == pattern.length()) {
                    throw new BadSyntax("the pattern ends in a backslash");
                }
                escape(pattern.charAt(at + 1), out);
                at += 2;
            } else if (c == '[') {
                at = brackets(pattern, at, linesApart, out);
            } else if (c == '(' && at + 1 < pattern.length() && pattern.charAt(at + 1) == '?') {
                throw new BadSyntax("\"(?\" is not known to regexp: tables; a pcre: table knows groups of that kind");
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    private static void escape(char c, StringBuilder out) {
        if (c >= '1' && c <= '9') {
            throw new BadSyntax("back-references (\\" + c + ") are not supported");
        }
        switch (c) {
            case '<', '>' -> out.append("\\b");
            case '`' -> out.append("\\A");
            case '\'' -> out.append("\\z");
            case 'w', 'W', 's', 'S', 'b', 'B' -> out.append('\\').append(c);
            default -> {
                if (c < 128 && !Character.isLetterOrDigit(c)) {
                    out.append('\\');
                }
                out.append(c);
            }
        }
    }

    /// Translates `[…]` from `at`; answers where it ends.
    private static int brackets(String pattern, int at, boolean linesApart, StringBuilder out) {
        int i = at + 1;
        out.append('[');
        boolean negated = i < pattern.length() && pattern.charAt(i) == '^';
        if (negated) {
            out.append('^');
            i++;
            if (linesApart) {
                out.append("\\n");
            }
        }
        boolean first = true;
        for (; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == ']' && !first) {
                out.append(']');
                return i + 1;
            }
            first = false;
            char next = i + 1 < pattern.length() ? pattern.charAt(i + 1) : ' ';
            if (c == '[' && next == ':') {
                int end = pattern.indexOf(":]", i + 2);
                String name = end < 0 ? "" : pattern.substring(i + 2, end);
                if (!CLASSES.contains(name)) {
                    throw new BadSyntax("\"[:" + name + "\" is no class of characters");
                }
                out.append("[:").append(name).append(":]");
                i = end + 1;
            } else if (c == '[' && (next == '=' || next == '.')) {
                throw new BadSyntax("collating elements ([" + next + " " + next + "]) are not supported");
            } else if (c == '\\' || c == '[' || c == ']' || c == '^') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        throw new BadSyntax("a \"[\" is not closed");
    }
}
