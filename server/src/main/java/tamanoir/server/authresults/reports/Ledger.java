package tamanoir.server.authresults.reports;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.dmarc.DmarcVerdict;
import tamanoir.mail.authresults.dmarc.DmarcVerdict.Seen;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.text.Sha256;
import tamanoir.server.authresults.Examiner;
import tamanoir.server.authresults.Signatures;
import tamanoir.server.authresults.reports.AggregateReport.Row;
import tamanoir.server.authresults.reports.AggregateReport.Signature;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// Counts what was seen in the name of domains that publish a policy, by day (UTC).
///
/// Counts are kept in memory and added to the rows of the store by [#flush], so that no message waits for them; a crash
/// loses the counts of the last minute, which nobody misses. Used by many sessions; `lock` guards the counts in memory,
/// and only one thread flushes, takes or forgets.
public final class Ledger implements Examiner.Witness {
    private static final Partition PARTITION = Partition.of('R', 0);
    private static final Space COUNTS = new Space(0x01, Space.Family.META);
    private static final Trace TRACE = new Trace("dmarc", "");

    /// Kinds of messages between two flushes; what a flood of names brings beyond that is not counted.
    private static final int MOST_AT_ONCE = 20_000;

    /// RFC 9990 §3.1.1.11: signatures of one row; nobody reads more.
    private static final int MOST_SIGNATURES = 5;

    private static final int ROWS_A_COMMIT = 200;

    private record Key(LocalDate day, String domain, Row row) {}

    private final Store store;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Key, Long> counts = new HashMap<>();

