package tamanoir.server.smtp;

import java.util.LinkedHashMap;
import java.util.Map;

/// Commands of one session, good and all, for its last log line: `ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4`.
final class Counts {
    private static final class Count {
        int good;
        int all;
    }

    private final Map<String, Count> verbs = new LinkedHashMap<>();
    private int good;
    private int all;

    void add(String verb, boolean fine) {
        // Words of the client's own making share one entry, or a session could fill memory with them.
        Count count = verbs.computeIfAbsent(verb, _ -> new Count());
        count.all++;
        all++;
        if (fine) {
            count.good++;
            good++;
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(80);
        verbs.forEach((verb, count) -> append(text, verb, count.good, count.all));
        append(text, "commands", good, all);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, int good, int all) {
        if (!text.isEmpty()) {
            text.append(' ');
        }
        text.append(name).append('=').append(good);
        if (good != all) {
            text.append('/').append(all);
        }
    }
}
