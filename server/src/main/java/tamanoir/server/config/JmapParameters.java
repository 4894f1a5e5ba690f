package tamanoir.server.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// JMAP: what clients may ask for at once (RFC 8620 §2 says what they are told).
public final class JmapParameters {
    private JmapParameters() {}

    public static final Parameter<Long> JMAP_UPLOAD_SIZE_LIMIT =
            Parameter.octets("jmap_upload_size_limit", 50_000_000, "Size of one uploaded file at most.");
    public static final Parameter<Integer> JMAP_UPLOAD_CONCURRENCY_LIMIT = Parameter.count(
            "jmap_upload_concurrency_limit", 4, 1, 1_000, "Uploads of one account at the same time at most.");
    public static final Parameter<Duration> JMAP_UPLOAD_LIFETIME = Parameter.time(
            "jmap_upload_lifetime",
            "24h",
            ChronoUnit.HOURS,
            "How long an upload is kept that no message uses; RFC 8620 §6 asks for an hour at least.");
    public static final Parameter<Long> JMAP_UPLOAD_QUOTA = Parameter.octets(
            "jmap_upload_quota", 1_000_000_000, "Octets of uploads of one account that wait at the same time at most.");
    public static final Parameter<Long> JMAP_REQUEST_SIZE_LIMIT =
            Parameter.octets("jmap_request_size_limit", 10_000_000, "Size of one request at most.");
    public static final Parameter<Integer> JMAP_REQUEST_CONCURRENCY_LIMIT = Parameter.count(
            "jmap_request_concurrency_limit", 8, 1, 1_000, "Requests of one account at the same time at most.");
    public static final Parameter<Integer> JMAP_CALL_COUNT_LIMIT =
            Parameter.count("jmap_call_count_limit", 32, 1, 1_000, "Method calls in one request at most.");
    public static final Parameter<Integer> JMAP_GET_COUNT_LIMIT =
            Parameter.count("jmap_get_count_limit", 1_000, 1, 10_000, "Objects that one call gets at most.");
    public static final Parameter<Integer> JMAP_SET_COUNT_LIMIT = Parameter.count(
            "jmap_set_count_limit", 1_000, 1, 10_000, "Objects that one call creates, updates or destroys at most.");

    /// Every constant above; a new one needs its line here.
    static List<Parameter<?>> all() {
        return List.of(
                JMAP_UPLOAD_SIZE_LIMIT,
                JMAP_UPLOAD_CONCURRENCY_LIMIT,
                JMAP_UPLOAD_LIFETIME,
                JMAP_UPLOAD_QUOTA,
                JMAP_REQUEST_SIZE_LIMIT,
                JMAP_REQUEST_CONCURRENCY_LIMIT,
                JMAP_CALL_COUNT_LIMIT,
                JMAP_GET_COUNT_LIMIT,
                JMAP_SET_COUNT_LIMIT);
    }
}
