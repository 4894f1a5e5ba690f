package tamanoir.server.policy;

import java.time.Duration;
import tamanoir.mail.address.ReversePath;

/// How addresses are verified (`address_verify_*`, `unverified_*`). `patience` is how long a client waits
/// for a probe. Immutable.
public record VerifySettings(
        ReversePath sender,
        boolean negativeCache,
        Duration negativeExpire,
        Duration negativeRefresh,
        Duration positiveExpire,
        Duration positiveRefresh,
        int pendingLimit,
        Duration patience,
        int cacheLimit,
        Duration cleanup,
        Codes senderCodes,
        Codes recipientCodes) {

    /// The replies: `reject` where the address is undeliverable, `defer` where nobody could tell, `reason`
    /// in place of what the other server said, if not empty.
    public record Codes(int reject, int defer, String reason, boolean deferAtOnce) {}
}
