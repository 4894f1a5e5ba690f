package tamanoir.server.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.server.config.KeyValueFile;

/// Which keys a server is asked for, and the parts of a key: `%s` all of it, `%u` and `%d` before and behind
/// its last `@` (a bare name is its own `%u`), `%1` to `%9` the labels of its domain from the right. Capitals
/// mean the same and are what `result_format` uses. Immutable.
record KeyFilter(List<String> domains) {
    KeyFilter {
        domains = List.copyOf(domains);
    }

    static KeyFilter of(KeyValueFile values) {
        List<String> domains = new ArrayList<>();
        for (String word : values.words("domain")) {
            if (word.indexOf('/') >= 0 || word.indexOf(':') >= 0) {
                throw values.wrong("domain", "\"" + word + "\": domains are named here one by one");
            }
            domains.add(word.toLowerCase(Locale.ROOT));
        }
        return new KeyFilter(domains);
    }

    /// Without `domain` every key is; with it only addresses in one of them (ldap_table(5)).
    boolean takes(String key) {
        if (domains.isEmpty()) {
            return true;
        }
        int at = key.lastIndexOf('@');
        return at > 0 && domains.contains(key.substring(at + 1).toLowerCase(Locale.ROOT));
    }

    static Optional<String> part(String key, String name) {
        int at = key.lastIndexOf('@');
        String user = at < 0 ? key : key.substring(0, at);
        String domain = at < 0 ? "" : key.substring(at + 1);
        String part = switch (name) {
            case "s", "S" -> key;
            case "u", "U" -> user;
            case "d", "D" -> domain;
            default -> label(at < 0 ? key : domain, name);
        };
        return part.isEmpty() ? Optional.empty() : Optional.of(part);
    }

    private static String label(String domain, String number) {
        if (number.length() != 1 || number.charAt(0) < '1' || number.charAt(0) > '9') {
            return "";
        }
        String[] labels = domain.split("\\.");
        int from = labels.length - (number.charAt(0) - '0');
        return from < 0 ? "" : labels[from];
    }
}
