package tamanoir.server.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.Directory;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// What clients have uploaded and no message uses yet (RFC 8620 §6.1). Kept for a while, then gone; a message made of
/// it has its own copy or its own link to the blob. Used by any number of threads.
///
/// Partition `U`, number = account. Nothing here changes the version of the account's mail.
///
/// | space | key | value |
/// |---|---|---|
/// | 01 | upload u64 | format 1, octets, type, expiry in seconds, hash when it is a blob |
/// | 02 | upload u64 | format 1, the octets when they are few |
public final class Uploads {
    private static final Space UPLOAD = new Space(0x01, Space.Family.META);
    private static final Space OCTETS = new Space(0x02, Space.Family.BODY);
    private static final int FORMAT = 1;
    private static final int LONGEST_TYPE = 255;
    private static final int PIECE = 64 * 1024;
    private static final long SWEEP_SECONDS = 3_600;
    private static final Trace TRACE = new Trace("jmap", "uploads");

    /// Rows taken away in one commit at most.
    private static final int MOST_AT_ONCE = 200;

    /// RFC 6838 §4.2, with parameters behind it.
    private static final Pattern TYPE =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*( *;[ -~]*)?");

    private final Store store;
    private final Directory directory;
    private final InstantSource clock;
    private final JmapSettings settings;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong nextSweep = new AtomicLong();

    public Uploads(Store store, Directory directory, InstantSource clock, JmapSettings settings) {
        this.store = store;
        this.directory = directory;
        this.clock = clock;
        this.settings = settings;
    }

    /// @param type as the client said it, or `application/octet-stream`
    record Upload(long number, String type, Body body, Instant expires) {
        String blobId() {
            return Ids.spell('u', number);
        }
    }

    // ---- keeping ---------------------------------------------------------------------------------------------

    /// Keeps what the stream holds, durably.
    ///
    /// @throws RequestError when it is too much
    Upload keep(AccountId account, String type, InputStream in) throws IOException {
        sweepNowAndThen();
        long waiting = waiting(account);
        Body body = body(in, settings.maxSizeUpload());
        if (waiting + body.size() > settings.uploadQuota()) {
            throw RequestError.limit(
                    "uploadQuota", "too many uploads wait to be used; send or delete drafts, or try again tomorrow");
        }
        Upload upload = new Upload(
                random.nextLong() & Long.MAX_VALUE,
                plain(type),
                body,
                clock.instant().plus(settings.uploadLifetime()));
        Partition partition = partition(account);
        Batch batch = new Batch(partition, Batch.ANY_VERSION);
        batch.put(UPLOAD, key(upload.number), row(upload));
        List<Batch> batches = new ArrayList<>();
        batches.add(batch);
        switch (body) {
            case Body.Small(Octets octets) -> {
                byte[] row = new byte[octets.length() + 1];
                row[0] = FORMAT;
                octets.copyTo(row, 1);
                batch.put(OCTETS, key(upload.number), row);
            }
            case Body.Large large ->
                batches.addAll(
                        new BlobLinks().link(large, partition, upload.number).batches());
        }
        store.commit(batches);
        return upload;
    }

    /// Octets in memory as long as they are few, else a blob.
    private Body body(InputStream in, long most) throws IOException {
        byte[] head = in.readNBytes(Body.SMALL + 1);
        if (head.length <= Body.SMALL && head.length <= most) {
            return new Body.Small(Octets.of(head));
        }
        try (Blobs.Spool spool = store.blobs().spool()) {
            byte[] piece = head;
            int length = head.length;
            while (length > 0) {
                spool.write(piece, 0, length);
                if (spool.size() > most) {
                    throw RequestError.limit("maxSizeUpload", "an upload has at most " + most + " octets");
                }
                piece = piece.length == PIECE ? piece : new byte[PIECE];
                length = in.read(piece, 0, PIECE);
            }
            long size = spool.size();
            return new Body.Large(spool.keep(), size);
        }
    }

    /// A type that can stand in a header field, whatever the client sent.
    private static String plain(String type) {
        String lower = type.strip().toLowerCase(Locale.ROOT);
        return lower.length() <= LONGEST_TYPE && TYPE.matcher(lower).matches() ? lower : "application/octet-stream";
    }

