package tamanoir.server.setup;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.dns.Answer;
import tamanoir.server.setup.Checks.Ground;
import tamanoir.server.setup.Finding.Grade;

/// Does the machine have a full name, and do name and address lead to each other?
final class NameChecks {
    /// Names that mean something only at home (RFC 6761, RFC 6762 appendix G, RFC 8375).
    private static final Set<String> AT_HOME = Set.of(
            "local", "localhost", "localdomain", "lan", "home", "internal", "intranet", "private", "corp", "arpa");

    private final Ground ground;
    private final Addresses addresses;
    private final String host;

    private NameChecks(Ground ground, Addresses addresses) {
        this.ground = ground;
        this.addresses = addresses;
        this.host = ground.host();
    }

    static List<Check> all(Ground ground, Addresses addresses) {
        NameChecks names = new NameChecks(ground, addresses);
        return List.of(
                Check.of("name", names::name),
                Check.of("forward", names::forward),
                Check.of("reverse", names::reverse),
                Check.of("ipv6", names::ipv6));
    }

    static boolean isFull(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return host.indexOf('.') > 0 && !AT_HOME.contains(last);
    }

    /// RFC 5321 §2.3.5: only resolvable, fully-qualified domain names are permitted.
    private Finding name() {
        Map<String, String> values = Map.of("host", host);
        return isFull(host)
                ? Finding.of("name", Grade.OK, "ok", values)
                : Finding.of("name", Grade.FAIL, "short", values);
    }

    private Finding forward() {
        Answer<InetAddress> answer = ground.dns().addresses(host);
        if (answer.isFailed()) {
            return Finding.of("forward", Grade.UNKNOWN, "unknown", Map.of("host", host));
        }
        List<InetAddress> found = answer.recordsOrNone();
        Map<String, String> values =
                Map.of("host", host, "found", Addresses.text(found), "own", Addresses.text(addresses.visible()));
        if (found.isEmpty()) {
            return Finding.of("forward", Grade.FAIL, "none", values);
        }
        if (addresses.visible().isEmpty()) {
            return Finding.of("forward", Grade.OK, "behind", values);
        }
        return addresses.visible().containsAll(found)
                ? Finding.of("forward", Grade.OK, "ok", values)
                : Finding.of("forward", Grade.FAIL, "elsewhere", values);
    }

    /// RFC 1912 §2.1; large receivers refuse mail from an address whose name does not lead back to it.
    private Finding reverse() {
        List<InetAddress> asked = new ArrayList<>(addresses.visible());
        if (asked.isEmpty()) {
            asked.addAll(ground.dns().addresses(host).recordsOrNone());
        }
        if (asked.isEmpty()) {
            return Finding.of("reverse", Grade.UNKNOWN, "noAddress", Map.of("host", host));
        }
        List<String> wrong = new ArrayList<>();
        List<String> right = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (InetAddress address : asked) {
            String text = Addresses.text(address);
            Answer<String> names = ground.dns().ptr(address);
            if (names.isFailed()) {
                return Finding.of("reverse", Grade.UNKNOWN, "unknown", Map.of("address", text));
            }
            if (names.recordsOrNone().isEmpty()) {
                missing.add(text);
            } else if (names.recordsOrNone().contains(host.toLowerCase(Locale.ROOT))) {
                right.add(text);
            } else {
                wrong.add(text + " → " + names.recordsOrNone().getFirst());
            }
        }
        if (!missing.isEmpty()) {
            return Finding.of(
                    "reverse", Grade.FAIL, "none", Map.of("addresses", String.join(", ", missing), "host", host));
        }
        return wrong.isEmpty()
                ? Finding.of("reverse", Grade.OK, "ok", Map.of("addresses", String.join(", ", right), "host", host))
                : Finding.of("reverse", Grade.FAIL, "other", Map.of("names", String.join(", ", wrong), "host", host));
    }

    private Finding ipv6() {
        List<InetAddress> own = addresses.six();
        Answer<InetAddress> answer = ground.dns().aaaa(host);
        if (own.isEmpty()) {
            boolean announced = answer.recordsOrNone().stream().anyMatch(Inet6Address.class::isInstance);
            return announced && !addresses.visible().isEmpty()
                    ? Finding.of("ipv6", Grade.FAIL, "announced", Map.of("host", host))
                    : Finding.of("ipv6", Grade.OK, "none");
        }
        Map<String, String> values = Map.of("host", host, "addresses", Addresses.text(own));
        if (answer.isFailed()) {
            return Finding.of("ipv6", Grade.UNKNOWN, "unknown", values);
        }
        return answer.recordsOrNone().isEmpty()
                ? Finding.of("ipv6", Grade.WARN, "unnamed", values)
                : Finding.of("ipv6", Grade.OK, "ok", values);
    }
}
