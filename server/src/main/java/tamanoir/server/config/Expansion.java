package tamanoir.server.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import tamanoir.mail.text.BadSyntax;

/// Replaces `$name` and its larger forms by values, as the main.cf grammar says.
///
///     $name ${name} $(name)          the value, itself expanded; nothing when there is none
///     $$                             one dollar
///     ${name?text} ${name?{text}}    text when the value is not empty
///     ${name:text} ${name:{text}}    text when the value is empty
///     ${name?{text}:{other}}         one or the other
///     ${{a} == {b} ? {x} : {y}}      also != < <= >= >, as numbers when both are; `<level` and so on compare
///                                    compatibility levels
///
/// Every part may hold references again. A name that refers to itself is an error that shows the circle.
/// Not for several threads at a time.
final class Expansion {
    /// References inside references at most; a person writes three.
    private static final int DEEPEST = 100;

    /// References in one value at most, and characters it may come to: names that double each other grow fast.
    private static final int MOST = 10_000;

    private static final int LONGEST = 1 << 20;

    private final Function<String, Optional<String>> raw;
    private final Deque<String> open = new ArrayDeque<>();
    private int depth;
    private int steps;

    /// `raw` gives the unexpanded text of a name.
    Expansion(Function<String, Optional<String>> raw) {
        this.raw = raw;
    }

    /// @throws BadSyntax when a reference is not closed, has no name, an unknown operator or goes in a circle
    String expand(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        if (depth >= DEEPEST) {
            throw new BadSyntax("references are nested more than " + DEEPEST + " deep");
        }
        steps = depth == 0 ? 0 : steps + 1;
        if (steps > MOST) {
            throw new BadSyntax("the value refers to more than " + MOST + " others");
        }
        depth++;
        try {
            return replaced(text);
        } finally {
            depth--;
        }
    }

