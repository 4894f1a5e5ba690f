package tamanoir.mail.sieve;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Divides a script into words (RFC 5228 §8.1). Mistakes go into `problems`, and the next word is tried.
final class Lexer {
    /// Longer names are somebody's mistake.
    private static final int LONGEST_NAME = 32;

    private final String text;
    private final List<Problem> problems;
    private int at;
    private int line = 1;
    private int lineStart;

    Lexer(String text, List<Problem> problems) {
        this.text = text;
        this.problems = problems;
    }

    Token next() {
        blanks();
        Place place = place();
        if (at >= text.length()) {
            return new Token.End(place);
        }
        char c = text.charAt(at);
        if (isFirst(c)) {
            return word(place);
        }
        if (c >= '0' && c <= '9') {
            return number(place);
        }
        return switch (c) {
            case '"' -> quoted(place);
            case ':' -> {
                at++;
                if (at < text.length() && isFirst(text.charAt(at))) {
                    yield name(place).map(name -> (Token) new Token.Tag(place, name.toLowerCase(Locale.ROOT)), place);
                }
                yield garbage(place, "a tag such as ':contains' is expected after ':'");
            }
            case '[', ']', '(', ')', '{', '}', ',', ';' -> {
                at++;
                yield new Token.Sign(place, c);
            }
            default -> {
                at++;
                while (at < text.length() && isGarbage(text.charAt(at))) {
                    at++;
                }
                yield garbage(place, "unexpected character " + printable(c));
            }
        };
    }

    private static boolean isGarbage(char c) {
        return c > ' ' && !isFirst(c) && !(c >= '0' && c <= '9') && "\":[](){},;#/".indexOf(c) < 0;
    }

    private static String printable(char c) {
        return c < ' ' || c == 127 ? String.format("U+%04X", (int) c) : "'" + c + "'";
    }

    private Token garbage(Place place, String why) {
        problems.add(new Problem(place, why));
        return new Token.Garbage(place);
    }

    private Place place() {
        return new Place(line, at - lineStart + 1);
    }

    private void newline(int after) {
        line++;
        lineStart = after;
    }

    /// Blanks and comments (RFC 5228 §2.2, §2.3).
    private void blanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                at++;
                newline(at);
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (c == '/' && at + 1 < text.length() && text.charAt(at + 1) == '*') {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() {
        Place begin = place();
        at += 2;
        while (at + 1 < text.length() && !(text.charAt(at) == '*' && text.charAt(at + 1) == '/')) {
            if (text.charAt(at) == '\n') {
                newline(at + 1);
            }
            at++;
        }
        if (at + 1 >= text.length()) {
            problems.add(new Problem(begin, "this comment has no end: '*/' is missing"));
            at = text.length();
        } else {
            at += 2;
        }
    }

    private static boolean isFirst(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /// A name, or garbage when it is too long.
    private record Named(String text, boolean tooLong) {
        Token map(Function<String, Token> make, Place place) {
            return tooLong ? new Token.Garbage(place) : make.apply(text);
        }
    }

    private Named name(Place place) {
        int from = at;
        while (at < text.length() && (isFirst(text.charAt(at)) || Character.digit(text.charAt(at), 10) >= 0)) {
            at++;
        }
        String name = text.substring(from, at);
        if (name.length() > LONGEST_NAME) {
            problems.add(new Problem(place, "this name is longer than " + LONGEST_NAME + " characters"));
            return new Named(name, true);
        }
        return new Named(name, false);
    }

    private Token word(Place place) {
        Named name = name(place);
        if (name.text.equalsIgnoreCase("text") && at < text.length() && text.charAt(at) == ':') {
            at++;
            return block(place);
        }
        return name.map(text -> new Token.Identifier(place, text), place);
    }

    /// RFC 5228 §2.4.1: K, M and G are powers of 1024.
    private Token number(Place place) {
        int from = at;
        while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
            at++;
        }
        BigInteger value = at - from > 40 ? BigInteger.ONE.shiftLeft(100) : new BigInteger(text.substring(from, at));
        if (at < text.length()) {
            int shift = switch (text.charAt(at)) {
                case 'k', 'K' -> 10;
                case 'm', 'M' -> 20;
                case 'g', 'G' -> 30;
                default -> 0;
            };
            if (shift > 0) {
                value = value.shiftLeft(shift);
                at++;
            }
            if (at < text.length() && isFirst(text.charAt(at))) {
                Place where = place();
                name(where);
                return garbage(where, "a number ends in K, M or G, or in nothing");
            }
        }
        if (value.bitLength() > 64) {
            return garbage(place, "this number is too large");
        }
        return new Token.Count(place, value.bitLength() > 63 ? Long.MAX_VALUE : value.longValue());
    }

    private Token quoted(Place place) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '"' -> {
                    return new Token.Text(place, value.toString());
                }
                case '\\' -> {
                    // RFC 5228 §2.4.2: an unknown escape is the character itself.
                    if (at < text.length()) {
                        char next = text.charAt(at++);
                        value.append(next);
                        if (next == '\n') {
                            newline(at);
                        }
                    }
                }
                case '\n' -> {
                    newline(at);
                    endLine(value);
                }
                case '\0' -> {
                    return garbage(place, "a string holds no NUL");
                }
                default -> value.append(c);
            }
        }
        problems.add(new Problem(place, "this string has no end: '\"' is missing"));
        return new Token.Text(place, value.toString());
    }

    /// Lines end in CRLF inside of strings, however the script was saved.
    private static void endLine(StringBuilder value) {
        if (!value.isEmpty() && value.charAt(value.length() - 1) == '\r') {
            value.setLength(value.length() - 1);
        }
        value.append("\r\n");
    }

    /// `text:` to the line that is only a dot (RFC 5228 §2.4.2, multi-line).
    private Token block(Place place) {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r')) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '#') {
            while (at < text.length() && text.charAt(at) != '\n') {
                at++;
            }
        }
        if (at >= text.length() || text.charAt(at) != '\n') {
            return garbage(place, "the line ends after 'text:', and the text begins with the next one");
        }
        at++;
        newline(at);
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            String one = text.substring(at, end < 0 ? text.length() : end);
            one = one.endsWith("\r") ? one.substring(0, one.length() - 1) : one;
            at = end < 0 ? text.length() : end + 1;
            newline(at);
            if (one.equals(".")) {
                return new Token.Text(place, value.toString());
            }
            value.append(one.startsWith("..") ? one.substring(1) : one).append("\r\n");
        }
        problems.add(new Problem(place, "this text has no end: a line that is only '.' is missing"));
        return new Token.Text(place, value.toString());
    }
}
