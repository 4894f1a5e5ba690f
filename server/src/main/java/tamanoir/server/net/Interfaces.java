package tamanoir.server.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tamanoir.server.config.NetParameters.InternetProtocol;

/// What inet_interfaces and inet_protocols mean on this machine.
final class Interfaces {
    private Interfaces() {}

    /// The addresses to listen on. `all` is one socket for both families where the machine has both.
    ///
    /// @throws IOException when a name has no address, or nothing is left to listen on
    static List<InetSocketAddress> listening(List<String> interfaces, List<InternetProtocol> protocols, int port)
            throws IOException {
        boolean ipv4 = protocols.contains(InternetProtocol.ALL) || protocols.contains(InternetProtocol.IPV4);
        boolean ipv6 =
                (protocols.contains(InternetProtocol.ALL) || protocols.contains(InternetProtocol.IPV6)) && hasIpv6();
        Set<InetAddress> chosen = new LinkedHashSet<>();
        for (String word : interfaces) {
            switch (word.toLowerCase(java.util.Locale.ROOT)) {
                case "all" -> {
                    if (ipv6) {
                        chosen.add(InetAddress.ofLiteral("::")); // Takes IPv4 as well, unless that is off.
                    }
                    if (ipv4 && !ipv6) {
                        chosen.add(InetAddress.ofLiteral("0.0.0.0"));
                    }
                }
                case "loopback-only", "localhost" -> {
                    if (ipv4) {
                        chosen.add(InetAddress.ofLiteral("127.0.0.1"));
                    }
                    if (ipv6) {
                        chosen.add(InetAddress.ofLiteral("::1"));
                    }
                }
                default -> {
                    for (InetAddress address : resolve(word)) {
                        if (address instanceof Inet4Address ? ipv4 : ipv6) {
                            chosen.add(address);
                        }
                    }
                }
            }
        }
        if (chosen.isEmpty()) {
            throw new IOException("inet_interfaces = " + String.join(", ", interfaces) + " with inet_protocols = "
                    + protocols.toString().toLowerCase(java.util.Locale.ROOT)
                    + " leaves no address of this machine to listen on");
        }
        return chosen.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private static InetAddress[] resolve(String word) throws IOException {
        try {
            return InetAddress.getAllByName(word.replaceFirst("^\\[(.*)]$", "$1"));
        } catch (UnknownHostException e) {
            throw new IOException("inet_interfaces: \"" + word + "\" is no address and no name that has one", e);
        }
    }

    private static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException _) {
            return false;
        }
    }
}
