package tamanoir.server.imap;

import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.StoreParameters;

/// What an administrator decides about IMAP.
///
/// @param hostname shown in the greeting (myhostname)
/// @param plaintextLogin where passwords may come without TLS (imap_plaintext_login)
/// @param messageSizeLimit octets of one APPENDed message at most (message_size_limit); 0 is no limit
/// @param loginTimeout from one command to the next before login
/// @param idleTimeout the same after login; never below 30 minutes (RFC 9051 §5.4)
/// @param stillHere pause between the still-here lines of IDLE, which keep address translators awake
/// @param mostFailures failed logins before the connection ends
/// @param failureDelay pause after a failed login, doubled with each further one
/// @param userConnectionLimit connections of one account at once; 0 is no limit (imap_user_connection_limit)
public record ImapSettings(
        String hostname,
        PlaintextLogin plaintextLogin,
        long messageSizeLimit,
        Duration loginTimeout,
        Duration idleTimeout,
        Duration stillHere,
        int mostFailures,
        Duration failureDelay,
        int userConnectionLimit) {
    public enum PlaintextLogin {
        NO,
        /// From this machine itself, where nobody listens on the wire.
        LOOPBACK,
        YES
    }

    public ImapSettings {
        if (idleTimeout.compareTo(Duration.ofMinutes(30)) < 0) {
            throw new IllegalArgumentException("RFC 9051 §5.4: the autologout timer is 30 minutes at least");
        }
    }

    public static ImapSettings from(Config config) {
        return new ImapSettings(
                config.get(NetParameters.MYHOSTNAME),
                switch (config.get(ImapParameters.IMAP_PLAINTEXT_LOGIN)) {
                    case NEVER -> PlaintextLogin.NO;
                    case LOOPBACK -> PlaintextLogin.LOOPBACK;
                    case ALWAYS -> PlaintextLogin.YES;
                },
                config.get(ImapParameters.IMAP_APPEND_LIMIT),
                config.get(ImapParameters.IMAP_LOGIN_TIMEOUT),
                config.get(ImapParameters.IMAP_IDLE_TIMEOUT),
                Duration.ofMinutes(2),
                4,
                config.get(StoreParameters.AUTH_FAILURE_DELAY),
                config.get(ImapParameters.IMAP_SESSION_LIMIT_PER_ACCOUNT));
    }

    public static ImapSettings of(String hostname) {
        return new ImapSettings(
                hostname,
                PlaintextLogin.LOOPBACK,
                50L << 20,
                Duration.ofMinutes(2),
                Duration.ofMinutes(31),
                Duration.ofMinutes(2),
                4,
                Duration.ofSeconds(1),
                50);
    }
}
