package tamanoir.server.web;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.server.config.Config;
import tamanoir.server.config.WebParameters;

/// What main.cf says about the web part.
record WebSettings(
        OptionalInt httpPort,
        OptionalInt httpsPort,
        Duration idleTimeout,
        Duration sessionIdle,
        Duration sessionLifetime,
        int headerLimit,
        int freeFailures,
        int shortestPassword,
        Duration strictTransport,
        Set<String> hosts,
        int requestsPerMinute,
        int dataRate) {
    WebSettings {
        hosts = Set.copyOf(hosts);
    }

    static WebSettings from(Config config) {
        return new WebSettings(
                config.port(WebParameters.HTTP_PORT),
                config.port(WebParameters.HTTPS_PORT),
                config.get(WebParameters.HTTP_IDLE_TIMEOUT),
                config.get(WebParameters.WEBMAIL_SESSION_IDLE_TIMEOUT),
                config.get(WebParameters.WEBMAIL_SESSION_LIFETIME),
                config.get(WebParameters.HTTP_HEADER_LIMIT).intValue(),
                config.get(WebParameters.WEBMAIL_SIGN_IN_FAILURE_LIMIT),
                config.get(WebParameters.WEBMAIL_PASSWORD_MINIMUM_LENGTH),
                config.get(WebParameters.HTTP_STRICT_TRANSPORT_SECURITY),
                config.get(WebParameters.WEBMAIL_HOSTS).stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                config.get(WebParameters.HTTP_CLIENT_REQUEST_RATE_LIMIT),
                config.get(WebParameters.HTTP_MINIMUM_DATA_RATE).intValue());
    }
}
