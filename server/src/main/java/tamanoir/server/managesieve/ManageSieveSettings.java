package tamanoir.server.managesieve;

import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters.PlaintextLogin;
import tamanoir.server.config.ManageSieveParameters;
import tamanoir.server.config.StoreParameters;

/// What an administrator decides about ManageSieve; the parameters `managesieve_*`.
///
/// `timeout` is how long a session that is signed in may be silent (RFC 5804 §1.2: at least 30 minutes).
public record ManageSieveSettings(
        Duration timeout, Duration loginTimeout, PlaintextLogin plaintextLogin, int errorLimit, Duration failureDelay) {
    public static ManageSieveSettings from(Config config) {
        return new ManageSieveSettings(
                config.get(ManageSieveParameters.MANAGESIEVE_TIMEOUT),
                config.get(ManageSieveParameters.MANAGESIEVE_LOGIN_TIMEOUT),
                config.get(ManageSieveParameters.MANAGESIEVE_PLAINTEXT_LOGIN),
                config.get(ManageSieveParameters.MANAGESIEVE_ERROR_LIMIT),
                config.get(StoreParameters.AUTH_FAILURE_DELAY));
    }
}
