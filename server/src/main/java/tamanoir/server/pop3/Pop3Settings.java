package tamanoir.server.pop3;

import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters.PlaintextLogin;
import tamanoir.server.config.Pop3Parameters;
import tamanoir.server.config.StoreParameters;

/// What an administrator decides about POP3; the parameters `pop3_*`.
///
/// `timeout` is at least ten minutes (RFC 1939 §3). `failureDelay` follows a wrong password.
public record Pop3Settings(
        String banner,
        Duration timeout,
        Duration loginTimeout,
        PlaintextLogin plaintextLogin,
        int errorLimit,
        int sessionsPerAccount,
        Duration failureDelay) {
    public static Pop3Settings from(Config config) {
        return new Pop3Settings(
                config.get(Pop3Parameters.POP3_BANNER),
                config.get(Pop3Parameters.POP3_TIMEOUT),
                config.get(Pop3Parameters.POP3_LOGIN_TIMEOUT),
                config.get(Pop3Parameters.POP3_PLAINTEXT_LOGIN),
                config.get(Pop3Parameters.POP3_ERROR_LIMIT),
                config.get(Pop3Parameters.POP3_SESSION_LIMIT_PER_ACCOUNT),
                config.get(StoreParameters.AUTH_FAILURE_DELAY));
    }
}
