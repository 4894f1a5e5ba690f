package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;

/// The POP3 services.
public final class Pop3Parameters {
    private Pop3Parameters() {}

    public static final Parameter<OptionalInt> POP3_PORT =
            Parameter.port("pop3_port", "110", "Port of the pop3 service.");
    public static final Parameter<OptionalInt> POP3S_PORT =
            Parameter.port("pop3s_port", "995", "Port of the pop3s service, TLS from the first byte.");
    public static final Parameter<String> POP3_BANNER =
            Parameter.text("pop3_banner", "$myhostname POP3 ready", "The text of the greeting.");
    public static final Parameter<Duration> POP3_TIMEOUT = Parameter.time(
            "pop3_timeout",
            "10m",
            ChronoUnit.MINUTES,
            "How long a session may be silent; RFC 1939 §3 asks for at least 10 minutes.");
    public static final Parameter<Duration> POP3_LOGIN_TIMEOUT = Parameter.time(
            "pop3_login_timeout", "${stress?{10}:{60}}s", ChronoUnit.SECONDS, "How long a session may take to log in.");
    public static final Parameter<ImapParameters.PlaintextLogin> POP3_PLAINTEXT_LOGIN = Parameter.choice(
            "pop3_plaintext_login",
            ImapParameters.PlaintextLogin.values(),
            "$imap_plaintext_login",
            "Who may log in without TLS: nobody (never), clients on this machine (loopback), all (always).");
    public static final Parameter<Integer> POP3_ERROR_LIMIT = Parameter.count(
            "pop3_error_limit", 20, 1, Integer.MAX_VALUE, "Bad commands in a row after which the session ends.");
    public static final Parameter<Integer> POP3_SESSION_LIMIT_PER_ACCOUNT = Parameter.count(
            "pop3_session_limit_per_account", 10, 1, Integer.MAX_VALUE, "Sessions of one account at a time.");

    public static final Parameter<Integer> POP3_CLIENT_CONNECTION_COUNT_LIMIT = Parameter.count(
            "pop3_client_connection_count_limit",
            1_000,
            0,
            Integer.MAX_VALUE,
            "Connections of one client address at a time, 0 for no limit; an office has one address for many people.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                POP3_CLIENT_CONNECTION_COUNT_LIMIT,
                POP3_PORT,
                POP3S_PORT,
                POP3_BANNER,
                POP3_TIMEOUT,
                POP3_LOGIN_TIMEOUT,
                POP3_PLAINTEXT_LOGIN,
                POP3_ERROR_LIMIT,
                POP3_SESSION_LIMIT_PER_ACCOUNT);
    }
}
