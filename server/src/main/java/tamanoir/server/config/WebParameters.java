package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
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

    public static final Parameter<Integer> WEBMAIL_PASSWORD_MINIMUM_LENGTH = Parameter.count(
            "webmail_password_minimum_length",
            8,
            1,
            200,
            "Characters that a password has at least when its owner changes it.");
    public static final Parameter<Duration> HTTP_STRICT_TRANSPORT_SECURITY = Parameter.time(
            "http_strict_transport_security",
            "0",
            ChronoUnit.SECONDS,
            "How long browsers remember to come by https only (RFC 6797), 0 for not at all;"
                    + " set it when the certificate is one that browsers trust.");
    public static final Parameter<List<String>> WEBMAIL_HOSTS = Parameter.list(
            "webmail_hosts",
            "",
            "Host names under which webmail and JMAP are served, beside those of this machine; empty for every name.");
    public static final Parameter<Integer> HTTP_CLIENT_REQUEST_RATE_LIMIT = Parameter.count(
            "http_client_request_rate_limit",
            6_000,
            0,
            Integer.MAX_VALUE,
            "Requests of one client address a minute, 0 for no limit; an office has one address for many people.");
    public static final Parameter<Long> HTTP_MINIMUM_DATA_RATE = Parameter.octets(
            "http_minimum_data_rate",
            500,
            "Octets a second that a client sends at least while its request comes in, 0 for no limit.");

    public static final Parameter<Integer> HTTP_CLIENT_CONNECTION_COUNT_LIMIT = Parameter.count(
            "http_client_connection_count_limit",
            100,
            0,
            Integer.MAX_VALUE,
            "Connections of one client address to a web port at the same time, 0 for no limit; a browser opens 1 to 6.");
    public static final Parameter<List<String>> HTTP_CLIENT_LIMIT_EXCEPTIONS = Parameter.addresses(
            "http_client_limit_exceptions",
            "127.0.0.0/8, ::1/128",
            "Clients whose connections and requests are not counted, such as a proxy in front.");
    public static final Parameter<Duration> HTTP_HEADER_TIME_LIMIT = Parameter.time(
            "http_header_time_limit",
            "20s",
            ChronoUnit.SECONDS,
            "How long the header of a request, or a TLS handshake, may take to come in.");
    public static final Parameter<Optional<Path>> HTTP_ACCESS_LOG = Parameter.file(
            "http_access_log",
            "",
            "File of all requests in the combined format, empty for none; {host} in its name makes one for each of"
                    + " webmail_hosts and one, \"other\", for the rest. Renamed files are begun anew.");
    public static final Parameter<Optional<Path>> HTTP_ERROR_LOG = Parameter.file(
            "http_error_log",
            "",
            "File of the requests that were refused or failed, with the reason, empty for none; {host} as in"
                    + " http_access_log.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                HTTP_PORT,
                HTTPS_PORT,
                HTTP_IDLE_TIMEOUT,
                HTTP_HEADER_LIMIT,
                WEBMAIL_SESSION_IDLE_TIMEOUT,
                WEBMAIL_SESSION_LIFETIME,
                WEBMAIL_PASSWORD_MINIMUM_LENGTH,
                HTTP_STRICT_TRANSPORT_SECURITY,
                WEBMAIL_HOSTS,
                HTTP_CLIENT_REQUEST_RATE_LIMIT,
                HTTP_MINIMUM_DATA_RATE,
                HTTP_CLIENT_CONNECTION_COUNT_LIMIT,
                HTTP_CLIENT_LIMIT_EXCEPTIONS,
                HTTP_HEADER_TIME_LIMIT,
                HTTP_ACCESS_LOG,
                HTTP_ERROR_LOG);
    }
}
