package tamanoir.server.postscreen;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Notebook.Kind;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Which tests a client has passed and until when that counts; by its address alone. Survives restarts.
///
/// A row is kept for a while after its last pass has run out, so that an old friend is told from a new face in the log
/// (`postscreen_cache_retention_time`). A store that cannot be asked makes everybody new, nobody refused.
final class PassList {
    /// Rows at most; beyond that those go first that would end first.
    private static final int MOST = 1_000_000;

    private final Notebook notebook;
    private final Duration retention;
    private final Duration cleanup;
    private final Trace trace;

    PassList(Notebook notebook, Duration retention, Duration cleanup, Trace trace) {
        this.notebook = notebook;
        this.retention = retention;
        this.cleanup = cleanup;
        this.trace = trace;
    }

    /// What is known of a client; `known` tells that it has been here before.
    record Passes(boolean known, Map<Trial, Instant> until) {
        boolean counts(Trial test, Instant now) {
            return until.getOrDefault(test, Instant.EPOCH).isAfter(now);
        }
    }

    Instant now() {
        return notebook.now();
    }

    Passes of(InetAddress client) {
        try {
            Optional<RowReader> row = notebook.find(Kind.SCREENED, key(client));
            if (row.isEmpty()) {
                return new Passes(false, Map.of());
            }
            Map<Trial, Instant> until = new EnumMap<>(Trial.class);
            for (Trial test : Trial.values()) {
                until.put(test, Instant.ofEpochMilli(row.get().number()));
            }
            return new Passes(true, until);
        } catch (Unavailable e) {
            trace.warn("passes unknown", "reason", e.detail());
            return new Passes(false, Map.of());
        }
    }

    void keep(InetAddress client, Map<Trial, Instant> until) {
        Instant last = until.values().stream().max(Instant::compareTo).orElse(now());
        RowWriter row = Notebook.row(last.plus(retention));
        for (Trial test : Trial.values()) {
            row.number(until.getOrDefault(test, Instant.EPOCH).toEpochMilli());
        }
        notebook.keep(Kind.SCREENED, key(client), row, MOST, cleanup);
    }

    private static String key(InetAddress client) {
        return HexFormat.of().formatHex(client.getAddress());
    }
}
