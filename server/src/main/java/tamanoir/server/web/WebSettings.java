package tamanoir.server.web;

import java.time.Duration;
import java.util.OptionalInt;
import tamanoir.server.config.Config;
import tamanoir.server.config.WebParameters;

/// What main.cf says about the web part.
record WebSettings(
        OptionalInt httpPort,
        OptionalInt httpsPort,
        Duration idleTimeout,
        Duration sessionIdle,
        Duration sessionLifetime,
        int headerLimit) {
    static WebSettings from(Config config) {
        return new WebSettings(
                config.port(WebParameters.HTTP_PORT),
                config.port(WebParameters.HTTPS_PORT),
                config.get(WebParameters.HTTP_IDLE_TIMEOUT),
                config.get(WebParameters.WEBMAIL_SESSION_IDLE_TIMEOUT),
                config.get(WebParameters.WEBMAIL_SESSION_LIFETIME),
                config.get(WebParameters.HTTP_HEADER_LIMIT).intValue());
    }
}
