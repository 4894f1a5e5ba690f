package tamanoir.server.search;

import java.util.ArrayList;
import java.util.List;

/// What a person typed into a search field, taken apart: words that must all be there, `"phrases"` whose words stand
/// together, `-words` that must not be there (RFC 8621 §4.4.1). The last word, while it is still being typed, stands
/// for all that begin so; a `*` says it of any word.
///
/// Whatever is typed means something: a lone `-`, quotes that nobody closed and the like are taken as they come.
///
/// @param clauses in the order typed, at most [#MOST]
public record Words(List<Clause> clauses) {
    /// More than a person types; what comes behind is passed over.
    static final int MOST = 32;

    private static final int LONGEST = 1_000;

    /// @param text without quotes and signs, never blank
    /// @param phrase its words stand together, in this order
    /// @param absent it must not be there
    /// @param prefix its last word may go on
    public record Clause(String text, boolean phrase, boolean absent, boolean prefix) {}

    public Words {
        clauses = List.copyOf(clauses);
    }

    public boolean isEmpty() {
        return clauses.isEmpty();
    }

    public static Words of(String typed) {
        String text = typed.length() > LONGEST ? typed.substring(0, LONGEST) : typed;
        List<Clause> clauses = new ArrayList<>();
        int at = 0;
        while (at < text.length() && clauses.size() < MOST) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            boolean absent = c == '-' && at + 1 < text.length() && !Character.isWhitespace(text.charAt(at + 1));
            if (absent) {
                at++;
                c = text.charAt(at);
            }
            if (c == '"' || (c == '\'' && text.indexOf('\'', at + 1) > at && opens(text, at))) {
                at = phrase(text, at, absent, clauses);
            } else {
                at = word(text, at, absent, clauses);
            }
        }
        return new Words(clauses);
    }

    /// An apostrophe within or before a word, as in `'tis`, is none; one whose partner ends a word is a quote.
    private static boolean opens(String text, int at) {
        int end = text.indexOf('\'', at + 1);
        return end + 1 == text.length() || Character.isWhitespace(text.charAt(end + 1));
    }

    /// RFC 8621 §4.4.1: a backslash before a quote or another backslash takes its meaning away.
    private static int phrase(String text, int start, boolean absent, List<Clause> clauses) {
        char quote = text.charAt(start);
        StringBuilder phrase = new StringBuilder();
        int at = start + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            phrase.append(c);
            at++;
        }
        if (!phrase.toString().isBlank()) {
            clauses.add(new Clause(phrase.toString().strip(), true, absent, false));
        }
        return at + 1;
    }

    private static int word(String text, int start, boolean absent, List<Clause> clauses) {
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        String word = text.substring(start, end);
        boolean star = word.length() > 1 && word.endsWith("*");
        if (star) {
            word = word.substring(0, word.length() - 1);
        }
        clauses.add(new Clause(word, false, absent, star || (end == text.length() && !absent)));
        return end;
    }
}
