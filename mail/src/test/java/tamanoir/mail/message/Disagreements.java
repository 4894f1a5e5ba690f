package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where an oracle sees something else, file by file, and for which reason that may be. A file without a reason
/// fails, and so does a reason that no file needs any more.
final class Disagreements {
    private final String oracle;
    private final Map<String, String> reasons;
    private final Map<String, String> found = new TreeMap<>();
    private int compared;

    Disagreements(String oracle, Map<String, String> reasons) {
        this.oracle = oracle;
        this.reasons = reasons;
    }

    <T> void compare(String file, List<T> ours, List<T> theirs) {
        compared++;
        for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
            String our = i < ours.size() ? ours.get(i).toString() : "nothing";
            String their = i < theirs.size() ? theirs.get(i).toString() : "nothing";
            if (!our.equals(their)) {
                int at = Math.max(0, Arrays.mismatch(our.toCharArray(), their.toCharArray()) - 30);
                found.put(file, "\n    ours:   " + shown(our, at) + "\n    theirs: " + shown(their, at));
                return;
            }
        }
    }

    private static String shown(String text, int at) {
        String from = at > 30 ? text.substring(0, 24) + " ... " + text.substring(at) : text;
        return from.length() > 150 ? from.substring(0, 150) + "..." : from;
    }

    void settle() {
        Map<String, Integer> counts = new TreeMap<>();
        found.keySet().forEach(file -> counts.merge(reasons.getOrDefault(file, "?"), 1, Integer::sum));
        System.out.printf(
                "corpus: %s: %d compared, %d agree, %d differ with reason%n",
                oracle, compared, compared - found.size(), found.size());
        counts.forEach((reason, count) -> System.out.printf("    %3d  %s%n", count, reason));
        Map<String, String> unexplained = new TreeMap<>(found);
        unexplained.keySet().removeAll(reasons.keySet());
        unexplained.forEach((file, difference) -> System.out.println("UNEXPLAINED " + file + difference));
        assertThat(unexplained.keySet())
                .as("differ from %s without a reason", oracle)
                .isEmpty();
        if (compared > 0) {
            assertThat(found.keySet()).as("reasons no longer needed").containsAll(reasons.keySet());
        }
    }
}
