package tamanoir.server.queue;

import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.QueueParameters;
import tamanoir.server.config.SmtpdParameters;

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
        boolean threadedReports,
        boolean confirmDelayCleared,
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
                false,
                false,
                Set.of(),
                "postmaster",
                "postmaster",
                "postmaster",
                "double-bounce");
    }

    public static QueueSettings of(Config config) {
        return new QueueSettings(
                config.get(NetParameters.MYHOSTNAME),
                config.get(NetParameters.MAIL_NAME),
                ZoneId.systemDefault(),
                config.get(QueueParameters.MINIMAL_BACKOFF_TIME),
                config.get(QueueParameters.MAXIMAL_BACKOFF_TIME),
                config.get(QueueParameters.QUEUE_RUN_DELAY),
                config.get(QueueParameters.MAXIMAL_QUEUE_LIFETIME),
                config.get(QueueParameters.BOUNCE_QUEUE_LIFETIME),
                config.get(QueueParameters.DELAY_WARNING_TIME),
                config.get(SmtpdParameters.SOFT_BOUNCE),
                Set.copyOf(config.get(QueueParameters.DEFER_TRANSPORTS)),
                config.get(QueueParameters.QMGR_MESSAGE_ACTIVE_LIMIT),
                64L << 20,
                config.get(QueueParameters.BOUNCE_SIZE_LIMIT),
                config.get(QueueParameters.ENABLE_THREADED_BOUNCES),
                config.get(QueueParameters.CONFIRM_DELAY_CLEARED),
                notifyClasses(config.get(QueueParameters.NOTIFY_CLASSES)),
                config.get(QueueParameters.BOUNCE_NOTICE_RECIPIENT),
                config.get(QueueParameters.BOUNCE_NOTICE_RECIPIENT_2),
                config.get(QueueParameters.DELAY_NOTICE_RECIPIENT),
                config.get(QueueParameters.DOUBLE_BOUNCE_SENDER));
    }

    /// The words that concern the queue; the doors and the store have others.
    private static Set<NotifyClass> notifyClasses(List<String> words) {
        Set<NotifyClass> classes = EnumSet.noneOf(NotifyClass.class);
        for (String word : words) {
            switch (word) {
                case "bounce" -> classes.addAll(Set.of(NotifyClass.BOUNCE, NotifyClass.DOUBLE_BOUNCE));
                case "2bounce" -> classes.add(NotifyClass.DOUBLE_BOUNCE);
                case "delay" -> classes.add(NotifyClass.DELAY);
                default -> {}
            }
        }
        return classes;
    }

    RetryCurve curve() {
        return new RetryCurve(minimalBackoff, maximalBackoff, runDelay);
    }

    Duration lifetime(boolean nullSender) {
        return nullSender ? bounceLifetime : lifetime;
    }
}
