package tamanoir.server.filter.junk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// What was learned, in rows: of the site in the partition `J` 0, of each account in its own (`docs/junk.md`). A lesson
/// counts for account and site in one commit, and what was learned of a message is written beside it, so that nothing
/// counts twice and a lesson can be taken back. Safe for many threads; the newest words are kept in memory.
public final class Lessons {
    private static final char KIND = 'J';
    static final Partition SITE = Partition.of(KIND, 0);
    private static final int FORMAT = 1;
    private static final int MOST_TRIES = 8;
    private static final int STEP = 900;
    private static final int CACHED = 200_000;
    private static final byte[] NOTHING = new byte[0];

    /// lessons of junk, of ham, number of tokens, lessons ever, how far the change log was read
    private static final Space HEAD = new Space(0x00, Space.Family.META);
    /// token u64 → in how many lessons of junk, of ham, the number of the last one
    private static final Space TOKEN = new Space(0x01, Space.Family.META);
    /// message u64 → what was learned of it
    private static final Space MESSAGE = new Space(0x02, Space.Family.META);

    public enum Lesson {
        JUNK,
        HAM
    }

    /// How many lessons there were.
    public record Totals(long junk, long ham, long tokens, long ever, long readUpTo) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        byte[] encode() {
            return new RowWriter(FORMAT, 24)
                    .number(junk)
                    .number(ham)
                    .number(tokens)
                    .number(ever)
                    .number(readUpTo)
                    .row();
        }

