package tamanoir.server.tables;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer of a pattern rule: text in which `$1`, `${1}` and `$(1)` stand for what a group matched, `$$` for a
/// dollar. Immutable.
final class Template {
    /// A group, or a text where `group` is 0.
    private record Part(String text, int group) {}

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// `groups` is how many the pattern has; -1 for a rule with `!`, which matches nothing that could be copied.
    static Template of(int line, String text, int groups) {
        List<Part> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$') {
                plain.append(c);
                at++;
                continue;
            }
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (next == '$') {
                plain.append('$');
                at += 2;
                continue;
            }
            int start = at + 1;
            int end;
            int after;
            if (next == '{' || next == '(') {
                start++;
                end = text.indexOf(next == '{' ? '}' : ')', start);
                after = end + 1;
            } else {
                end = start;
                while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
                    end++;
                }
                after = end;
            }
            String name = end < 0 ? "" : text.substring(start, end);
            if (name.isEmpty() || name.length() > 4 || !name.chars().allMatch(d -> d >= '0' && d <= '9')) {
                throw new WrongTable(
                        line,
                        "\"" + text.substring(at, Math.max(at + 1, end))
                                + "\" is no group; allowed are $1, ${1}, $(1), and $$ for a dollar");
            }
            int group = Integer.parseInt(name);
            if (groups < 0) {
                throw new WrongTable(line, "$" + group + " in the answer of a rule with \"!\", which matches no group");
            }
            if (group < 1 || group > groups) {
                throw new WrongTable(line, "$" + group + " in the answer, but the pattern has " + groups + " groups");
            }
            if (!plain.isEmpty()) {
                parts.add(new Part(plain.toString(), 0));
                plain.setLength(0);
            }
            parts.add(new Part("", group));
            at = after;
        }
        if (!plain.isEmpty()) {
            parts.add(new Part(plain.toString(), 0));
        }
        return new Template(parts);
    }

    /// The text for a match; a group that took no part is empty.
    String fill(Matcher match) {
        if (parts.size() == 1 && parts.getFirst().group == 0) {
            return parts.getFirst().text;
        }
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part.group == 0) {
                out.append(part.text);
            } else {
                @Nullable String group = match.group(part.group);
                out.append(group == null ? "" : group);
            }
        }
        return out.toString();
    }

    /// The text of a rule that matches no group.
    String text() {
        return parts.isEmpty() ? "" : parts.getFirst().text;
    }
}
