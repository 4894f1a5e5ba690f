package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;

/// The web part: JMAP, the webmail, set-up.
public final class WebParameters {
    private WebParameters() {}

    public static final Parameter<OptionalInt> HTTP_PORT =
            Parameter.port("http_port", "80", "Port of the http service; all but loopback is sent on to https.");
    public static final Parameter<OptionalInt> HTTPS_PORT =
            Parameter.port("https_port", "443", "Port of the https service: webmail and JMAP.");
    public static final Parameter<Duration> HTTP_IDLE_TIMEOUT = Parameter.time(
            "http_idle_timeout", "60s", ChronoUnit.SECONDS, "How long a connection may be silent within a request.");
    public static final Parameter<Long> HTTP_HEADER_LIMIT =
            Parameter.octets("http_header_limit", 16384, "Octets of the header of a request at most.");
    public static final Parameter<Duration> WEBMAIL_SESSION_IDLE_TIMEOUT = Parameter.time(
            "webmail_session_idle_timeout",
            "14d",
            ChronoUnit.DAYS,
            "How long a webmail session lives without being used.");
    public static final Parameter<Duration> WEBMAIL_SESSION_LIFETIME = Parameter.time(
            "webmail_session_lifetime", "90d", ChronoUnit.DAYS, "How long a webmail session lives at most.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                HTTP_PORT,
                HTTPS_PORT,
                HTTP_IDLE_TIMEOUT,
                HTTP_HEADER_LIMIT,
                WEBMAIL_SESSION_IDLE_TIMEOUT,
                WEBMAIL_SESSION_LIFETIME);
    }
}
