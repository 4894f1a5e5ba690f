package tamanoir.server.imap;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters;
import tamanoir.server.config.ImapParameters.PlaintextLogin;
import tamanoir.server.config.StoreParameters;

/// What an administrator decides about IMAP; the parameters `imap_*`.
///
/// @param appendLimit octets of one APPENDed message at most; 0 is no limit
/// @param loginTimeout how long a connection may take to sign in
/// @param idleTimeout how long a signed-in one may be silent; 30 minutes at least (RFC 9051 §5.4)
/// @param stillHere pause between the still-here lines of IDLE, which keep address translators awake
/// @param commandLimit octets of one line
/// @param literalLimitBeforeLogin octets of a literal before login
/// @param errorLimit wrong commands in a row after which the session ends
/// @param failureLimit failed logins after which it ends
/// @param failureDelay pause after a failed login, doubled with each further one
/// @param hiddenCapabilities in upper case: what is not announced
public record ImapSettings(
        String banner,
        PlaintextLogin plaintextLogin,
        long appendLimit,
        Duration loginTimeout,
        Duration idleTimeout,
        Duration stillHere,
        int commandLimit,
        int literalLimitBeforeLogin,
        int errorLimit,
        int failureLimit,
        Duration failureDelay,
        int sessionsPerAccount,
        Set<String> hiddenCapabilities) {
    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(30);
    private static final int FAILURES = 4;

    public ImapSettings {
        hiddenCapabilities = Set.copyOf(hiddenCapabilities);
        idleTimeout = idleTimeout.compareTo(SHORTEST_IDLE) < 0 ? SHORTEST_IDLE : idleTimeout;
    }

    public static ImapSettings from(Config config) {
        return new ImapSettings(
                config.get(ImapParameters.IMAP_BANNER),
                config.get(ImapParameters.IMAP_PLAINTEXT_LOGIN),
                config.get(ImapParameters.IMAP_APPEND_LIMIT),
                config.get(ImapParameters.IMAP_LOGIN_TIMEOUT),
                config.get(ImapParameters.IMAP_IDLE_TIMEOUT),
                config.get(ImapParameters.IMAP_IDLE_NOTIFY_INTERVAL),
                clamp(config.get(ImapParameters.IMAP_COMMAND_LIMIT)),
                clamp(config.get(ImapParameters.IMAP_LITERAL_LIMIT_BEFORE_LOGIN)),
                config.get(ImapParameters.IMAP_ERROR_LIMIT),
                FAILURES,
                config.get(StoreParameters.AUTH_FAILURE_DELAY),
                config.get(ImapParameters.IMAP_SESSION_LIMIT_PER_ACCOUNT),
                config.get(ImapParameters.IMAP_CAPABILITY_HIDE).stream()
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
    }

    /// A line must hold the longest set a client may send, and no number may run over.
    private static int clamp(long octets) {
        return Math.clamp(octets, 1_024, 16 << 20);
    }
}
