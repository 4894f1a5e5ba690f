package tamanoir.server.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.DnsParameters;

/// Whom to ask and how long.
///
/// @param servers those of the administrator; none means those of `resolvConf`
/// @param timeout for one answer of one server
/// @param attempts rounds through all servers
/// @param trustValidation whether servers elsewhere are believed when they say "secure"
/// @param cacheSize answers in memory at most
public record DnsSettings(
        List<InetSocketAddress> servers,
        Path resolvConf,
        Duration timeout,
        int attempts,
        boolean trustValidation,
        int cacheSize) {
    public static final int PORT = 53;

    public DnsSettings {
        servers = List.copyOf(servers);
    }

    /// @throws BadSyntax when a server is no address
    public static DnsSettings from(Config config) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String word : config.get(DnsParameters.DNS_SERVERS)) {
            servers.add(server(word));
        }
        return new DnsSettings(
                servers,
                Path.of("/etc/resolv.conf"),
                config.get(DnsParameters.DNS_TIMEOUT),
                config.get(DnsParameters.DNS_ATTEMPTS),
                config.get(DnsParameters.DNS_TRUST_VALIDATION),
                config.get(DnsParameters.DNS_CACHE_SIZE));
    }

    /// `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`
    static InetSocketAddress server(String text) {
        String address = text;
        int port = PORT;
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (text.startsWith("[") ? colon > text.indexOf(']') : text.indexOf(':') == colon);
        try {
            if (hasPort) {
                port = Integer.parseInt(text.substring(colon + 1));
                address = text.substring(0, colon);
            }
            return new InetSocketAddress(InetAddress.ofLiteral(address.replaceFirst("^\\[(.*)]$", "$1")), port);
        } catch (IllegalArgumentException _) {
            throw new BadSyntax("dns_servers: \"" + text + "\" is no address of a name server; write 192.0.2.53, "
                    + "192.0.2.53:5353 or [2001:db8::53]:5353");
        }
    }
}