    private long waiting(AccountId account) {
        long now = clock.instant().getEpochSecond();
        long[] octets = {0};
        boolean[] late = {false};
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(partition(account), UPLOAD, new byte[0], new byte[0], (_, value) -> {
                Entry entry = Entry.decode(value);
                late[0] |= entry.isLate(now);
                octets[0] += entry.isLate(now) ? 0 : entry.size;
                return true;
            });
        }
        if (late[0]) {
            sweep(account, now);
        }
        return octets[0];
    }

    // ---- finding ---------------------------------------------------------------------------------------------

    /// The upload of that number, as long as it is kept.
    Optional<Upload> find(AccountId account, long number) {
        try (Snapshot snapshot = store.snapshot()) {
            Optional<Entry> found = snapshot.get(partition(account), UPLOAD, key(number))
                    .map(Entry::decode)
                    .filter(entry -> !entry.isLate(clock.instant().getEpochSecond()));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Entry entry = found.get();
            Optional<Body> body = entry.blob.isPresent()
                    ? Optional.of(new Body.Large(entry.blob.get(), entry.size))
                    : snapshot.get(partition(account), OCTETS, key(number))
                            .map(row -> new Body.Small(Octets.of(row, 1, row.length - 1)));
            return body.map(octets -> new Upload(number, entry.type, octets, entry.expires));
        }
    }

    // ---- expiry ----------------------------------------------------------------------------------------------

    /// Who uploads wakes the round that takes away what others left.
    private void sweepNowAndThen() {
        long now = clock.instant().getEpochSecond();
        long due = nextSweep.get();
        if (now >= due && nextSweep.compareAndSet(due, now + SWEEP_SECONDS)) {
            Thread.ofVirtual().name("uploads sweep").start(() -> sweepQuietly(TRACE));
        }
    }

    /// One round in the background over all accounts: takes away what is too old, or whose account has gone.
    public void sweepQuietly(Trace trace) {
        try {
            List<AccountId> accounts = new ArrayList<>();
            try (Snapshot snapshot = store.snapshot()) {
                snapshot.partitions('U', partition -> accounts.add(new AccountId(partition.number())));
            }
            long now = clock.instant().getEpochSecond();
            for (AccountId account : accounts) {
                sweep(account, directory.account(account).isPresent() ? now : Long.MAX_VALUE);
            }
        } catch (Unavailable later) {
            trace.debug("uploads-not-swept", "reason", later.detail());
        }
    }

    private void sweep(AccountId account, long now) {
        Partition partition = partition(account);
        while (true) {
            Batch batch = new Batch(partition, Batch.ANY_VERSION);
            BlobLinks links = new BlobLinks();
            int[] gone = {0};
            try (Snapshot snapshot = store.snapshot()) {
                snapshot.scan(partition, UPLOAD, new byte[0], new byte[0], (key, value) -> {
                    Entry entry = Entry.decode(value);
                    if (entry.isLate(now)) {
                        batch.delete(UPLOAD, key);
                        batch.delete(OCTETS, key);
                        long number = ByteBuffer.wrap(key).getLong();
                        entry.blob.ifPresent(hash -> links.unlink(hash, partition, number));
                        gone[0]++;
                    }
                    return gone[0] < MOST_AT_ONCE;
                });
            }
            if (gone[0] == 0) {
                return;
            }
            List<Batch> batches = new ArrayList<>(links.batches());
            batches.add(batch);
            store.commit(batches);
        }
    }

    // ---- rows ------------------------------------------------------------------------------------------------

    private static Partition partition(AccountId account) {
        return Partition.of('U', account.number());
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] row(Upload upload) {
        RowWriter out = new RowWriter(FORMAT, 64)
                .number(upload.body.size())
                .text(upload.type)
                .number(upload.expires.getEpochSecond());
        if (upload.body instanceof Body.Large large) {
            out.octets(large.hash().octets());
        }
        return out.row();
    }

    /// What row 01 says.
    private record Entry(long size, String type, Instant expires, Optional<BlobHash> blob) {
        static Entry decode(byte[] row) {
            RowReader in = RowReader.of(row, FORMAT);
            return new Entry(
                    in.number(),
                    in.text(),
                    Instant.ofEpochSecond(in.number()),
                    in.hasMore() ? Optional.of(new BlobHash(in.octets())) : Optional.empty());
        }

        boolean isLate(long now) {
            return expires.getEpochSecond() <= now;
        }
    }
}
