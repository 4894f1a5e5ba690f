package tamanoir.mail.sieve;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// How values are held against keys: match type and comparator (RFC 5228 §2.7). Immutable.
///
/// `relation` is `gt`, `ge`, `lt`, `le`, `eq` or `ne` for `:count` and `:value` (RFC 5231), else empty.
public record Matching(Type type, String relation, Collation collation, Place place, Patterns patterns) {
    /// The match types, their tag and what must be required to use it.
    public enum Type {
        IS("is", ""),
        CONTAINS("contains", ""),
        MATCHES("matches", ""),
        REGEX("regex", "regex"),
        COUNT("count", "relational"),
        VALUE("value", "relational"),
        LIST("list", "extlists");

        final String tag;
        final String capability;

        Type(String tag, String capability) {
            this.tag = tag;
            this.capability = capability;
        }
    }

    /// True when a key goes with a value; with `:count`, when their number does. What wildcards stood for is kept for
    /// `${1}` and so on.
    public boolean test(Run run, List<String> values, List<Phrase> keys) {
        return test(run, values, keys, true);
    }

    /// Without keeping what wildcards stood for (RFC 5173 §6).
    public boolean testQuietly(Run run, List<String> values, List<Phrase> keys) {
        return test(run, values, keys, false);
    }

    private boolean test(Run run, List<String> values, List<Phrase> keys, boolean keep) {
        if (type == Type.COUNT) {
            String count = Integer.toString(values.size());
            return keys.stream().anyMatch(key -> related(collation.compare(count, key.in(run))));
        }
        List<String> sought = Phrase.all(keys, run);
        for (String value : values) {
            for (String key : sought) {
                run.spend(place, 1 + value.length() / 64);
                if (matches(run, value, key, keep)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean matches(Run run, String value, String key, boolean keep) {
        return switch (type) {
            case IS -> collation.compare(value, key) == 0;
            case CONTAINS -> collation.folded(value).contains(collation.folded(key));
            case MATCHES -> {
                // What it takes in memory: a bit for each character of the text and each piece of the pattern.
                run.spend(place, (long) value.length() * (1 + key.length()) / 256);
                yield kept(run, keep, Glob.match(collation.folded(key), collation.folded(value), value));
            }
            case REGEX -> kept(run, keep, found(run, key, value));
            case VALUE -> related(collation.compare(value, key));
            case LIST -> run.host().isListed(key, value);
            case COUNT -> throw new IllegalStateException();
        };
    }

    /// A pattern that came out of variables may be none: then it matches nothing.
    private Optional<List<String>> found(Run run, String pattern, String text) {
        run.spend(place, 1 + (long) pattern.length() * text.length() / 4096);
        try {
            return run.pattern(place, pattern, collation != Collation.OCTET, patterns)
                    .find(text);
        } catch (BadSyntax e) {
            run.complain(new Problem(place, "invalid regular expression '" + pattern + "': " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean kept(Run run, boolean keep, Optional<List<String>> groups) {
        if (keep) {
            groups.ifPresent(run::matched);
        }
        return groups.isPresent();
    }

    private boolean related(int order) {
        return switch (relation) {
            case "gt" -> order > 0;
            case "ge" -> order >= 0;
            case "lt" -> order < 0;
            case "le" -> order <= 0;
            case "ne" -> order != 0;
            default -> order == 0;
        };
    }
}
