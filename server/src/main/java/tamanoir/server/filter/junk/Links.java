package tamanoir.server.filter.junk;

import java.util.Locale;
import java.util.Set;

/// Reads web addresses as browsers do, not as standards wish.
final class Links {
    /// Names under which whole countries register, so that three labels make a domain. Only what is common: a miss
    /// makes two domains look like one, nothing worse.
    private static final Set<String> SECOND = Set.of("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "gob");

    private Links() {}

    /// What stands between `//` and the path, in lower case.
    static String authority(String target) {
        int from = target.indexOf("//");
        if (from < 0) {
            return "";
        }
        from += 2;
        int end = from;
        while (end < target.length() && "/?#\\".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return target.substring(from, end).toLowerCase(Locale.ROOT);
    }

    static String host(String target) {
        String authority = authority(target);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = host.indexOf(':');
        return colon < 0 || host.startsWith("[") ? host : host.substring(0, colon);
    }

    static boolean isNumber(String host) {
        if (host.startsWith("[") || host.startsWith("0x")) {
            return true;
        }
        return !host.isEmpty() && host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /// The domain that somebody registered.
    static String registered(String host) {
        String[] labels = host.split("\\.");
        int n = labels.length;
        if (n <= 2 || isNumber(host)) {
            return host;
        }
        boolean third = labels[n - 1].length() == 2 && SECOND.contains(labels[n - 2]);
        return String.join(".", java.util.Arrays.asList(labels).subList(third ? n - 3 : n - 2, n));
    }
}
