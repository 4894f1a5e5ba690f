package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// What people keep beside their mail (settings, contacts, identities), and mail that is sent later.
public final class PersonalParameters {
    private PersonalParameters() {}

    public static final Parameter<Duration> FUTURE_RELEASE_TIME_LIMIT = Parameter.time(
            "future_release_time_limit",
            "366d",
            ChronoUnit.SECONDS,
            "How long a sender may ask that a message be kept before it leaves (RFC 4865), 0 for not at all.");
    public static final Parameter<Duration> SUBMISSION_RECORD_RETENTION_TIME = Parameter.time(
            "submission_record_retention_time",
            "30d",
            ChronoUnit.DAYS,
            "How long JMAP tells what became of a message that was sent.");
    public static final Parameter<Integer> PERSONAL_OBJECT_LIMIT = Parameter.count(
            "personal_object_limit",
            20_000,
            100,
            10_000_000,
            "Objects of one kind (contacts, templates and so on) that one account may have.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(FUTURE_RELEASE_TIME_LIMIT, SUBMISSION_RECORD_RETENTION_TIME, PERSONAL_OBJECT_LIMIT);
    }
}