    private String replaced(String text) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$') {
                out.append(c);
                i++;
                continue;
            }
            char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            if (next == '$') {
                out.append('$');
                i += 2;
            } else if (next == '{' || next == '(') {
                int end = closing(text, i + 1);
                if (end < 0) {
                    throw new BadSyntax("\"" + shortened(text.substring(i)) + "\" is not closed");
                }
                append(out, conditional(text.substring(i + 2, end)));
                i = end + 1;
            } else {
                int end = nameEnd(text, i + 1);
                if (end == i + 1) {
                    throw new BadSyntax("a name is missing after \"$\" (write \"$$\" for a dollar)");
                }
                append(out, value(text.substring(i + 1, end)));
                i = end;
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, String text) {
        if (out.length() + text.length() > LONGEST) {
            throw new BadSyntax("the value is longer than " + LONGEST + " characters");
        }
        out.append(text);
    }

    /// The expanded value of a name, empty when it has none.
    String value(String name) {
        Optional<String> text = raw.apply(name);
        if (text.isEmpty()) {
            return "";
        }
        if (open.contains(name)) {
            StringBuilder circle = new StringBuilder();
            open.descendingIterator().forEachRemaining(n -> circle.append(n).append(" -> "));
            throw new BadSyntax("the value goes in a circle: " + circle + name);
        }
        open.push(name);
        try {
            return expand(text.get());
        } finally {
            open.pop();
        }
    }

    /// What stands between `${` and `}`.
    private String conditional(String body) {
        int i = skipBlanks(body, 0);
        boolean holds;
        String plain;
        if (i < body.length() && body.charAt(i) == '{') {
            Part left = part(body, i);
            int operatorStart = skipBlanks(body, left.end);
            int operatorEnd = operatorStart;
            while (operatorEnd < body.length()
                    && body.charAt(operatorEnd) != '{'
                    && !isBlank(body.charAt(operatorEnd))) {
                operatorEnd++;
            }
            String operator = body.substring(operatorStart, operatorEnd);
            Part right = part(body, skipBlanks(body, operatorEnd));
            holds = compare(expand(left.text), operator, expand(right.text));
            plain = holds ? "true" : "";
            i = right.end;
        } else {
            int end = nameEnd(body, i);
            if (end == i) {
                throw new BadSyntax("a name is missing in \"${" + shortened(body) + "}\"");
            }
            plain = value(body.substring(i, end));
            holds = !plain.isEmpty();
            i = end;
        }
        i = skipBlanks(body, i);
        if (i == body.length()) {
            return plain;
        }
        return switch (body.charAt(i)) {
            case '?' -> either(body, i + 1, holds);
            case ':' -> {
                Part other = branch(body, i + 1);
                closed(body, other.end);
                yield holds ? "" : expand(other.text);
            }
            default ->
                throw new BadSyntax("\"?\" or \":\" is expected before \"" + shortened(body.substring(i))
                        + "\" (a name has letters, digits and _)");
        };
    }

    /// After the `?`: one text, or `{one}:{other}`.
    private String either(String body, int at, boolean holds) {
        Part one = branch(body, at);
        int i = skipBlanks(body, one.end);
        if (i == body.length()) {
            return holds ? expand(one.text) : "";
        }
        if (body.charAt(i) != ':') {
            throw new BadSyntax("\":\" is expected before \"" + shortened(body.substring(i)) + "\"");
        }
        Part other = branch(body, i + 1);
        closed(body, other.end);
        return expand(holds ? one.text : other.text);
    }

    private record Part(String text, int end) {}

    /// `{text}`, or everything to the end with its blanks.
    private static Part branch(String body, int at) {
        int i = skipBlanks(body, at);
        if (i < body.length() && body.charAt(i) == '{') {
            return part(body, i);
        }
        return new Part(body.substring(at), body.length());
    }

    private static Part part(String body, int at) {
        if (at >= body.length() || body.charAt(at) != '{') {
            throw new BadSyntax("\"{text}\" is expected before \"" + shortened(body.substring(at)) + "\"");
        }
        int end = closing(body, at);
        if (end < 0) {
            throw new BadSyntax("\"" + shortened(body.substring(at)) + "\" is not closed");
        }
        return new Part(body.substring(at + 1, end), end + 1);
    }

    private static void closed(String body, int at) {
        int i = skipBlanks(body, at);
        if (i < body.length()) {
            throw new BadSyntax("\"" + shortened(body.substring(i)) + "\" is not expected here");
        }
    }

    private static boolean compare(String left, String operator, String right) {
        boolean levels = operator.endsWith("level");
        String sign = levels ? operator.substring(0, operator.length() - "level".length()) : operator;
        int order;
        if (levels) {
            order = CompatibilityLevel.of(left).compareTo(CompatibilityLevel.of(right));
        } else if (isNumber(left) && isNumber(right)) {
            order = new java.math.BigInteger(left).compareTo(new java.math.BigInteger(right));
        } else {
            order = left.compareTo(right);
        }
        return switch (sign) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">=" -> order >= 0;
            case ">" -> order > 0;
            default ->
                throw new BadSyntax("\"" + operator
                        + "\" is no comparison; allowed are == != < <= >= > and the same with" + " \"level\" behind");
        };
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 40 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// Where the bracket at `at` is closed, counting its own kind only; -1 when it is not.
    private static int closing(String text, int at) {
        char opening = text.charAt(at);
        char closing = opening == '{' ? '}' : ')';
        int level = 0;
        for (int i = at; i < text.length(); i++) {
            if (text.charAt(i) == opening) {
                level++;
            } else if (text.charAt(i) == closing && --level == 0) {
                return i;
            }
        }
        return -1;
    }

    private static int nameEnd(String text, int at) {
        int i = at;
        while (i < text.length() && isNameCharacter(text.charAt(i))) {
            i++;
        }
        return i;
    }

    static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static int skipBlanks(String text, int at) {
        int i = at;
        while (i < text.length() && isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
