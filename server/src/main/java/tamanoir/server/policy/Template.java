package tamanoir.server.policy;

import java.util.Map;
import java.util.function.Predicate;
import tamanoir.mail.text.BadSyntax;

/// A text of an administrator's with `$name`, `${name}`, `$(name)`, `${name?text}`, `${name:text}` and both
/// in braces (`${name?{one}:{other}}`), as `default_rbl_reply` and `smtpd_reject_footer` have them. Values
/// are put in as they are and never read again: they come from strangers. Immutable.
final class Template {
    /// Conditions within conditions, at most.
    private static final int DEEPEST = 10;

    private final String text;

    Template(String text) {
        this.text = text;
    }

    /// Fills in values; a character of a value that `allowed` does not like becomes `_`.
    ///
    /// @throws BadSyntax when the text is written wrongly or names what is not there
    String fill(Map<String, String> values, Predicate<Character> allowed) {
        StringBuilder out = new StringBuilder();
        fill(text, values, allowed, out, 0);
        return out.toString();
    }

    private static void fill(
            String text, Map<String, String> values, Predicate<Character> allowed, StringBuilder out, int depth) {
        if (depth > DEEPEST) {
            throw new BadSyntax("conditions are nested more than " + DEEPEST + " deep");
        }
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                out.append(c);
                at++;
                continue;
            }
            char next = text.charAt(at + 1);
            if (next == '$') {
                out.append('$');
                at += 2;
            } else if (next == '{' || next == '(') {
                int end = closing(text, at + 1);
                part(text.substring(at + 2, end), values, allowed, out, depth);
                at = end + 1;
            } else {
                int end = nameEnd(text, at + 1);
                out.append(clean(value(text.substring(at + 1, end), values), allowed));
                at = end;
            }
        }
    }

    private static void part(
            String body, Map<String, String> values, Predicate<Character> allowed, StringBuilder out, int depth) {
        int end = nameEnd(body, 0);
        String value = value(body.substring(0, end), values);
        if (end == body.length()) {
            out.append(clean(value, allowed));
            return;
        }
        boolean wantsValue = body.charAt(end) == '?';
        if (!wantsValue && body.charAt(end) != ':') {
            throw new BadSyntax("\"?\" or \":\" is expected behind \"" + body.substring(0, end) + "\"");
        }
        String rest = body.substring(end + 1);
        String yes = rest;
        String no = "";
        if (rest.startsWith("{")) {
            int close = closing(rest, 0);
            yes = rest.substring(1, close);
            String after = rest.substring(close + 1).strip();
            if (wantsValue && after.startsWith(":")) {
                String other = after.substring(1).strip();
                no = other.startsWith("{") ? other.substring(1, closing(other, 0)) : other;
            }
        }
        fill(value.isEmpty() != wantsValue ? yes : no, values, allowed, out, depth + 1);
    }

    private static String value(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null) {
            throw new BadSyntax("there is no value \"" + name + "\"");
        }
        return value;
    }

    private static String clean(String value, Predicate<Character> allowed) {
        StringBuilder clean = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            clean.append(allowed.test(c) ? c : '_');
        }
        return clean.toString();
    }

    private static int nameEnd(String text, int from) {
        int at = from;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return at;
    }

    private static int closing(String text, int at) {
        char open = text.charAt(at);
        char close = open == '{' ? '}' : ')';
        int level = 0;
        for (int i = at; i < text.length(); i++) {
            if (text.charAt(i) == open) {
                level++;
            } else if (text.charAt(i) == close && --level == 0) {
                return i;
            }
        }
        throw new BadSyntax("\"" + text.substring(at) + "\" is not closed");
    }

    /// The characters of `smtpd_expansion_filter`, which is written as in C: `\t`, `\40`, `\\`.
    static Predicate<Character> filter(String written) {
        StringBuilder set = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '\\' || i + 1 == written.length()) {
                set.append(c);
                continue;
            }
            char next = written.charAt(++i);
            switch (next) {
                case 't' -> set.append('\t');
                case 'n', 'r' -> {} // never in a reply
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int value = 0;
                    int end = Math.min(i + 3, written.length());
                    while (i < end && written.charAt(i) >= '0' && written.charAt(i) <= '7') {
                        value = value * 8 + (written.charAt(i++) - '0');
                    }
                    i--;
                    set.append((char) value);
                }
                default -> set.append(next);
            }
        }
        String all = set.toString();
        return c -> all.indexOf(c) >= 0 && !Character.isISOControl(c);
    }

    /// What a text may name of a session.
    static void session(Question q, Map<String, String> values) {
        values.put("client", q.client().toString());
        values.put("client_address", q.client().addressText());
        values.put("client_name", q.client().name());
        values.put("client_port", Integer.toString(q.client().port()));
        values.put("reverse_client_name", q.client().reverseName());
        values.put("helo_name", q.helo());
        address("sender", q.sender().toString(), values);
        address("recipient", About.RECIPIENT.subject(q), values);
    }

    private static void address(String name, String address, Map<String, String> values) {
        int at = address.lastIndexOf('@');
        values.put(name, address.isEmpty() ? "<>" : address);
        values.put(name + "_name", address.isEmpty() ? "<>" : at < 0 ? address : address.substring(0, at));
        values.put(name + "_domain", at < 0 ? "" : address.substring(at + 1));
    }
}
