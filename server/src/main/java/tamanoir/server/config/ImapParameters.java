package tamanoir.server.config;

import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;

/// The IMAP services.
public final class ImapParameters {
    private ImapParameters() {}

    /// Who may log in without TLS.
    public enum PlaintextLogin {
        NEVER,
        LOOPBACK,
        ALWAYS;

        /// Whether a password may come as it is from that client, over TLS or not.
        public boolean allows(boolean tls, InetAddress client) {
            return tls
                    || switch (this) {
                        case NEVER -> false;
                        case LOOPBACK -> client.isLoopbackAddress();
                        case ALWAYS -> true;
                    };
        }
    }

    public static final Parameter<OptionalInt> IMAP_PORT =
            Parameter.port("imap_port", "143", "Port of the imap service.");
    public static final Parameter<OptionalInt> IMAPS_PORT =
            Parameter.port("imaps_port", "993", "Port of the imaps service, TLS from the first byte.");
    public static final Parameter<String> IMAP_BANNER =
            Parameter.text("imap_banner", "$myhostname IMAP ready", "The text of the greeting.");
    public static final Parameter<Duration> IMAP_IDLE_TIMEOUT = Parameter.time(
            "imap_idle_timeout",
            "30m",
            ChronoUnit.MINUTES,
            "How long a logged-in session may be silent; RFC 9051 §5.4 asks for at least 30 minutes.");
    public static final Parameter<Duration> IMAP_IDLE_NOTIFY_INTERVAL = Parameter.time(
            "imap_idle_notify_interval",
            "2m",
            ChronoUnit.MINUTES,
            "Pause between the still-here lines in IDLE, which keep address translators from forgetting the client.");
    public static final Parameter<Duration> IMAP_LOGIN_TIMEOUT = Parameter.time(
            "imap_login_timeout", "${stress?{10}:{60}}s", ChronoUnit.SECONDS, "How long a session may take to log in.");
    public static final Parameter<PlaintextLogin> IMAP_PLAINTEXT_LOGIN = Parameter.choice(
            "imap_plaintext_login",
            PlaintextLogin.values(),
            "loopback",
            "Who may log in without TLS: nobody (never), clients on this machine (loopback), all (always).");
    public static final Parameter<Long> IMAP_APPEND_LIMIT = Parameter.octets(
            "imap_append_limit", "$message_size_limit", "Size of an appended message at most, 0 for no limit.");
    public static final Parameter<Long> IMAP_COMMAND_LIMIT =
            Parameter.octets("imap_command_limit", 65536, "Octets of a command without its literals.");
    public static final Parameter<Long> IMAP_LITERAL_LIMIT_BEFORE_LOGIN =
            Parameter.octets("imap_literal_limit_before_login", 4096, "Octets of a literal before login.");
    public static final Parameter<Integer> IMAP_ERROR_LIMIT = Parameter.count(
            "imap_error_limit", 20, 1, Integer.MAX_VALUE, "Bad commands in a row after which the session ends.");
    public static final Parameter<Integer> IMAP_SESSION_LIMIT_PER_ACCOUNT = Parameter.count(
            "imap_session_limit_per_account", 100, 1, Integer.MAX_VALUE, "Sessions of one account at a time.");
    public static final Parameter<List<String>> IMAP_CAPABILITY_HIDE =
            Parameter.list("imap_capability_hide", "", "Capabilities that are not announced.");

    public static final Parameter<Integer> IMAP_CLIENT_CONNECTION_COUNT_LIMIT = Parameter.count(
            "imap_client_connection_count_limit",
            1_000,
            0,
            Integer.MAX_VALUE,
            "Connections of one client address at a time, 0 for no limit; an office has one address for many people.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                IMAP_CLIENT_CONNECTION_COUNT_LIMIT,
                IMAP_PORT,
                IMAPS_PORT,
                IMAP_BANNER,
                IMAP_IDLE_TIMEOUT,
                IMAP_IDLE_NOTIFY_INTERVAL,
                IMAP_LOGIN_TIMEOUT,
                IMAP_PLAINTEXT_LOGIN,
                IMAP_APPEND_LIMIT,
                IMAP_COMMAND_LIMIT,
                IMAP_LITERAL_LIMIT_BEFORE_LOGIN,
                IMAP_ERROR_LIMIT,
                IMAP_SESSION_LIMIT_PER_ACCOUNT,
                IMAP_CAPABILITY_HIDE);
    }
}
