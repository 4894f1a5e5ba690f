package tamanoir.server.observe;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/// What the server counts, for `status` and for Prometheus. One for the process, handed down.
///
/// Names are Prometheus's, `tamanoir_smtp_messages_total`; a name asked for twice is one counter. Counting costs some
/// nanoseconds and allocates nothing. Used by all threads.
public final class Counters {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private final Map<String, Timing> timings = new ConcurrentHashMap<>();
    private final Map<String, Boolean> levels = new ConcurrentHashMap<>();

    /// Something that only grows.
    public static final class Tally {
        private final Counter counter;
        private final Map<String, CounterDataPoint> points = new ConcurrentHashMap<>();

        private Tally(Counter counter) {
            this.counter = counter;
        }

        /// One more; `label` is the value of the label, for tallies that have one. Labels are words of ours, never a
        /// client's: each is kept for ever.
        public void add(String label) {
            add(label, 1);
        }

        public void add(String label, long count) {
            points.computeIfAbsent(label, counter::labelValues).inc(count);
        }

        /// One more, where there is no label.
        public void add() {
            counter.inc();
        }
    }

    /// How long something takes.
    public static final class Timing {
        private final Histogram histogram;

        private Timing(Histogram histogram) {
            this.histogram = histogram;
        }

        public void took(Duration time) {
            histogram.observe(time.toNanos() / 1e9);
        }
    }

    /// A tally without a label.
    public Tally tally(String name, String help) {
        return tallies.computeIfAbsent(
                name, _ -> new Tally(Counter.builder().name(name).help(help).register(registry)));
    }

    /// A tally for each value of a label: `tally("tamanoir_connections_total", "…", "service")`.
    public Tally tally(String name, String help, String label) {
        return tallies.computeIfAbsent(
                name,
                _ -> new Tally(Counter.builder()
                        .name(name)
                        .help(help)
                        .labelNames(label)
                        .register(registry)));
    }

    /// From a tenth of a millisecond to ten seconds.
    public Timing timing(String name, String help) {
        return timings.computeIfAbsent(
                name,
                _ -> new Timing(Histogram.builder()
                        .name(name)
                        .help(help)
                        .classicOnly()
                        .classicUpperBounds(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
                        .register(registry)));
    }

    /// Something that goes up and down, asked for when somebody looks. The first to name it wins.
    public void level(String name, String help, DoubleSupplier now) {
        levels.computeIfAbsent(name, _ -> {
            GaugeWithCallback.builder()
                    .name(name)
                    .help(help)
                    .callback(callback -> callback.call(now.getAsDouble()))
                    .register(registry);
            return true;
        });
    }

    /// Everything that is counted now: `name` or `name{label="value"}` to its value; of a timing how many there were.
    public Map<String, Long> summary() {
        Map<String, Long> summary = new TreeMap<>();
        for (MetricSnapshot metric : registry.scrape()) {
            String name = metric.getMetadata().getPrometheusName();
            switch (metric) {
                case CounterSnapshot counter ->
                    counter.getDataPoints()
                            .forEach(point ->
                                    summary.put(name + "_total" + labels(point.getLabels()), (long) point.getValue()));
                case GaugeSnapshot gauge ->
                    gauge.getDataPoints()
                            .forEach(point -> summary.put(name + labels(point.getLabels()), (long) point.getValue()));
                case HistogramSnapshot histogram ->
                    histogram
                            .getDataPoints()
                            .forEach(point ->
                                    summary.put(name + "_count" + labels(point.getLabels()), point.getCount()));
                default -> {
                    // We make no others.
                }
            }
        }
        return summary;
    }

    private static String labels(Labels labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach(label -> text.append(text.isEmpty() ? "{" : ",")
                .append(label.getName())
                .append("=\"")
                .append(label.getValue())
                .append('"'));
        return text.isEmpty() ? "" : text.append('}').toString();
    }

    /// Offers the counters to Prometheus, `http://address/metrics`; for loopback only, they are nobody's business.
    ///
    /// @throws IOException when the port is taken
    public Exposition expose(InetSocketAddress address) throws IOException {
        if (!address.getAddress().isLoopbackAddress()) {
            throw new IOException("counters are shown on loopback only, not on " + address);
        }
        HTTPServer server = HTTPServer.builder()
                .registry(registry)
                .inetAddress(address.getAddress())
                .port(address.getPort())
                .buildAndStart();
        return new Exposition(server);
    }

    public static final class Exposition implements AutoCloseable {
        private final HTTPServer server;

        private Exposition(HTTPServer server) {
            this.server = server;
        }

        public int port() {
            return server.getPort();
        }

        @Override
        public void close() {
            server.stop();
        }
    }
}
