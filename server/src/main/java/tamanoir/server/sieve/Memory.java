package tamanoir.server.sieve;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tamanoir.mail.text.Sha256;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Space.Family;
import tamanoir.server.store.Store;

/// What scripts have to remember of an account: whom vacation has answered, which messages were there before. Durable,
/// and every entry expires. Used by any number of threads.
///
/// Partition `M`, number = account id. Rows 30 (kind, hash of the name) answer with the time of expiry; rows 31 (hour,
/// kind, hash) lead to those that have expired: each commit that adds one takes away a few.
public final class Memory {
    static final Space ENTRY = new Space(0x30, Family.META);
    static final Space EXPIRY = new Space(0x31, Family.LOG);

    private static final byte[] NOTHING = {};
    private static final int SWEPT_A_COMMIT = 20;
    private static final int ROWS_A_STEP = 500;

    /// What an entry is about. The code stands in rows and is never used again for something else.
    enum Kind {
        DUPLICATE(2),
        VACATION(3),
        /// A message of the queue whose effects are on their way already.
        ACTED(4),
        /// The owner knows that a script fails.
        TOLD(5);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /// `name` may be of any length.
    record Entry(Kind kind, String name) {}

    private final Store store;

    /// Whom some run is about to answer: two messages at once make one answer.
    private final Set<String> claimed = ConcurrentHashMap.newKeySet();

    public Memory(Store store) {
        this.store = store;
    }

    private static Partition partition(AccountId account) {
        return Partition.of('M', account.number());
    }

    /// What one run reads and adds. Used by one thread; close it when what it added is durable, or never will be.
    Session open(AccountId account, Instant now) {
        return new Session(account, now);
    }

    /// See [#open].
    final class Session implements AutoCloseable {
        private final AccountId account;
        private final long now;
        private final Map<Entry, Long> added = new HashMap<>();
        private final Set<String> claims = new HashSet<>();

        private Session(AccountId account, Instant now) {
            this.account = account;
            this.now = now.getEpochSecond();
        }

        boolean knows(Entry entry) {
            try (Snapshot snapshot = store.snapshot()) {
                return snapshot.get(partition(account), ENTRY, key(entry))
                        .filter(row -> RowReader.of(row, 1).number() > now)
                        .isPresent();
            }
        }

        /// True for one run at a time; the others behave as if it were known already.
        boolean claim(Entry entry) {
            String claim = account + "\0" + entry;
            if (claims.contains(claim)) {
                return true;
            }
            if (!claimed.add(claim)) {
                return false;
            }
            claims.add(claim);
            return true;
        }

        void add(Entry entry, Duration lifetime) {
            added.put(entry, now + Math.max(1, lifetime.toSeconds()));
        }

        void forget(Entry entry) {
            added.remove(entry);
        }

        /// What to commit with the message; none when nothing was added.
        List<Batch> batches() {
            if (added.isEmpty()) {
                return List.of();
            }
            Partition partition = partition(account);
            Batch batch = new Batch(partition, Batch.ANY_VERSION);
            sweep(partition, batch);
            added.forEach((entry, expires) -> {
                byte[] key = key(entry);
                batch.put(ENTRY, key, new RowWriter(1, 10).number(expires).row());
                batch.put(EXPIRY, expiry(expires, key), new byte[] {1});
            });
            return List.of(batch);
        }

        private void sweep(Partition partition, Batch batch) {
            byte[] end = ByteBuffer.allocate(4).putInt((int) (now / 3600)).array();
            List<byte[]> old = new ArrayList<>();
            try (Snapshot snapshot = store.snapshot()) {
                snapshot.scan(partition, EXPIRY, NOTHING, end, (key, _) -> {
                    old.add(key);
                    return old.size() < SWEPT_A_COMMIT;
                });
                for (byte[] row : old) {
                    byte[] key = Arrays.copyOfRange(row, 4, row.length);
                    // It may have been remembered again since.
                    boolean expired = snapshot.get(partition, ENTRY, key)
                            .filter(value -> RowReader.of(value, 1).number() > now)
                            .isEmpty();
                    batch.delete(EXPIRY, row);
                    if (expired) {
                        batch.delete(ENTRY, key);
                    }
                }
            }
        }

        /// What was committed shall not count: the message that it belongs to was not kept after all.
        void undo() {
            if (added.isEmpty()) {
                return;
            }
            Batch batch = new Batch(partition(account), Batch.ANY_VERSION);
            added.forEach((entry, expires) -> {
                batch.delete(ENTRY, key(entry));
                batch.delete(EXPIRY, expiry(expires, key(entry)));
            });
            store.commit(batch);
        }

        @Override
        public void close() {
            claimed.removeAll(claims);
            claims.clear();
        }
    }

    /// Erases everything of an account that the directory no longer has.
    public void erase(AccountId account) {
        Partition partition = partition(account);
        while (true) {
            Batch batch = new Batch(partition, Batch.ANY_VERSION);
            try (Snapshot snapshot = store.snapshot()) {
                for (Space space : List.of(ENTRY, EXPIRY)) {
                    snapshot.scan(partition, space, NOTHING, NOTHING, (key, _) -> {
                        batch.delete(space, key);
                        return batch.changes().size() < ROWS_A_STEP;
                    });
                }
            }
            if (batch.isEmpty()) {
                return;
            }
            store.commit(batch);
        }
    }

    private static byte[] expiry(long expires, byte[] key) {
        return ByteBuffer.allocate(4 + key.length)
                .putInt((int) (expires / 3600) + 1)
                .put(key)
                .array();
    }

    private static byte[] key(Entry entry) {
        byte[] hash = Sha256.of(entry.name);
        byte[] key = Arrays.copyOf(new byte[] {(byte) entry.kind.code}, 17);
        System.arraycopy(hash, 0, key, 1, 16);
        return key;
    }
}
