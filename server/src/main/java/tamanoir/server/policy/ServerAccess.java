package tamanoir.server.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.dns.Mx;
import tamanoir.server.config.Cidr;
import tamanoir.server.policy.AccessTables.Spot;
import tamanoir.server.policy.RestrictionList.Check;
import tamanoir.server.tables.AddressLookup.Found;
import tamanoir.server.tables.LookupTable;

/// The `check_…_a_access`, `check_…_mx_access` and `check_…_ns_access` restrictions: tables that are asked
/// about the hosts that serve a domain, since those change less than the names that spammers make up.
/// Immutable.
final class ServerAccess {
    /// Hosts of one domain that are looked at.
    private static final int MOST_SERVERS = 20;

    private final AccessTables tables;
    private final Dns dns;

    ServerAccess(AccessTables tables, Dns dns) {
        this.tables = tables;
        this.dns = dns;
    }

    /// Which hosts of a domain are meant.
    enum Servers {
        A,
        MX,
        NS
    }

    /// Whose domain is meant: empty where there is none.
    static Optional<String> client(Question q) {
        return known(q.client().name());
    }

    static Optional<String> reverseClient(Question q) {
        return known(q.client().reverseName());
    }

    static Optional<String> helo(Question q) {
        return q.helo().isEmpty() ? Optional.empty() : Optional.of(q.helo());
    }

    static Optional<String> sender(Question q) {
        return q.from() instanceof ReversePath.Sender some
                ? Optional.of(some.address().domain().ascii())
                : Optional.empty();
    }

    static Optional<String> recipient(Question q) {
        return q.to().map(address -> address.domain().ascii());
    }

    private static Optional<String> known(String name) {
        return name.equals(Client.UNKNOWN) ? Optional.empty() : Optional.of(name);
    }

    Check check(
            String restriction,
            Servers servers,
            About about,
            Function<Question, Optional<String>> domain,
            LookupTable table,
            Spot spot) {
        return (q, carry) -> {
            Optional<String> name = domain.apply(q);
            return name.isEmpty()
                    ? Ruling.DUNNO
                    : AccessTables.withoutPermit(
                            restriction, tables.ruled(spot, about, q, carry, table, found(servers, name.get(), table)));
        };
    }

    /// The first entry for one of the hosts: its name, then its addresses. What cannot be looked up is
    /// passed over (postconf(5)): whoever runs the name servers of a spammer would else decide.
    private Optional<Found> found(Servers servers, String domain, LookupTable table) {
        if (domain.startsWith("[")) {
            return servers == Servers.NS
                    ? Optional.empty()
                    : HostNames.literal(domain).flatMap(address -> tables.forNetwork(table, address));
        }
        for (String host : hosts(servers, domain)) {
            Optional<InetAddress> literal = Cidr.literal(host);
            if (literal.isPresent()) {
                Optional<Found> found = tables.forNetwork(table, literal.get());
                if (found.isPresent()) {
                    return found;
                }
                continue;
            }
            Optional<Found> byName = servers == Servers.A ? Optional.empty() : tables.forHost(table, host);
            if (byName.isPresent()) {
                return byName;
            }
            for (InetAddress address : dns.addresses(host).recordsOrNone()) {
                Optional<Found> found = tables.forNetwork(table, address);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private List<String> hosts(Servers servers, String domain) {
        String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        if (!HostNames.isHostName(name)) {
            return Cidr.literal(name).isPresent() && servers != Servers.NS ? List.of(name) : List.of();
        }
        List<String> all = switch (servers) {
            case A -> List.of(name);
            case MX -> exchangers(name);
            case NS -> nameServers(name);
        };
        return all.subList(0, Math.min(MOST_SERVERS, all.size()));
    }

    /// A domain without mail exchangers is its own (RFC 5321 §5.1); one that wants no mail has none.
    private List<String> exchangers(String name) {
        return switch (dns.mx(name)) {
            case Answer.Found<Mx> found ->
                found.records().stream()
                        .filter(mx -> !mx.isRoot())
                        .map(Mx::host)
                        .toList();
            case Answer.NoData<Mx> _, Answer.NoSuchName<Mx> _ -> List.of(name);
            case Answer.Failed<Mx> _ -> List.of();
        };
    }

    /// Those of the closest domain above that has any.
    private List<String> nameServers(String name) {
        String domain = name.toLowerCase(Locale.ROOT);
        while (true) {
            switch (dns.ns(domain)) {
                case Answer.Found<String> found -> {
                    return found.records();
                }
                case Answer.Failed<String> _ -> {
                    return List.of();
                }
                case Answer.NoData<String> _, Answer.NoSuchName<String> _ -> {
                    int dot = domain.indexOf('.');
                    if (dot < 0 || dot + 1 == domain.length()) {
                        return List.of();
                    }
                    domain = domain.substring(dot + 1);
                }
            }
        }
    }
}
