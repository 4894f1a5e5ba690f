package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;

/// The managesieve service.
public final class ManageSieveParameters {
    private ManageSieveParameters() {}

    public static final Parameter<OptionalInt> MANAGESIEVE_PORT =
            Parameter.port("managesieve_port", "4190", "Port of the managesieve service (RFC 5804).");
    public static final Parameter<Duration> MANAGESIEVE_TIMEOUT = Parameter.time(
            "managesieve_timeout",
            "30m",
            ChronoUnit.MINUTES,
            "How long a session may be silent; RFC 5804 §1.2 asks for at least 30 minutes.");
    public static final Parameter<Duration> MANAGESIEVE_LOGIN_TIMEOUT = Parameter.time(
            "managesieve_login_timeout",
            "${stress?{10}:{60}}s",
            ChronoUnit.SECONDS,
            "How long a session may take to log in.");
    public static final Parameter<ImapParameters.PlaintextLogin> MANAGESIEVE_PLAINTEXT_LOGIN = Parameter.choice(
            "managesieve_plaintext_login",
            ImapParameters.PlaintextLogin.values(),
            "$imap_plaintext_login",
            "Who may log in without TLS: nobody (never), clients on this machine (loopback), all (always).");
    public static final Parameter<Integer> MANAGESIEVE_ERROR_LIMIT = Parameter.count(
            "managesieve_error_limit", 20, 1, Integer.MAX_VALUE, "Bad commands in a row after which the session ends.");
    public static final Parameter<Integer> MANAGESIEVE_CLIENT_CONNECTION_COUNT_LIMIT = Parameter.count(
            "managesieve_client_connection_count_limit",
            100,
            0,
            Integer.MAX_VALUE,
            "Connections of one client address at a time, 0 for no limit; a webmail of yours counts as one client.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                MANAGESIEVE_PORT,
                MANAGESIEVE_TIMEOUT,
                MANAGESIEVE_LOGIN_TIMEOUT,
                MANAGESIEVE_PLAINTEXT_LOGIN,
                MANAGESIEVE_ERROR_LIMIT,
                MANAGESIEVE_CLIENT_CONNECTION_COUNT_LIMIT);
    }
}
