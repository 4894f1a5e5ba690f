package tamanoir.server.jmap;

import java.time.Duration;
import tamanoir.server.config.Config;
import tamanoir.server.config.JmapParameters;

/// What an administrator decides about JMAP; the parameters `jmap_*`. The limits are those of RFC 8620 §2.
///
/// @param uploadLifetime how long an upload is kept that nothing uses, an hour at least (RFC 8620 §6)
/// @param uploadQuota octets of all such uploads of one account
public record JmapSettings(
        long maxSizeUpload,
        int maxConcurrentUpload,
        long maxSizeRequest,
        int maxConcurrentRequests,
        int maxCallsInRequest,
        int maxObjectsInGet,
        int maxObjectsInSet,
        Duration uploadLifetime,
        long uploadQuota) {
    private static final Duration SHORTEST_LIFETIME = Duration.ofHours(1);

    public JmapSettings {
        uploadLifetime = uploadLifetime.compareTo(SHORTEST_LIFETIME) < 0 ? SHORTEST_LIFETIME : uploadLifetime;
    }

    public static JmapSettings defaults() {
        return new JmapSettings(50_000_000, 4, 10_000_000, 8, 32, 1_000, 1_000, Duration.ofHours(24), 1_000_000_000);
    }

    public static JmapSettings from(Config config) {
        return new JmapSettings(
                config.get(JmapParameters.JMAP_UPLOAD_SIZE_LIMIT),
                config.get(JmapParameters.JMAP_UPLOAD_CONCURRENCY_LIMIT),
                config.get(JmapParameters.JMAP_REQUEST_SIZE_LIMIT),
                config.get(JmapParameters.JMAP_REQUEST_CONCURRENCY_LIMIT),
                config.get(JmapParameters.JMAP_CALL_COUNT_LIMIT),
                config.get(JmapParameters.JMAP_GET_COUNT_LIMIT),
                config.get(JmapParameters.JMAP_SET_COUNT_LIMIT),
                config.get(JmapParameters.JMAP_UPLOAD_LIFETIME),
                config.get(JmapParameters.JMAP_UPLOAD_QUOTA));
    }
}
