package tamanoir.server.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// Where one service listens and how many may come: `smtp`, `imaps`, …
///
/// `openingLimit` is the time for what comes before the first word: a PROXY header and, with `tlsFromStart`, the
/// handshake.
public record Service(
        String name,
        List<InetSocketAddress> addresses,
        boolean tlsFromStart,
        Limits limits,
        Predicate<InetAddress> proxies,
        Duration openingLimit) {
    public Service {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(name + " has no address to listen on");
        }
    }

    /// Without a proxy in front, in clear, with default limits: for tests and small things.
    public static Service plain(String name, InetSocketAddress address) {
        return new Service(name, List.of(address), false, Limits.DEFAULT, _ -> false, Duration.ofSeconds(30));
    }

    /// `perClient` counts one IPv4 address or one IPv6 network of `ipv6PrefixLength` bits
    /// (smtpd_client_ipv6_prefix_length); `exempt` clients are counted in `total` only.
    public record Limits(int total, int perClient, int ipv6PrefixLength, Predicate<InetAddress> exempt) {
        public static final Limits DEFAULT = new Limits(10_000, 50, 84, _ -> false);
    }
}
