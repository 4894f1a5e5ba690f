package tamanoir.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What `tamanoir status` says of a running server.
public record Status(
        String version,
        long pid,
        Duration uptime,
        List<String> listeners,
        Map<String, Long> counters,
        long queued,
        long heapUsedOctets,
        List<String> warnings) {
    public Status {
        listeners = List.copyOf(listeners);
        warnings = List.copyOf(warnings);
    }
}
