package tamanoir.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// Lists as main.cf writes them, and the nearest of known words to a mistyped one.
public final class Words {
    private Words() {}

    /// Words between commas and blanks. What stands in braces is one word with its braces:
    /// `permit, check_policy_service { inet:127.0.0.1:10023, timeout=10s }` has three.
    ///
    /// @throws BadSyntax when a brace is not closed
    public static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (isSeparator(text.charAt(at))) {
                at++;
                continue;
            }
            int level = 0;
            int end = at;
            for (; end < text.length(); end++) {
                char c = text.charAt(end);
                if (c == '{') {
                    level++;
                } else if (c == '}') {
                    level--;
                } else if (level <= 0 && isSeparator(c)) {
                    break;
                }
            }
            if (level > 0) {
                throw new BadSyntax("a \"{\" is not closed in \"" + text.substring(at) + "\"");
            }
            words.add(text.substring(at, end));
            at = end;
        }
        return List.copyOf(words);
    }

    private static boolean isSeparator(char c) {
        return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /// The known word that `word` most likely stands for, when there is one near enough.
    public static Optional<String> nearest(String word, Collection<String> known) {
        String low = word.toLowerCase(Locale.ROOT);
        int farthest = Math.max(1, Math.min(4, word.length() / 4));
        String best = "";
        int bestDistance = farthest + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - word.length()) >= bestDistance) {
                continue;
            }
            int distance = distance(low, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /// `; did you mean "x"?` or nothing, for the end of a message.
    static String meant(String word, Collection<String> known) {
        return nearest(word, known).map(n -> "; did you mean \"" + n + "\"?").orElse("");
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lie between two words.
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, d[i - 2][j - 2] + 1);
                }
                d[i][j] = least;
            }
        }
        return d[a.length()][b.length()];
    }
}
