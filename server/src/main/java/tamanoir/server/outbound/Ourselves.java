package tamanoir.server.outbound;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// How this server recognizes itself among mail exchangers: its names, its addresses (`inet_interfaces`,
/// `proxy_interfaces`) and the ports on which it takes mail from others.
public record Ourselves(Set<String> names, Set<InetAddress> addresses, Set<Integer> ports) {
    public Ourselves {
        names = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        addresses = Set.copyOf(addresses);
        ports = Set.copyOf(ports);
    }

    /// As the name of a mail exchanger. `localhost` is nobody else, whoever publishes it.
    boolean isName(String host) {
        return names.contains(host) || host.equals("localhost") || host.endsWith(".localhost");
    }

    /// Whether a connection there would come back to us.
    boolean isAddress(InetAddress address, int port) {
        return ports.contains(port)
                && (address.isLoopbackAddress() || address.isAnyLocalAddress() || addresses.contains(address));
    }
}
