package tamanoir.server.queue;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;

/// What main.cf says about the queue. Read once; a reload makes a new one.
///
/// `bounceLifetime` is for mail with the null sender. `delayWarning` zero means that nobody is told of a delay.
/// `activeLimit` bounds the messages in hand at once, `octetsInHand` the bodies kept in memory between acceptance and
/// first attempt.
public record QueueSettings(
        String hostname,
        String mailName,
        ZoneId zone,
        Duration minimalBackoff,
        Duration maximalBackoff,
        Duration runDelay,
        Duration lifetime,
        Duration bounceLifetime,
        Duration delayWarning,
        boolean softBounce,
        Set<String> deferTransports,
        int activeLimit,
        long octetsInHand,
        long bounceSizeLimit,
        Set<NotifyClass> notifyClasses,
        String bounceNoticeRecipient,
        String doubleBounceNoticeRecipient,
        String delayNoticeRecipient,
        String doubleBounceSender) {

    /// What the postmaster wants to hear of (`notify_classes`).
    public enum NotifyClass {
        BOUNCE,
        DOUBLE_BOUNCE,
        DELAY
    }

    public QueueSettings {
        deferTransports = Set.copyOf(deferTransports);
        notifyClasses = Set.copyOf(notifyClasses);
    }

    /// The defaults of main.cf for a host of that name.
    public static QueueSettings defaults(String hostname) {
        return new QueueSettings(
                hostname,
                "Postfix",
                ZoneId.systemDefault(),
                Duration.ofSeconds(300),
                Duration.ofSeconds(4000),
                Duration.ofSeconds(300),
                Duration.ofDays(5),
                Duration.ofDays(5),
                Duration.ZERO,
                false,
                Set.of(),
                20_000,
                64L << 20,
                50_000,
                Set.of(),
                "postmaster",
                "postmaster",
                "postmaster",
                "double-bounce");
    }

    RetryCurve curve() {
        return new RetryCurve(minimalBackoff, maximalBackoff, runDelay);
    }

    Duration lifetime(boolean nullSender) {
        return nullSender ? bounceLifetime : lifetime;
    }
}