    public Ledger(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    // ---- counting ------------------------------------------------------------------------------------------------

    @Override
    public void saw(
            Examiner.Subject subject,
            SpfResult spf,
            Signatures.Found signed,
            DmarcVerdict dmarc,
            Optional<String> override,
            String disposition) {
        LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (Seen seen : dmarc.seen()) {
            Row row = new Row(
                    subject.client().getHostAddress(),
                    1,
                    disposition,
                    seen.dkim(),
                    seen.spf(),
                    override.map(_ -> "trusted_forwarder").orElse(""),
                    seen.domain(),
                    sender(subject.sender()),
                    signed.dkim().stream()
                            .limit(MOST_SIGNATURES)
                            .map(one -> new Signature(
                                    one.domain(), one.selector(), one.result().word()))
                            .toList(),
                    spf.domain(),
                    spf.helo() ? "helo" : "mfrom",
                    spf.result().word());
            add(new Key(day, seen.at(), row));
        }
    }

    private static String sender(ReversePath path) {
        return switch (path) {
            case ReversePath.Null _ -> "";
            case ReversePath.Sender(var address) -> address.domain().ascii();
        };
    }

    private void add(Key key) {
        lock.lock();
        try {
            if (counts.size() < MOST_AT_ONCE || counts.containsKey(key)) {
                counts.merge(key, 1L, Long::sum);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Adds what was counted to the rows of the store.
    public void flush() {
        Map<Key, Long> taken;
        lock.lock();
        try {
            taken = counts;
            counts = new HashMap<>();
        } finally {
            lock.unlock();
        }
        List<Map.Entry<Key, Long>> all = new ArrayList<>(taken.entrySet());
        for (int from = 0; from < all.size(); from += ROWS_A_COMMIT) {
            List<Map.Entry<Key, Long>> some = all.subList(from, Math.min(all.size(), from + ROWS_A_COMMIT));
            try {
                write(some);
            } catch (Unavailable e) {
                TRACE.warn("not counted", "messages", some.size(), "reason", e.detail());
            }
        }
    }

    private void write(List<Map.Entry<Key, Long>> some) {
        Batch batch = new Batch(PARTITION, Batch.ANY_VERSION);
        try (Snapshot snapshot = store.snapshot()) {
            for (Map.Entry<Key, Long> entry : some) {
                Key key = entry.getKey();
                byte[] fields = fields(key);
                byte[] at = at(key.day, fields);
                long before = snapshot.get(PARTITION, COUNTS, at)
                        .map(value -> RowReader.of(value, 1).number())
                        .orElse(0L);
                batch.put(
                        COUNTS,
                        at,
                        new RowWriter(1, fields.length + 10)
                                .number(before + entry.getValue())
                                .rest(fields, 0, fields.length)
                                .row());
            }
        }
        store.commit(batch);
    }

    // ---- rows ----------------------------------------------------------------------------------------------------

    private static byte[] at(LocalDate day, byte[] fields) {
        byte[] digest = Sha256.of(fields);
        return ByteBuffer.allocate(20)
                .putInt((int) day.toEpochDay())
                .put(digest, 0, 16)
                .array();
    }

    private static byte[] fields(Key key) {
        Row row = key.row;
        RowWriter writer = new RowWriter(1, 200)
                .text(key.domain)
                .text(row.source())
                .text(row.disposition())
                .octet((row.dkim() ? 1 : 0) + (row.spf() ? 2 : 0))
                .text(row.override())
                .text(row.headerFrom())
                .text(row.envelopeFrom())
                .text(row.spfDomain())
                .text(row.spfScope())
                .text(row.spfResult())
                .number(row.signatures().size());
        for (Signature signature : row.signatures()) {
            writer.text(signature.domain()).text(signature.selector()).text(signature.result());
        }
        byte[] whole = writer.row();
        return Arrays.copyOfRange(whole, 1, whole.length); // without the format octet: the count stands before it
    }

    private static Key read(LocalDate day, byte[] value) {
        RowReader reader = RowReader.of(value, 1);
        long count = reader.number();
        String domain = reader.text();
        String source = reader.text();
        String disposition = reader.text();
        int aligned = reader.octet();
        String override = reader.text();
        String headerFrom = reader.text();
        String envelopeFrom = reader.text();
        String spfDomain = reader.text();
        String spfScope = reader.text();
        String spfResult = reader.text();
        List<Signature> signatures = new ArrayList<>();
        for (int left = reader.count(); left > 0; left--) {
            signatures.add(new Signature(reader.text(), reader.text(), reader.text()));
        }
        return new Key(
                day,
                domain,
                new Row(
                        source,
                        count,
                        disposition,
                        (aligned & 1) != 0,
                        (aligned & 2) != 0,
                        override,
                        headerFrom,
                        envelopeFrom,
                        signatures,
                        spfDomain,
                        spfScope,
                        spfResult));
    }

    // ---- reports -------------------------------------------------------------------------------------------------

    /// The days before `end` of which there are rows.
    List<LocalDate> daysBefore(LocalDate end) {
        TreeSet<LocalDate> days = new TreeSet<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(PARTITION, COUNTS, new byte[0], day(end), (key, _) -> {
                days.add(LocalDate.ofEpochDay(ByteBuffer.wrap(key).getInt()));
                return true;
            });
        }
        return List.copyOf(days);
    }

    /// What was seen on a day, by the domain that has the policy; at most `most` rows of each.
    Map<String, List<Row>> of(LocalDate day, int most) {
        Map<String, List<Row>> domains = new HashMap<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(PARTITION, COUNTS, day(day), day(day.plusDays(1)), (_, value) -> {
                Key key = read(day, value);
                List<Row> rows = domains.computeIfAbsent(key.domain.toLowerCase(Locale.ROOT), _ -> new ArrayList<>());
                if (rows.size() < most) {
                    rows.add(key.row);
                }
                return true;
            });
        }
        return domains;
    }

    void forget(LocalDate day) {
        List<byte[]> keys = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(PARTITION, COUNTS, day(day), day(day.plusDays(1)), (key, _) -> {
                keys.add(key);
                return true;
            });
        }
        for (int from = 0; from < keys.size(); from += ROWS_A_COMMIT) {
            Batch batch = new Batch(PARTITION, Batch.ANY_VERSION);
            keys.subList(from, Math.min(keys.size(), from + ROWS_A_COMMIT)).forEach(key -> batch.delete(COUNTS, key));
            store.commit(batch);
        }
    }

    private static byte[] day(LocalDate day) {
        return ByteBuffer.allocate(4).putInt((int) day.toEpochDay()).array();
    }
}
