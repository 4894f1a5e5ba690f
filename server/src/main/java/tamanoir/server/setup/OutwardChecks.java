package tamanoir.server.setup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.server.config.SetupParameters;
import tamanoir.server.setup.Checks.Ground;
import tamanoir.server.setup.Finding.Grade;

/// Does mail get out: is port 25 open outwards, and is the own address on a block list?
final class OutwardChecks {
    private static final int SMTP = 25;

    private OutwardChecks() {}

    static List<Check> all(Ground ground, Addresses addresses) {
        return List.of(Check.of("port25", () -> port25(ground)), Check.of("listed", () -> listed(ground, addresses)));
    }

    /// Calls the servers of well-known domains until one greets. Nothing is said to them.
    private static Finding port25(Ground ground) {
        List<String> targets = ground.config().get(SetupParameters.SETUP_PORT25_TARGETS);
        List<String> silent = new ArrayList<>();
        for (String target : targets) {
            HostAndPort where = HostAndPort.of(target, SMTP);
            for (InetAddress address : servers(ground.dns(), where)) {
                try (Call call = Call.to(new InetSocketAddress(address, where.port()))) {
                    if (call.line().startsWith("220")) {
                        return Finding.of("port25", Grade.OK, "ok", Map.of("target", target));
                    }
                    silent.add(target);
                } catch (IOException _) {
                    silent.add(target);
                }
            }
        }
        return silent.isEmpty()
                ? Finding.of("port25", Grade.UNKNOWN, "unknown", Map.of("targets", String.join(", ", targets)))
                : Finding.of(
                        "port25",
                        Grade.FAIL,
                        "closed",
                        Map.of(
                                "targets",
                                String.join(", ", silent.stream().distinct().toList())));
    }

    /// One address of the best server; IPv4 where there is one, as a closed port shows there for certain.
    private static List<InetAddress> servers(Dns dns, HostAndPort where) {
        if (where.literal().isPresent()) {
            return List.of(where.literal().get());
        }
        for (Mx mx : dns.mx(where.host()).recordsOrNone()) {
            List<InetAddress> four = dns.a(mx.host()).recordsOrNone();
            List<InetAddress> any = four.isEmpty() ? dns.aaaa(mx.host()).recordsOrNone() : four;
            if (!any.isEmpty()) {
                return List.of(any.getFirst());
            }
        }
        return List.of();
    }

    /// RFC 5782 §2.1.
    private static Finding listed(Ground ground, Addresses addresses) {
        List<String> lists = ground.config().get(SetupParameters.SETUP_BLOCKLISTS);
        if (lists.isEmpty() || addresses.four().isEmpty()) {
            return Finding.of("listed", Grade.UNKNOWN, lists.isEmpty() ? "off" : "noAddress");
        }
        List<String> found = new ArrayList<>();
        for (InetAddress address : addresses.four()) {
            byte[] octets = address.getAddress();
            String reversed =
                    (octets[3] & 0xff) + "." + (octets[2] & 0xff) + "." + (octets[1] & 0xff) + "." + (octets[0] & 0xff);
            for (String list : lists) {
                Answer<InetAddress> answer = ground.dns().a(reversed + "." + list);
                List<InetAddress> codes = answer.recordsOrNone();
                // 127.255.255.x is no listing but "you may not ask": through a public resolver for example.
                if (answer.isFailed()
                        || codes.stream().anyMatch(code -> Addresses.text(code).startsWith("127.255."))) {
                    return Finding.of("listed", Grade.UNKNOWN, "unknown", Map.of("list", list));
                }
                if (!codes.isEmpty()) {
                    found.add(Addresses.text(address) + " (" + list + ")");
                }
            }
        }
        return found.isEmpty()
                ? Finding.of("listed", Grade.OK, "ok", Map.of("lists", String.join(", ", lists)))
                : Finding.of("listed", Grade.FAIL, "listed", Map.of("found", String.join(", ", found)));
    }
}
