package tamanoir.mail.sieve;

import java.util.Set;
import java.util.TreeSet;

/// What somebody probably meant.
final class Spelling {
    private Spelling() {}

    /// The nearest of `names`, at most two letters away; empty when there is none.
    static String closest(String word, Set<String> names) {
        String best = "";
        int least = Math.min(3, 1 + word.length() / 3);
        for (String name : new TreeSet<>(names)) {
            int distance = distance(word, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
