package tamanoir.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What is owed to whom, when it is tried next, and when it is given up and reported.
public final class QueueParameters {
    private QueueParameters() {}

    public static final Parameter<Duration> QUEUE_RUN_DELAY = Parameter.time(
            "queue_run_delay",
            "300s",
            ChronoUnit.SECONDS,
            "How often mail that waits is looked at; no attempt comes sooner.");
    public static final Parameter<Duration> MINIMAL_BACKOFF_TIME =
            Parameter.time("minimal_backoff_time", "300s", ChronoUnit.SECONDS, "The least time between two attempts.");
    public static final Parameter<Duration> MAXIMAL_BACKOFF_TIME = Parameter.time(
            "maximal_backoff_time", "4000s", ChronoUnit.SECONDS, "The longest time between two attempts.");
    public static final Parameter<Duration> MAXIMAL_QUEUE_LIFETIME = Parameter.time(
            "maximal_queue_lifetime", "5d", ChronoUnit.DAYS, "How long mail is tried before it is returned.");
    public static final Parameter<Duration> BOUNCE_QUEUE_LIFETIME = Parameter.time(
            "bounce_queue_lifetime", "5d", ChronoUnit.DAYS, "How long reports are tried before they are dropped.");
    public static final Parameter<Duration> DELAY_WARNING_TIME = Parameter.time(
            "delay_warning_time",
            "0h",
            ChronoUnit.HOURS,
            "After how long the sender is told that mail waits; 0 for never.");
    public static final Parameter<Boolean> CONFIRM_DELAY_CLEARED = Parameter.flag(
            "confirm_delay_cleared", false, "Whether the sender of a delayed message is told when it went out.");
    public static final Parameter<Long> BOUNCE_SIZE_LIMIT = Parameter.octets(
            "bounce_size_limit", 50000, "Octets of the original message in a report; of larger ones the header.");
    public static final Parameter<Optional<Path>> BOUNCE_TEMPLATE_FILE = Parameter.file(
                    "bounce_template_file", "", "A file with texts of reports.")
            .notYet();
    public static final Parameter<Boolean> ENABLE_THREADED_BOUNCES = Parameter.flag(
            "enable_threaded_bounces",
            false,
            "Whether reports refer to the original message, so that programs show them with it.");
    public static final Parameter<List<String>> NOTIFY_CLASSES =
            Parameter.list("notify_classes", "resource, software", "Troubles the postmaster is told of.");
    public static final Parameter<String> BOUNCE_NOTICE_RECIPIENT =
            Parameter.text("bounce_notice_recipient", "postmaster", "Who gets copies of bounces.");
    public static final Parameter<String> BOUNCE_NOTICE_RECIPIENT_2 =
            Parameter.text("2bounce_notice_recipient", "postmaster", "Who gets bounces that could not be delivered.");
    public static final Parameter<String> DELAY_NOTICE_RECIPIENT =
            Parameter.text("delay_notice_recipient", "postmaster", "Who gets copies of delay notices.");
    public static final Parameter<String> ERROR_NOTICE_RECIPIENT = Parameter.text(
                    "error_notice_recipient", "postmaster", "Who is told of troubles.")
            .notYet();
    public static final Parameter<String> DOUBLE_BOUNCE_SENDER =
            Parameter.text("double_bounce_sender", "double-bounce", "The sender of reports that must not bounce.");
    public static final Parameter<Integer> DEFAULT_DESTINATION_CONCURRENCY_LIMIT = Parameter.count(
            "default_destination_concurrency_limit",
            20,
            0,
            Integer.MAX_VALUE,
            "Deliveries at a time to one destination.");
    public static final Parameter<Integer> SMTP_DESTINATION_CONCURRENCY_LIMIT = Parameter.count(
            "smtp_destination_concurrency_limit",
            "$default_destination_concurrency_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the smtp transport.");
    public static final Parameter<Integer> LMTP_DESTINATION_CONCURRENCY_LIMIT = Parameter.count(
            "lmtp_destination_concurrency_limit",
            "$default_destination_concurrency_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the lmtp transport.");
    public static final Parameter<Integer> RELAY_DESTINATION_CONCURRENCY_LIMIT = Parameter.count(
            "relay_destination_concurrency_limit",
            "$default_destination_concurrency_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the relay transport.");
    public static final Parameter<Integer> LOCAL_DESTINATION_CONCURRENCY_LIMIT = Parameter.count(
                    "local_destination_concurrency_limit",
                    2,
                    0,
                    Integer.MAX_VALUE,
                    "Deliveries at a time to one local user.")
            .notYet();
    public static final Parameter<Integer> VIRTUAL_DESTINATION_CONCURRENCY_LIMIT = Parameter.count(
            "virtual_destination_concurrency_limit",
            "$default_destination_concurrency_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the virtual transport.");
    public static final Parameter<Integer> INITIAL_DESTINATION_CONCURRENCY = Parameter.count(
            "initial_destination_concurrency",
            5,
            1,
            Integer.MAX_VALUE,
            "Deliveries at a time to a destination that was not tried yet.");
    public static final Parameter<Integer> DEFAULT_DESTINATION_RECIPIENT_LIMIT = Parameter.count(
            "default_destination_recipient_limit", 50, 0, Integer.MAX_VALUE, "Recipients of one delivery.");
    public static final Parameter<Integer> SMTP_DESTINATION_RECIPIENT_LIMIT = Parameter.count(
            "smtp_destination_recipient_limit",
            "$default_destination_recipient_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the smtp transport.");
    public static final Parameter<Integer> LMTP_DESTINATION_RECIPIENT_LIMIT = Parameter.count(
            "lmtp_destination_recipient_limit",
            "$default_destination_recipient_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the lmtp transport.");
    public static final Parameter<Integer> RELAY_DESTINATION_RECIPIENT_LIMIT = Parameter.count(
            "relay_destination_recipient_limit",
            "$default_destination_recipient_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the relay transport.");
    public static final Parameter<Integer> LOCAL_DESTINATION_RECIPIENT_LIMIT = Parameter.count(
                    "local_destination_recipient_limit", 1, 0, Integer.MAX_VALUE, "The same for the local transport.")
            .notYet();
    public static final Parameter<Integer> VIRTUAL_DESTINATION_RECIPIENT_LIMIT = Parameter.count(
            "virtual_destination_recipient_limit",
            "$default_destination_recipient_limit",
            0,
            Integer.MAX_VALUE,
            "The same for the virtual transport.");
    public static final Parameter<Duration> DEFAULT_DESTINATION_RATE_DELAY = Parameter.time(
                    "default_destination_rate_delay",
                    "0s",
                    ChronoUnit.SECONDS,
                    "Pause between deliveries to one destination.")
            .notYet();
    public static final Parameter<Duration> DEFAULT_TRANSPORT_RATE_DELAY = Parameter.time(
                    "default_transport_rate_delay",
                    "0s",
                    ChronoUnit.SECONDS,
                    "Pause between deliveries of one transport.")
            .notYet();
    public static final Parameter<Integer> DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT = Parameter.count(
                    "default_destination_concurrency_failed_cohort_limit",
                    1,
                    0,
                    Integer.MAX_VALUE,
                    "Failed rounds after which a destination rests.")
            .notYet();
    public static final Parameter<String> DEFAULT_DESTINATION_CONCURRENCY_NEGATIVE_FEEDBACK = Parameter.text(
                    "default_destination_concurrency_negative_feedback", "1", "How fast concurrency shrinks.")
            .notYet();
    public static final Parameter<String> DEFAULT_DESTINATION_CONCURRENCY_POSITIVE_FEEDBACK = Parameter.text(
                    "default_destination_concurrency_positive_feedback", "1", "How fast concurrency grows.")
            .notYet();
    public static final Parameter<Integer> QMGR_MESSAGE_ACTIVE_LIMIT = Parameter.count(
            "qmgr_message_active_limit", 20000, 1, Integer.MAX_VALUE, "Messages that are being delivered at a time.");
    public static final Parameter<Integer> DEFAULT_PROCESS_LIMIT = Parameter.count(
            "default_process_limit", 100, 1, Integer.MAX_VALUE, "Outgoing deliveries at a time in all.");
    public static final Parameter<Duration> TRANSPORT_RETRY_TIME = Parameter.time(
                    "transport_retry_time", "60s", ChronoUnit.SECONDS, "How long a broken transport rests.")
            .notYet();
    public static final Parameter<List<String>> DEFER_TRANSPORTS =
            Parameter.list("defer_transports", "", "Transports whose mail waits until it is flushed.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                QUEUE_RUN_DELAY,
                MINIMAL_BACKOFF_TIME,
                MAXIMAL_BACKOFF_TIME,
                MAXIMAL_QUEUE_LIFETIME,
                BOUNCE_QUEUE_LIFETIME,
                DELAY_WARNING_TIME,
                CONFIRM_DELAY_CLEARED,
                BOUNCE_SIZE_LIMIT,
                BOUNCE_TEMPLATE_FILE,
                ENABLE_THREADED_BOUNCES,
                NOTIFY_CLASSES,
                BOUNCE_NOTICE_RECIPIENT,
                BOUNCE_NOTICE_RECIPIENT_2,
                DELAY_NOTICE_RECIPIENT,
                ERROR_NOTICE_RECIPIENT,
                DOUBLE_BOUNCE_SENDER,
                DEFAULT_DESTINATION_CONCURRENCY_LIMIT,
                SMTP_DESTINATION_CONCURRENCY_LIMIT,
                LMTP_DESTINATION_CONCURRENCY_LIMIT,
                RELAY_DESTINATION_CONCURRENCY_LIMIT,
                LOCAL_DESTINATION_CONCURRENCY_LIMIT,
                VIRTUAL_DESTINATION_CONCURRENCY_LIMIT,
                INITIAL_DESTINATION_CONCURRENCY,
                DEFAULT_DESTINATION_RECIPIENT_LIMIT,
                SMTP_DESTINATION_RECIPIENT_LIMIT,
                LMTP_DESTINATION_RECIPIENT_LIMIT,
                RELAY_DESTINATION_RECIPIENT_LIMIT,
                LOCAL_DESTINATION_RECIPIENT_LIMIT,
                VIRTUAL_DESTINATION_RECIPIENT_LIMIT,
                DEFAULT_DESTINATION_RATE_DELAY,
                DEFAULT_TRANSPORT_RATE_DELAY,
                DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT,
                DEFAULT_DESTINATION_CONCURRENCY_NEGATIVE_FEEDBACK,
                DEFAULT_DESTINATION_CONCURRENCY_POSITIVE_FEEDBACK,
                QMGR_MESSAGE_ACTIVE_LIMIT,
                DEFAULT_PROCESS_LIMIT,
                TRANSPORT_RETRY_TIME,
                DEFER_TRANSPORTS);
    }
}