        static Totals decode(byte[] row) {
            RowReader in = RowReader.of(row, FORMAT);
            return new Totals(in.number(), in.number(), in.number(), in.number(), in.number());
        }
    }

    /// In how many lessons a word was.
    record Counts(long siteJunk, long siteHam, long junk, long ham) {}

    /// What was learned of one message: whether the site learned too, and which keywords it had (see [Teacher]).
    record Taught(Lesson lesson, boolean site, int keywords) {}

    private record Word(Partition partition, long token) {}

    private final Store store;
    private final Cache<Word, Long> words =
            Caffeine.newBuilder().maximumSize(CACHED).executor(Runnable::run).build();

    public Lessons(Store store) {
        this.store = store;
    }

    private static Partition partition(AccountId account) {
        return Partition.of(KIND, account.number());
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /// What is known at one moment; close it.
    final class Memory implements AutoCloseable {
        private final Snapshot snapshot;
        private final Optional<Partition> own;
        private final Totals site;
        private final Totals account;

        private Memory(Optional<AccountId> who) {
            this.snapshot = store.snapshot();
            this.own = who.map(Lessons::partition);
            this.site = totals(snapshot, SITE);
            this.account = own.map(partition -> totals(snapshot, partition)).orElse(Totals.NONE);
        }

        Totals site() {
            return site;
        }

        Totals account() {
            return account;
        }

        Counts counts(long token) {
            long all = site.ever == 0 ? 0 : count(SITE, token);
            long mine = account.ever == 0 ? 0 : count(own.orElse(SITE), token);
            return new Counts(all >>> 32, all & 0xFFFF_FFFFL, mine >>> 32, mine & 0xFFFF_FFFFL);
        }

        private long count(Partition partition, long token) {
            return words.get(
                    new Word(partition, token),
                    word -> snapshot.get(partition, TOKEN, key(token))
                            .map(row -> {
                                RowReader in = RowReader.of(row, FORMAT);
                                return Math.min(in.number(), Integer.MAX_VALUE) << 32
                                        | Math.min(in.number(), Integer.MAX_VALUE);
                            })
                            .orElse(0L));
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }

    Memory recall(Optional<AccountId> account) {
        return new Memory(account);
    }

    private static Totals totals(Snapshot snapshot, Partition partition) {
        return snapshot.get(partition, HEAD, NOTHING).map(Totals::decode).orElse(Totals.NONE);
    }

    /// Of the site when `account` is empty.
    public Totals totals(Optional<AccountId> account) {
        try (Snapshot snapshot = store.snapshot()) {
            return totals(snapshot, account.map(Lessons::partition).orElse(SITE));
        }
    }

    Optional<Taught> taught(AccountId account, MessageId message) {
        try (Snapshot snapshot = store.snapshot()) {
            return taught(snapshot, account, message.number());
        }
    }

    private static Optional<Taught> taught(Snapshot snapshot, AccountId account, long message) {
        return taught(snapshot, partition(account), message);
    }

    private static Optional<Taught> taught(Snapshot snapshot, Partition partition, long message) {
        return snapshot.get(partition, MESSAGE, key(message)).map(row -> {
            RowReader in = RowReader.of(row, FORMAT);
            return new Taught(in.octet() == 1 ? Lesson.JUNK : Lesson.HAM, in.octet() == 1, in.octet());
        });
    }

    /// Accounts of which something is kept.
    public List<AccountId> stored() {
        List<AccountId> found = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions(KIND, partition -> {
                if (!partition.equals(SITE)) {
                    found.add(new AccountId(partition.number()));
                }
                return true;
            });
        }
        return found;
    }

    // ---- learning --------------------------------------------------------------------------------------------------

    /// Learns for the site alone, or for an account and, if `site`, for the site. With a message, what was learned of
    /// it before is taken back first, and the same lesson again is none. Answers whether anything was
    /// learned.
    ///
    /// @throws Unavailable when the store cannot write
    boolean learn(Optional<AccountId> account, Optional<MessageId> message, long[] tokens, Taught lesson) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            List<Change> changes = new ArrayList<>();
            try (Snapshot snapshot = store.snapshot()) {
                Optional<Taught> before = account.flatMap(a -> message.flatMap(m -> taught(snapshot, a, m.number())));
                if (before.filter(old -> old.lesson == lesson.lesson).isPresent()) {
                    return false;
                }
                if (account.isPresent()) {
                    Change own = new Change(snapshot, partition(account.get()));
                    own.count(tokens, lesson.lesson, before.map(Taught::lesson));
                    message.ifPresent(m -> own.remember(m.number(), lesson));
                    changes.add(own);
                }
                if (lesson.site || before.filter(Taught::site).isPresent()) {
                    Change all = new Change(snapshot, SITE);
                    all.count(
                            tokens,
                            lesson.site ? Optional.of(lesson.lesson) : Optional.empty(),
                            before.filter(Taught::site).map(Taught::lesson));
                    changes.add(all);
                }
            }
            if (commit(changes)) {
                return true;
            }
        }
        throw new Unavailable("try again", "others teach all the time");
    }

    /// Learns a message that lies in no mailbox, for an account alone, or for the site alone. `sample` stands for the
    /// message; the same lesson about it again is none, another takes the first back. Answers whether anything was
    /// learned.
    ///
    /// @throws Unavailable when the store cannot write
    boolean learnSample(Optional<AccountId> account, long sample, long[] tokens, Lesson lesson) {
        Partition partition = account.map(Lessons::partition).orElse(SITE);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Change change;
            try (Snapshot snapshot = store.snapshot()) {
                Optional<Taught> before = taught(snapshot, partition, sample);
                if (before.filter(old -> old.lesson == lesson).isPresent()) {
                    return false;
                }
                change = new Change(snapshot, partition);
                change.count(tokens, lesson, before.map(Taught::lesson));
                change.remember(sample, new Taught(lesson, false, 0));
            }
            if (commit(List.of(change))) {
                return true;
            }
        }
        throw new Unavailable("try again", "others teach all the time");
    }

    private boolean commit(List<Change> changes) {
        List<Batch> batches = changes.stream().map(change -> change.batch).toList();
        return switch (store.commit(batches)) {
            case Commit.Done _ -> {
                // After the commit: whoever reads meanwhile has the old number, and it goes with this.
                changes.forEach(change -> change.touched.forEach(words::invalidate));
                yield true;
            }
            case Commit.Conflict _ -> false;
        };
    }

    /// One partition's part of a lesson.
    private static final class Change {
        private final Snapshot snapshot;
        private final Partition partition;
        private final Batch batch;
        private final List<Word> touched = new ArrayList<>();

        Change(Snapshot snapshot, Partition partition) {
            this.snapshot = snapshot;
            this.partition = partition;
            this.batch = new Batch(partition, snapshot.version(partition));
        }

        void count(long[] tokens, Lesson add, Optional<Lesson> takeBack) {
            count(tokens, Optional.of(add), takeBack);
        }

        void count(long[] tokens, Optional<Lesson> add, Optional<Lesson> takeBack) {
            Totals totals = totals(snapshot, partition);
            int junk = more(Lesson.JUNK, add, takeBack);
            int ham = more(Lesson.HAM, add, takeBack);
            long ever = totals.ever + 1;
            int made = 0;
            for (long token : tokens) {
                Optional<byte[]> row = snapshot.get(partition, TOKEN, key(token));
                long oldJunk = 0;
                long oldHam = 0;
                if (row.isPresent()) {
                    RowReader in = RowReader.of(row.get(), FORMAT);
                    oldJunk = in.number();
                    oldHam = in.number();
                }
                // What was forgotten meanwhile cannot be taken back.
                long newJunk = Math.max(0, oldJunk + junk);
                long newHam = Math.max(0, oldHam + ham);
                if (newJunk + newHam > 0) {
                    batch.put(
                            TOKEN,
                            key(token),
                            new RowWriter(FORMAT, 10)
                                    .number(newJunk)
                                    .number(newHam)
                                    .number(ever)
                                    .row());
                    made += row.isPresent() ? 0 : 1;
                } else if (row.isPresent()) {
                    batch.delete(TOKEN, key(token));
                    made--;
                }
                touched.add(new Word(partition, token));
            }
            batch.put(
                    HEAD,
                    NOTHING,
                    new Totals(
                                    Math.max(0, totals.junk + junk),
                                    Math.max(0, totals.ham + ham),
                                    Math.max(0, totals.tokens + made),
                                    ever,
                                    totals.readUpTo)
                            .encode());
        }

        private static int more(Lesson lesson, Optional<Lesson> add, Optional<Lesson> takeBack) {
            return (add.filter(lesson::equals).isPresent() ? 1 : 0)
                    - (takeBack.filter(lesson::equals).isPresent() ? 1 : 0);
        }

        void remember(long message, Taught taught) {
            batch.put(
                    MESSAGE,
                    key(message),
                    new RowWriter(FORMAT, 3)
                            .octet(taught.lesson == Lesson.JUNK ? 1 : 2)
                            .octet(taught.site ? 1 : 0)
                            .octet(taught.keywords)
                            .row());
        }
    }

    /// The change log of the account was followed up to here.
    void readUpTo(AccountId account, long position) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Batch batch;
            try (Snapshot snapshot = store.snapshot()) {
                Partition partition = partition(account);
                Totals old = totals(snapshot, partition);
                batch = new Batch(partition, snapshot.version(partition))
                        .put(HEAD, NOTHING, new Totals(old.junk, old.ham, old.tokens, old.ever, position).encode());
            }
            if (store.commit(batch) instanceof Commit.Done) {
                return;
            }
        }
    }

    // ---- forgetting ------------------------------------------------------------------------------------------------

    /// Keeps the number of words within `limit`: those seen once that are old go first, then those seen twice, and so
    /// on until a fifth is free. Answers how many went.
    public long prune(Optional<AccountId> account, int limit) {
        Partition partition = account.map(Lessons::partition).orElse(SITE);
        long gone = 0;
        Totals totals = totals(account);
        if (totals.tokens <= limit) {
            return 0;
        }
        for (int rare = 1; rare <= 64 && totals(account).tokens > limit * 4L / 5; rare *= 2) {
            int bar = rare;
            gone += sweep(partition, limit * 4L / 5, bar, last -> last < totals.ever - totals.ever / 8);
            gone += sweep(partition, limit * 4L / 5, bar, _ -> true);
        }
        return gone;
    }

    private long sweep(Partition partition, long down, int rare, LongPredicate old) {
        long gone = 0;
        byte[] from = NOTHING;
        while (true) {
            Batch batch;
            List<Word> touched = new ArrayList<>();
            byte[][] next = {NOTHING};
            try (Snapshot snapshot = store.snapshot()) {
                Totals totals = totals(snapshot, partition);
                batch = new Batch(partition, snapshot.version(partition));
                long most = Math.min(STEP, totals.tokens - down);
                snapshot.scan(partition, TOKEN, from, NOTHING, (key, row) -> {
                    if (touched.size() >= most) {
                        next[0] = key;
                        return false;
                    }
                    RowReader in = RowReader.of(row, FORMAT);
                    if (in.number() + in.number() <= rare && old.test(in.number())) {
                        batch.delete(TOKEN, key);
                        touched.add(new Word(partition, ByteBuffer.wrap(key).getLong()));
                    }
                    return true;
                });
                if (touched.isEmpty()) {
                    return gone;
                }
                batch.put(
                        HEAD,
                        NOTHING,
                        new Totals(
                                        totals.junk,
                                        totals.ham,
                                        totals.tokens - touched.size(),
                                        totals.ever,
                                        totals.readUpTo)
                                .encode());
            }
            if (store.commit(batch) instanceof Commit.Done) {
                touched.forEach(words::invalidate);
                gone += touched.size();
                if (next[0].length == 0) {
                    return gone;
                }
                from = next[0];
            }
        }
    }

    /// A message has gone: what was learned of it stays learned.
    void forgetMessage(AccountId account, MessageId message) {
        if (taught(account, message).isPresent()) {
            store.commit(new Batch(partition(account), Batch.ANY_VERSION).delete(MESSAGE, key(message.number())));
        }
    }

    /// Forgets everything of an account, or of the site. The position in the change log stays, unless the account goes.
    public void forget(Optional<AccountId> account, boolean forGood) {
        Partition partition = account.map(Lessons::partition).orElse(SITE);
        long position = totals(account).readUpTo;
        Map<Space, Boolean> spaces = new HashMap<>(Map.of(TOKEN, true, MESSAGE, true, HEAD, true));
        for (Space space : spaces.keySet()) {
            while (true) {
                List<byte[]> keys = new ArrayList<>();
                try (Snapshot snapshot = store.snapshot()) {
                    snapshot.scan(partition, space, NOTHING, NOTHING, (key, _) -> keys.add(key) && keys.size() < STEP);
                }
                if (keys.isEmpty()) {
                    break;
                }
                Batch batch = new Batch(partition, Batch.ANY_VERSION);
                keys.forEach(key -> batch.delete(space, key));
                store.commit(batch);
            }
        }
        words.invalidateAll();
        if (!forGood && account.isPresent() && position > 0) {
            readUpTo(account.get(), position);
        }
    }
}
