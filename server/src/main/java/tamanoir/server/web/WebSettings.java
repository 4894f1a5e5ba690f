package tamanoir.server.web;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tamanoir.server.config.AuthresultsParameters;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.WebParameters;

/// What main.cf says about the web part.
record WebSettings(
        OptionalInt httpPort,
        OptionalInt httpsPort,
        Duration idleTimeout,
        Duration sessionIdle,
        Duration sessionLifetime,
        int headerLimit,
        int shortestPassword,
        Duration strictTransport,
        Set<String> hosts,
        int requestsPerMinute,
        int dataRate,
        int connectionsPerClient,
        List<Cidr> exempt,
        Duration headerTime,
        Optional<Path> accessLog,
        Optional<Path> errorLog,
        String resultsName,
        Autoconfig.Ports mail) {
    WebSettings {
        hosts = Set.copyOf(hosts);
        exempt = List.copyOf(exempt);
    }

    /// Whether connections and requests of this client are counted.
    boolean isCounted(InetAddress client) {
        return exempt.stream().noneMatch(block -> block.contains(client));
    }

    static WebSettings from(Config config) {
        return new WebSettings(
                config.port(WebParameters.HTTP_PORT),
                config.port(WebParameters.HTTPS_PORT),
                config.get(WebParameters.HTTP_IDLE_TIMEOUT),
                config.get(WebParameters.WEBMAIL_SESSION_IDLE_TIMEOUT),
                config.get(WebParameters.WEBMAIL_SESSION_LIFETIME),
                config.get(WebParameters.HTTP_HEADER_LIMIT).intValue(),
                config.get(WebParameters.WEBMAIL_PASSWORD_MINIMUM_LENGTH),
                config.get(WebParameters.HTTP_STRICT_TRANSPORT_SECURITY),
                hosts(config),
                config.get(WebParameters.HTTP_CLIENT_REQUEST_RATE_LIMIT),
                config.get(WebParameters.HTTP_MINIMUM_DATA_RATE).intValue(),
                config.get(WebParameters.HTTP_CLIENT_CONNECTION_COUNT_LIMIT),
                config.get(WebParameters.HTTP_CLIENT_LIMIT_EXCEPTIONS).stream()
                        .map(Cidr::of)
                        .toList(),
                config.get(WebParameters.HTTP_HEADER_TIME_LIMIT),
                config.get(WebParameters.HTTP_ACCESS_LOG),
                config.get(WebParameters.HTTP_ERROR_LOG),
                config.get(AuthresultsParameters.AUTHSERV_ID),
                Autoconfig.Ports.from(config));
    }

    /// Those of the parameter and this machine's own; none for every name.
    private static Set<String> hosts(Config config) {
        List<String> named = config.get(WebParameters.WEBMAIL_HOSTS);
        Set<String> hosts = new TreeSet<>();
        if (!named.isEmpty()) {
            named.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
            hosts.add(config.get(NetParameters.MYHOSTNAME).toLowerCase(Locale.ROOT));
        }
        return hosts;
    }
}
