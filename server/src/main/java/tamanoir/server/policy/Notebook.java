package tamanoir.server.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import tamanoir.mail.text.Sha256;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// What restriction lists remember from one client to the next, in rows of the store that end by
/// themselves: verified addresses and greylisting. Survives restarts and reloads.
///
/// Every row begins with the time of its end. Rows that are over do not count and are thrown away by a
/// sweep, which a write starts when it is time, or when there are more rows than the limit; then those go
/// first that would end first. A row that is lost costs a client a second attempt, so nothing here waits
/// for anybody. Used by many threads.
public final class Notebook {
    private static final Partition PARTITION = Partition.of('G', 0);
    private static final int ROWS_AT_ONCE = 500;
    private static final Trace TRACE = new Trace("policy", "");

    /// What is remembered.
    public enum Kind {
        /// Whether an address takes mail.
        VERIFIED(0x01),
        /// Greylisting: a client network, a sender, a recipient.
        TRIPLET(0x02),
        /// Greylisting: a client network that came back.
        CLIENT(0x03),
        /// Greylisting: a client and a domain that it may send for.
        HISTORY(0x04),
        /// A client's address, with the tests that it has passed before the greeting.
        SCREENED(0x05);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private Space space() {
            return new Space(code, Space.Family.META);
        }
    }

    private static final class Count {
        final AtomicLong rows = new AtomicLong();
        final AtomicBoolean sweeping = new AtomicBoolean();
        volatile Instant next;

        Count(Instant next) {
            this.next = next;
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final Map<Kind, Count> counts = new ConcurrentHashMap<>();

    public Notebook(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public Instant now() {
        return clock.instant();
    }

    /// The row of a key, read behind the time of its end; empty when there is none or it is over.
    public Optional<RowReader> find(Kind kind, String key) {
        try (Snapshot snapshot = store.snapshot()) {
            Optional<byte[]> row = snapshot.get(PARTITION, kind.space(), digest(key));
            if (row.isEmpty()) {
                return Optional.empty();
            }
            RowReader reader = RowReader.of(row.get(), 1);
            return reader.number() > now().toEpochMilli() ? Optional.of(reader) : Optional.empty();
        }
    }

    /// A new row that ends then; its fields follow.
    public static RowWriter row(Instant end) {
        return new RowWriter(1, 40).number(end.toEpochMilli());
    }

    /// Keeps a row. `limit` are the rows of this kind at most, `interval` the time between two sweeps.
    public void keep(Kind kind, String key, RowWriter row, int limit, Duration interval) {
        try {
            store.commit(new Batch(PARTITION, Batch.ANY_VERSION).put(kind.space(), digest(key), row.row()));
        } catch (Unavailable e) {
            TRACE.warn("not remembered", "kind", kind, "reason", e.detail());
            return;
        }
        // The first write after a start counts what is there.
        Count count = counts.computeIfAbsent(kind, _ -> new Count(now()));
        boolean full = count.rows.incrementAndGet() > limit + limit / 10;
        if ((full || !now().isBefore(count.next)) && count.sweeping.compareAndSet(false, true)) {
            count.next = now().plus(interval);
            Thread.ofVirtual().name("policy sweep").start(() -> {
                try {
                    count.rows.set(sweep(kind, limit));
                } catch (Unavailable e) {
                    TRACE.warn("sweep failed", "kind", kind, "reason", e.detail());
                } finally {
                    count.sweeping.set(false);
                }
            });
        }
    }

    void forget(Kind kind, String key) {
        store.commit(new Batch(PARTITION, Batch.ANY_VERSION).delete(kind.space(), digest(key)));
    }

    /// Throws away what is over, and what is more than `limit`; answers how many rows are left.
    int sweep(Kind kind, int limit) {
        long now = now().toEpochMilli();
        long[] ends = new long[1024];
        int live = 0;
        List<byte[]> over = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            long[][] seen = {ends};
            int[] count = {0};
            snapshot.scan(PARTITION, kind.space(), new byte[0], new byte[0], (key, value) -> {
                long end = RowReader.of(value, 1).number();
                if (end <= now) {
                    over.add(key);
                } else {
                    if (count[0] == seen[0].length) {
                        seen[0] = Arrays.copyOf(seen[0], 2 * count[0]);
                    }
                    seen[0][count[0]++] = end;
                }
                return true;
            });
            live = count[0];
            if (live > limit) {
                long[] sorted = Arrays.copyOf(seen[0], live);
                Arrays.sort(sorted);
                long threshold = sorted[live - limit - 1];
                int excess = live - limit;
                snapshot.scan(PARTITION, kind.space(), new byte[0], new byte[0], (key, value) -> {
                    long end = RowReader.of(value, 1).number();
                    if (end > now && end <= threshold && keys.size() < excess) {
                        keys.add(key);
                    }
                    return true;
                });
            }
        }
        over.addAll(keys);
        delete(kind, over);
        if (!keys.isEmpty()) {
            TRACE.warn("too many rows", "kind", kind, "limit", limit, "dropped", keys.size());
        }
        return live - keys.size();
    }

    private void delete(Kind kind, List<byte[]> keys) {
        for (int from = 0; from < keys.size(); from += ROWS_AT_ONCE) {
            Batch batch = new Batch(PARTITION, Batch.ANY_VERSION);
            keys.subList(from, Math.min(from + ROWS_AT_ONCE, keys.size()))
                    .forEach(key -> batch.delete(kind.space(), key));
            store.commit(batch);
        }
    }

    /// 16 octets: short, of one length, and nobody reads addresses out of them.
    private static byte[] digest(String key) {
        return Arrays.copyOf(Sha256.of(key), 16);
    }
}
