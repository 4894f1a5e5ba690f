package tamanoir.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.SmtpdParameters;

/// Where one service listens and how many may come: `smtp`, `imaps`, …
///
/// `openingLimit` is the time for what comes before the first word: the handshake with `tlsFromStart`.
public record Service(
        String name,
        List<InetSocketAddress> addresses,
        boolean tlsFromStart,
        Limits limits,
        Proxies proxies,
        Duration openingLimit,
        int backlog) {
    private static final int BACKLOG = 1024;

    /// Doors of programs beside us.
    private static final Set<String> INSIDE = Set.of("lmtp", "reinject");

    /// With the usual number of connections that the system keeps waiting.
    public Service(
            String name,
            List<InetSocketAddress> addresses,
            boolean tlsFromStart,
            Limits limits,
            Proxies proxies,
            Duration openingLimit) {
        this(name, addresses, tlsFromStart, limits, proxies, openingLimit, BACKLOG);
    }

    public Service {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(name + " has no address to listen on");
        }
    }

    /// What main.cf says about one service; `config` is already that service's view. `perClient` connections of one
    /// client at a time, 0 for no limit; `exempt` are the clients of smtpd_client_event_limit_exceptions.
    public static Service from(
            Config config, String name, int port, boolean tlsFromStart, int perClient, Predicate<InetAddress> exempt)
            throws IOException {
        return new Service(
                name,
                addresses(config, name, port),
                tlsFromStart,
                new Limits(
                        config.get(NetParameters.CONNECTION_COUNT_LIMIT),
                        perClient == 0 ? Integer.MAX_VALUE : perClient,
                        config.get(SmtpdParameters.SMTPD_CLIENT_IPV6_PREFIX_LENGTH),
                        exempt),
                Proxies.from(config),
                config.get(NetParameters.TLS_HANDSHAKE_TIME_LIMIT),
                config.get(NetParameters.CONNECTION_BACKLOG));
    }

    /// The addresses that main.cf lets this service listen on; `config` is its view. The doors of programs beside
    /// us, which trust who comes there, stand on loopback unless `inet_interfaces` is set for them alone.
    public static List<InetSocketAddress> addresses(Config config, String name, int port) throws IOException {
        boolean inside = INSIDE.contains(name) && !config.isOwn(NetParameters.INET_INTERFACES);
        return Interfaces.listening(
                inside ? List.of("loopback-only") : config.get(NetParameters.INET_INTERFACES),
                config.get(NetParameters.INET_PROTOCOLS),
                port);
    }

    /// Without a proxy in front, in clear, with default limits: for tests and small things.
    public static Service plain(String name, InetSocketAddress address) {
        return new Service(name, List.of(address), false, Limits.DEFAULT, Proxies.NONE, Duration.ofSeconds(30));
    }

    /// `total` counts the clients of all services together, `perClient` one IPv4 address or one IPv6 network of
    /// `ipv6PrefixLength` bits (smtpd_client_ipv6_prefix_length) at this one; `exempt` clients are counted
    /// in `total` only.
    public record Limits(int total, int perClient, int ipv6PrefixLength, Predicate<InetAddress> exempt) {
        public static final Limits DEFAULT = new Limits(10_000, 50, 84, _ -> false);
    }

    /// Which peers announce the real client in a PROXY header, and how long they may take for it. A header from
    /// anybody else is what it looks like: nonsense before the first command.
    public record Proxies(Predicate<InetAddress> believed, Duration limit) {
        public static final Proxies NONE = new Proxies(_ -> false, Duration.ofSeconds(5));

        static Proxies from(Config config) {
            Duration limit = config.get(NetParameters.SMTPD_UPSTREAM_PROXY_TIMEOUT);
            return switch (config.get(NetParameters.SMTPD_UPSTREAM_PROXY_PROTOCOL)) {
                case NONE -> new Proxies(_ -> false, limit);
                case HAPROXY -> {
                    List<String> hosts = config.get(NetParameters.UPSTREAM_PROXY_HOSTS);
                    List<Cidr> ranges = hosts.stream().map(Cidr::of).toList();
                    yield new Proxies(
                            ranges.isEmpty()
                                    ? _ -> true
                                    : address -> ranges.stream().anyMatch(range -> range.contains(address)),
                            limit);
                }
            };
        }
    }
}
