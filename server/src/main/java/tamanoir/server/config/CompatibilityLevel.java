package tamanoir.server.config;

import java.util.regex.Pattern;
import tamanoir.mail.text.BadSyntax;

/// A level of `compatibility_level`: `2`, `3.6`, `3.6.1`. Compared number by number, so 3.10 comes after 3.6.
record CompatibilityLevel(int major, int minor, int patch) implements Comparable<CompatibilityLevel> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,4})(?:\\.(\\d{1,4}))?(?:\\.(\\d{1,4}))?");

    static CompatibilityLevel of(String text) {
        var m = FORM.matcher(text.strip());
        if (!m.matches()) {
            throw new BadSyntax("\"" + text + "\" is no compatibility level; allowed is a number such as 2 or 3.6");
        }
        return new CompatibilityLevel(number(m.group(1)), number(m.group(2)), number(m.group(3)));
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    @Override
    public int compareTo(CompatibilityLevel other) {
        int order = Integer.compare(major, other.major);
        if (order == 0) {
            order = Integer.compare(minor, other.minor);
        }
        return order != 0 ? order : Integer.compare(patch, other.patch);
    }
}
