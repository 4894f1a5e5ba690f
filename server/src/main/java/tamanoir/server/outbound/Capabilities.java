package tamanoir.server.outbound;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import tamanoir.mail.smtp.Reply;

/// What a server announced in its answer to EHLO or LHLO: keyword to parameters, keywords in upper case.
record Capabilities(Map<String, String> keywords) {
    static final Capabilities NONE = new Capabilities(Map.of());

    Capabilities {
        keywords = Map.copyOf(keywords);
    }

    /// `discarded` are keywords that the administrator does not trust, in any case.
    static Capabilities of(Reply ehlo, Set<String> discarded) {
        Map<String, String> keywords = new HashMap<>();
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            // Old servers wrote AUTH=LOGIN PLAIN.
            String text = line.strip();
            int end = 0;
            while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '=') {
                end++;
            }
            String keyword = text.substring(0, end).toUpperCase(Locale.ROOT);
            String rest = end < text.length() ? text.substring(end + 1).strip() : "";
            if (!keyword.isEmpty() && !discarded.contains(keyword.toLowerCase(Locale.ROOT))) {
                keywords.merge(keyword, rest, (a, b) -> a + " " + b);
            }
        }
        return new Capabilities(keywords);
    }

    boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /// Octets of a message at most; empty when the server sets no limit (RFC 1870 §4: 0 is none).
    OptionalLong size() {
        try {
            long limit = Long.parseLong(keywords.getOrDefault("SIZE", "0").split(" ")[0]);
            return limit > 0 ? OptionalLong.of(limit) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    List<String> mechanisms() {
        String names = keywords.getOrDefault("AUTH", "");
        return names.isEmpty() ? List.of() : List.of(names.split(" +"));
    }
}
