package tamanoir.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tamanoir.server.observe.Unavailable;

/// What every store must keep. An adapter's test extends this and says how it is opened.
@Timeout(60)
public abstract class StoreContract {
    protected static final Partition ANN = Partition.of('A', 1);
    protected static final Partition BOB = Partition.of('A', 2);
    protected static final Space ROWS = new Space(3, Space.Family.META);
    protected static final Space NEXT = new Space(4, Space.Family.META);
    protected static final Space LOG = new Space(7, Space.Family.LOG);
    protected static final Space DUE = new Space(0x22, Space.Family.QUEUE);
    protected static final Space LAST = new Space(0xFE, Space.Family.META);
    protected static final Space BODIES = new Space(0x11, Space.Family.BODY);
    private static final List<Space> SPACES = List.of(ROWS, NEXT, LOG, DUE, LAST, BODIES);

    protected Store store;

    /// Opens a new, empty store.
    protected abstract Store open() throws IOException;

    /// Closes and opens again what is durable; a store that is not answers the same store.
    protected abstract Store reopen(Store store);

    @BeforeEach
    void begin() throws IOException {
        store = open();
    }

    @AfterEach
    void end() {
        store.close();
    }

    // ---- commits ---------------------------------------------------------------------------------------------------

    @Test
    void whatIsCommittedIsReadBack() {
        assertThat(store.commit(batch(ANN, 0).put(ROWS, key("a"), value("1")).put(BODIES, key("b"), value("body"))))
                .isEqualTo(new Commit.Done(List.of(1L)));

        store = reopen(store);

        assertThat(get(ANN, ROWS, "a")).isEqualTo("1");
        assertThat(get(ANN, BODIES, "b")).isEqualTo("body");
        assertThat(get(ANN, NEXT, "a")).isNull();
        assertThat(get(BOB, ROWS, "a")).isNull();
        assertThat(version(ANN)).isEqualTo(1);
        assertThat(version(BOB)).isZero();
    }

    @Test
    void everyFamilyKeepsItsRows() {
        byte[] large = new byte[Store.LONGEST_VALUE];
        new Random(1).nextBytes(large);
        Batch batch = batch(ANN, 0);
        SPACES.forEach(space -> batch.put(space, key("k"), large));
        // Five values of 64 KiB that are no bodies pass the limit: two commits.
        Batch first = batch(ANN, 0);
        Batch second = batch(ANN, 1);
        SPACES.subList(0, 3).forEach(space -> first.put(space, key("k"), large));
        SPACES.subList(3, SPACES.size()).forEach(space -> second.put(space, key("k"), large));
        assertThatThrownBy(() -> store.commit(batch)).isInstanceOf(IllegalArgumentException.class);
        store.commit(first);
        store.commit(second);

        store = reopen(store);

        try (Snapshot snapshot = store.snapshot()) {
            for (Space space : SPACES) {
                assertThat(snapshot.get(ANN, space, key("k")))
                        .hasValueSatisfying(v -> assertThat(v).isEqualTo(large));
            }
        }
    }

    @Test
    void aBatchFromAnotherVersionIsAConflictAndWritesNothing() {
        store.commit(batch(ANN, 0).put(ROWS, key("a"), value("1")));

        assertThat(store.commit(batch(ANN, 0).put(ROWS, key("a"), value("2")))).isEqualTo(new Commit.Conflict(ANN, 1));
        assertThat(store.commit(batch(ANN, 5).put(ROWS, key("a"), value("2")))).isEqualTo(new Commit.Conflict(ANN, 1));
        assertThat(get(ANN, ROWS, "a")).isEqualTo("1");
        assertThat(version(ANN)).isEqualTo(1);
    }

    @Test
    void batchesOfSeveralPartitionsAreWrittenTogetherOrNotAtAll() {
        store.commit(batch(BOB, 0).put(ROWS, key("x"), value("1")));

        Commit refused = store.commit(List.of(
                batch(ANN, 0).put(ROWS, key("a"), value("1")), batch(BOB, 0).put(ROWS, key("x"), value("2"))));
        assertThat(refused).isEqualTo(new Commit.Conflict(BOB, 1));
        assertThat(get(ANN, ROWS, "a")).isNull();
        assertThat(version(ANN)).isZero();

        Commit done = store.commit(List.of(
                batch(ANN, 0).put(ROWS, key("a"), value("1")), batch(BOB, 1).put(ROWS, key("x"), value("2"))));
        assertThat(done).isEqualTo(new Commit.Done(List.of(1L, 2L)));
        store = reopen(store);
        assertThat(get(ANN, ROWS, "a")).isEqualTo("1");
        assertThat(get(BOB, ROWS, "x")).isEqualTo("2");
    }

    @Test
    void anyVersionIsNeverAConflictAndStillCounts() {
        store.commit(batch(ANN, Batch.ANY_VERSION).put(ROWS, key("a"), value("1")));
        store.commit(batch(ANN, Batch.ANY_VERSION).put(ROWS, key("b"), value("1")));
        assertThat(version(ANN)).isEqualTo(2);
        assertThat(store.commit(batch(ANN, 2).delete(ROWS, key("a")))).isEqualTo(new Commit.Done(List.of(3L)));
    }

    @Test
    void theLastChangeOfAKeyWins() {
        store.commit(batch(ANN, 0)
                .put(ROWS, key("a"), value("1"))
                .put(ROWS, key("b"), value("1"))
                .delete(ROWS, key("a"))
                .put(ROWS, key("b"), value("2"))
                .delete(ROWS, key("c"))
                .put(ROWS, key("c"), value("3")));
        assertThat(scan(ANN, ROWS, "", "", false)).containsExactly("b=2", "c=3");
    }

    @Test
    void anEmptyBatchCountsAndAnEmptyCommitDoesNothing() {
        assertThat(store.commit(List.of())).isEqualTo(new Commit.Done(List.of()));
        assertThat(store.commit(batch(ANN, 0))).isEqualTo(new Commit.Done(List.of(1L)));
        assertThat(version(ANN)).isEqualTo(1);
    }

    @Test
    void limitsAreChecked() {
        Batch many = batch(ANN, 0);
        for (int i = 0; i < Store.MOST_KEYS; i++) {
            many.put(ROWS, key("k" + i), value(""));
        }
        store.commit(many);
        assertThatThrownBy(() -> store.commit(
                        batchLike(many, 1).put(ROWS, key("one more"), value("")).put(ROWS, key("2"), value(""))))
                .isInstanceOf(IllegalArgumentException.class);

        byte[] large = new byte[Store.LONGEST_VALUE];
        Batch heavy = batch(ANN, 1);
        for (int i = 0; i < 4; i++) {
            heavy.put(ROWS, key("" + i), large);
        }
        assertThatThrownBy(() -> store.commit(heavy)).isInstanceOf(IllegalArgumentException.class);

        Batch bodies = batch(ANN, 1);
        for (int i = 0; i < 20; i++) {
            bodies.put(BODIES, key("" + i), large);
        }
        assertThat(store.commit(bodies)).isInstanceOf(Commit.Done.class);

        assertThatThrownBy(() -> batch(ANN, 0).put(BODIES, key("a"), new byte[Store.LONGEST_VALUE + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.commit(List.of(batch(ANN, 0), batch(ANN, 0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Batch batchLike(Batch other, long version) {
        Batch copy = new Batch(other.partition(), version);
        other.changes().stream().skip(1).forEach(c -> copy.delete(c.space(), c.key()));
        return copy;
    }

    // ---- reading ---------------------------------------------------------------------------------------

    @Test
    void rowsAreVisitedInTheOrderOfUnsignedOctets() {
        Batch batch = batch(ANN, 0);
        List<byte[]> keys = new ArrayList<>(List.of(
                new byte[0],
                new byte[] {0},
                new byte[] {0, 0},
                new byte[] {1},
                new byte[] {0x7F},
                new byte[] {(byte) 0x80},
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0xFF, (byte) 0xFF}));
        keys.reversed().forEach(key -> batch.put(LAST, key, key));
        store.commit(batch);
        // Neighbours on both sides, which must never be visited.
        store.commit(batch(Partition.of('A', 0), 0).put(LAST, new byte[] {(byte) 0xFF}, value("neighbour")));
        store.commit(batch(BOB, 0).put(new Space(0, Space.Family.META), new byte[0], value("neighbour")));
        store = reopen(store);

        try (Snapshot snapshot = store.snapshot()) {
            List<byte[]> seen = new ArrayList<>();
            snapshot.scan(ANN, LAST, new byte[0], new byte[0], (key, value) -> {
                assertThat(value).isEqualTo(key);
                return seen.add(key);
            });
            assertThat(seen).usingElementComparator(Arrays::compareUnsigned).isEqualTo(keys);

            seen.clear();
            snapshot.scanBackwards(ANN, LAST, new byte[0], new byte[0], (key, value) -> seen.add(key));
            assertThat(seen).usingElementComparator(Arrays::compareUnsigned).isEqualTo(keys.reversed());
        }
    }

    @Test
    void rangesIncludeTheirBeginningAndNotTheirEnd() {
        Batch batch = batch(ANN, 0);
        for (String k : List.of("a", "b", "c", "d")) {
            batch.put(ROWS, key(k), value(k)).put(NEXT, key(k), value("next"));
        }
        store.commit(batch);

        assertThat(scan(ANN, ROWS, "b", "d", false)).containsExactly("b=b", "c=c");
        assertThat(scan(ANN, ROWS, "b", "d", true)).containsExactly("c=c", "b=b");
        assertThat(scan(ANN, ROWS, "aa", "cc", false)).containsExactly("b=b", "c=c");
        assertThat(scan(ANN, ROWS, "aa", "cc", true)).containsExactly("c=c", "b=b");
        assertThat(scan(ANN, ROWS, "c", "", false)).containsExactly("c=c", "d=d");
        assertThat(scan(ANN, ROWS, "", "b", true)).containsExactly("a=a");
        assertThat(scan(ANN, ROWS, "b", "b", false)).isEmpty();
        assertThat(scan(ANN, ROWS, "c", "a", false)).isEmpty();
        assertThat(scan(ANN, ROWS, "c", "a", true)).isEmpty();
        assertThat(scan(BOB, ROWS, "", "", true)).isEmpty();
    }

    @Test
    void aVisitorMayStop() {
        Batch batch = batch(ANN, 0);
        for (int i = 0; i < 100; i++) {
            batch.put(ROWS, new byte[] {(byte) i}, value("v"));
        }
        store.commit(batch);
        try (Snapshot snapshot = store.snapshot()) {
            int[] count = {0};
            snapshot.scan(ANN, ROWS, new byte[0], new byte[0], (key, value) -> ++count[0] < 7);
            assertThat(count[0]).isEqualTo(7);
        }
    }

    @Test
    void manyRowsAreReadInTheOrderOfTheirKeys() {
        byte[] large = new byte[Store.LONGEST_VALUE];
        Arrays.fill(large, (byte) 'x');
        store.commit(batch(ANN, 0)
                .put(BODIES, key("a"), value("1"))
                .put(BODIES, key("b"), large)
                .put(BODIES, key("d"), value("4"))
                .put(ROWS, key("c"), value("of another space")));
        store.commit(batch(BOB, 0).put(BODIES, key("c"), value("of another partition")));
        store = reopen(store);
        try (Snapshot before = store.snapshot()) {
            store.commit(batch(ANN, 1).put(BODIES, key("c"), value("later")).delete(BODIES, key("a")));

            List<byte[]> keys = List.of(key("d"), key("c"), key("b"), key("a"), key("d"));
            assertThat(before.getAll(ANN, BODIES, keys))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(
                            Optional.of(value("4")),
                            Optional.empty(),
                            Optional.of(large),
                            Optional.of(value("1")),
                            Optional.of(value("4"))));
            assertThat(before.getAll(ANN, BODIES, List.of())).isEmpty();
        }
        try (Snapshot after = store.snapshot()) {
            List<Optional<byte[]>> rows = after.getAll(ANN, BODIES, List.of(key("a"), key("c")));
            assertThat(rows.get(0)).isEmpty();
            assertThat(rows.get(1)).hasValue(value("later"));
        }
    }

    @Test
    void aSnapshotSeesNothingThatCameLater() {
        store.commit(batch(ANN, 0).put(ROWS, key("a"), value("1")).put(ROWS, key("b"), value("1")));
        try (Snapshot before = store.snapshot()) {
            store.commit(batch(ANN, 1)
                    .put(ROWS, key("a"), value("2"))
                    .delete(ROWS, key("b"))
                    .put(ROWS, key("c"), value("2")));
            store.commit(batch(ANN, 2).put(ROWS, key("a"), value("3")).put(ROWS, key("b"), value("3")));
            store.commit(batch(BOB, 0).put(ROWS, key("x"), value("1")));

            assertThat(before.get(ANN, ROWS, key("a"))).hasValue(value("1"));
            assertThat(scan(before, ANN, ROWS, "", "", false)).containsExactly("a=1", "b=1");
            assertThat(scan(before, ANN, ROWS, "", "", true)).containsExactly("b=1", "a=1");
            assertThat(before.version(ANN)).isEqualTo(1);
            assertThat(before.version(BOB)).isZero();
            assertThat(partitions(before, 'A')).containsExactly(ANN);
        }
        assertThat(scan(ANN, ROWS, "", "", false)).containsExactly("a=3", "b=3", "c=2");
    }

    @Test
    void partitionsOfAKindAreListedInOrder() {
        for (long number : List.of(300L, 5L, 0x00FF_FFFF_FFFF_FFFFL, 0L)) {
            store.commit(batch(Partition.of('Q', number), 0).put(ROWS, key("a"), value("1")));
        }
        store.commit(batch(Partition.of('P', 9), 0));
        store.commit(batch(Partition.of('R', 0), 0));
        store = reopen(store);
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(partitions(snapshot, 'Q'))
                    .containsExactly(
                            Partition.of('Q', 0),
                            Partition.of('Q', 5),
                            Partition.of('Q', 300),
                            Partition.of('Q', 0x00FF_FFFF_FFFF_FFFFL));
            assertThat(partitions(snapshot, 'Z')).isEmpty();
        }
    }

    @Test
    void aClosedStoreRefusesAndAClosedSnapshotIsABug() {
        Snapshot snapshot = store.snapshot();
        snapshot.close();
        snapshot.close();
        assertThatThrownBy(() -> snapshot.version(ANN)).isInstanceOf(IllegalStateException.class);

        store.close();
        store.close();
        assertThatThrownBy(() -> store.snapshot()).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> store.commit(batch(ANN, 0))).isInstanceOf(Unavailable.class);
    }

    // ---- many at once ------------------------------------------------------------------------------

    @Test
    void countersThatManyIncreaseLoseNothing() throws InterruptedException {
        int threads = 20;
        int each = 25;
        List<Thread> all = new ArrayList<>();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        for (int t = 0; t < threads; t++) {
            all.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        Partition mine =
                                Partition.of('A', ThreadLocalRandom.current().nextInt(3));
                        increase(mine);
                    }
                } catch (RuntimeException | Error e) {
                    failed.set(e);
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(failed.get()).isNull();
        store = reopen(store);
        long sum = 0;
        try (Snapshot snapshot = store.snapshot()) {
            for (int number = 0; number < 3; number++) {
                Partition partition = Partition.of('A', number);
                long count = snapshot.get(partition, ROWS, key("count"))
                        .map(v -> Long.parseLong(new String(v, UTF_8)))
                        .orElse(0L);
                assertThat(snapshot.version(partition)).isEqualTo(count);
                sum += count;
            }
        }
        assertThat(sum).isEqualTo((long) threads * each);
    }

    private void increase(Partition partition) {
        while (true) {
            long version;
            long count;
            try (Snapshot snapshot = store.snapshot()) {
                version = snapshot.version(partition);
                count = snapshot.get(partition, ROWS, key("count"))
                        .map(v -> Long.parseLong(new String(v, UTF_8)))
                        .orElse(0L);
            }
            // Both halves of one truth, in two families: a reader that sees them differ found a torn commit.
            assertThat(count).isEqualTo(version);
            Commit outcome = store.commit(batch(partition, version)
                    .put(ROWS, key("count"), value("" + (count + 1)))
                    .put(LOG, key("" + count), value("")));
            switch (outcome) {
                case Commit.Done done -> {
                    assertThat(done.versions()).containsExactly(version + 1);
                    return;
                }
                case Commit.Conflict conflict -> assertThat(conflict.version()).isGreaterThan(version);
            }
        }
    }

    @Test
    void randomCommitsAgreeWithAModel() {
        long seed = Long.getLong("tamanoir.seed", new Random().nextLong());
        Random random = new Random(seed);
        Map<Partition, Long> versions = new HashMap<>();
        NavigableMap<byte[], String> model = new TreeMap<>(Arrays::compareUnsigned);
        record Held(Snapshot snapshot, NavigableMap<byte[], String> model, Map<Partition, Long> versions) {}
        List<Held> held = new ArrayList<>();
        try {
            for (int step = 0; step < 600; step++) {
                List<Batch> batches = new ArrayList<>();
                NavigableMap<byte[], String> next = new TreeMap<>(model);
                boolean conflict = false;
                for (int number = 0; number < 3; number++) {
                    if (random.nextInt(3) != 0) {
                        continue;
                    }
                    Partition partition = Partition.of('A', number);
                    long version = versions.getOrDefault(partition, 0L);
                    boolean stale = random.nextInt(20) == 0;
                    conflict |= stale;
                    Batch batch = batch(
                            partition, stale ? version + 1 : random.nextInt(4) == 0 ? Batch.ANY_VERSION : version);
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        Space space = SPACES.get(random.nextInt(SPACES.size()));
                        byte[] key = {(byte) random.nextInt(24), (byte) random.nextInt(2)};
                        byte[] physical = partition.key(space, key);
                        if (random.nextInt(3) == 0) {
                            batch.delete(space, key);
                            next.remove(physical);
                        } else {
                            String text = "v" + step + "." + i;
                            batch.put(space, key, value(text));
                            next.put(physical, text);
                        }
                    }
                    batches.add(batch);
                }
                Commit outcome = store.commit(batches);
                assertThat(outcome instanceof Commit.Conflict).isEqualTo(conflict);
                if (!conflict) {
                    model = next;
                    batches.forEach(b -> versions.merge(b.partition(), 1L, Long::sum));
                }
                if (random.nextInt(10) == 0 && held.size() < 4) {
                    held.add(new Held(store.snapshot(), model, Map.copyOf(versions)));
                }
                if (!held.isEmpty() && random.nextInt(8) == 0) {
                    Held one = held.remove(random.nextInt(held.size()));
                    agree(one.snapshot, one.model, one.versions, random);
                    one.snapshot.close();
                }
                if (step == 300) {
                    held.forEach(one -> one.snapshot.close());
                    held.clear();
                    store = reopen(store);
                }
            }
            try (Snapshot snapshot = store.snapshot()) {
                agree(snapshot, model, versions, random);
            }
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + " (-Dtamanoir.seed=" + seed + ")", e);
        } finally {
            held.forEach(one -> one.snapshot.close());
        }
    }

    private static void agree(
            Snapshot snapshot, NavigableMap<byte[], String> model, Map<Partition, Long> versions, Random random) {
        for (int number = 0; number < 3; number++) {
            Partition partition = Partition.of('A', number);
            assertThat(snapshot.version(partition)).isEqualTo(versions.getOrDefault(partition, 0L));
            for (Space space : SPACES) {
                byte[] from = random.nextBoolean() ? new byte[0] : new byte[] {(byte) random.nextInt(24)};
                byte[] to = random.nextBoolean() ? new byte[0] : new byte[] {(byte) random.nextInt(24)};
                byte[] low = partition.key(space, from);
                byte[] high = to.length == 0 ? partition.end(space) : partition.key(space, to);
                List<String> wanted = Arrays.compareUnsigned(low, high) >= 0
                        ? List.of()
                        : model.subMap(low, true, high, false).entrySet().stream()
                                .map(e -> text(Partition.rest(e.getKey())) + "=" + e.getValue())
                                .toList();
                assertThat(rows(snapshot, partition, space, from, to, false)).isEqualTo(wanted);
                assertThat(rows(snapshot, partition, space, from, to, true)).isEqualTo(wanted.reversed());
            }
        }
    }

    // ---- notices -----------------------------------------------------------------------------------

    @Test
    void aListenerIsToldTheVersionAfterTheCommit() throws InterruptedException {
        BlockingQueue<Long> told = new ArrayBlockingQueue<>(100);
        try (Notices.Subscription listening =
                store.notices().subscribe(ANN, (partition, version) -> told.add(version))) {
            store.commit(batch(BOB, 0).put(ROWS, key("a"), value("1")));
            store.commit(batch(ANN, 0).put(ROWS, key("a"), value("1")));
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            store.commit(batch(ANN, 0).put(ROWS, key("a"), value("conflict")));
            store.commit(batch(ANN, 1).put(ROWS, key("a"), value("2")));
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(listening).isNotNull();
        }
        store.commit(batch(ANN, 2));
        store.notices().subscribe(ANN, (partition, version) -> told.add(version));
        store.commit(batch(ANN, 3));
        // The notice of the commit before may still be on its way; it is one for a change already read.
        Long next = told.poll(10, TimeUnit.SECONDS);
        assertThat(next).isIn(3L, 4L);
        if (next == 3L) {
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(4);
        }
    }

    @Test
    void noticesOfABusyPartitionAreMergedAndTheLastIsTold() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Long> told = new ArrayBlockingQueue<>(100);
        store.notices().subscribe(ANN, (partition, version) -> {
            told.add(version);
            first.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // A listener may use the store: no lock is held.
            assertThat(version(ANN)).isGreaterThanOrEqualTo(version);
            throw new IllegalStateException("a listener's bug stops nobody");
        });
        store.commit(batch(ANN, 0));
        first.await();
        for (int version = 1; version < 50; version++) {
            store.commit(batch(ANN, version));
        }
        release.countDown();
        List<Long> all = new ArrayList<>();
        while (all.isEmpty() || all.getLast() < 50) {
            Long next = told.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("told so far: " + all).isNotNull();
            all.add(next);
        }
        assertThat(all).hasSizeLessThanOrEqualTo(3).contains(50L);
    }

    // ---- blobs -------------------------------------------------------------------------------------

    @Test
    void aBlobIsKeptUnderItsHash() throws IOException {
        byte[] octets = new byte[300_000];
        new Random(7).nextBytes(octets);
        BlobHash hash = keep(octets);
        assertThat(keep(octets)).isEqualTo(hash);
        store = reopen(store);
        assertThat(store.blobs().size(hash)).isEqualTo(octets.length);
        try (InputStream in = store.blobs().stream(hash)) {
            assertThat(in.readAllBytes()).isEqualTo(octets);
        }
        assertThat(new Body.Large(hash, octets.length).load(store.blobs()).toByteArray())
                .isEqualTo(octets);
    }

    @Test
    void aBlobThatIsNotKeptIsGone() throws IOException {
        try (Blobs.Spool spool = store.blobs().spool()) {
            spool.write(new byte[100_000], 0, 100_000);
            assertThat(spool.size()).isEqualTo(100_000);
        }
        BlobHash absent = new BlobHash(new byte[32]);
        assertThatThrownBy(() -> store.blobs().open(absent)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> store.blobs().size(absent)).isInstanceOf(Unavailable.class);
    }

    protected BlobHash keep(byte[] octets) throws IOException {
        try (Blobs.Spool spool = store.blobs().spool()) {
            for (int at = 0; at < octets.length; at += 70_001) {
                spool.write(octets, at, Math.min(70_001, octets.length - at));
            }
            return spool.keep();
        }
    }

    // ---- what the tests are written with -----------------------------------------------------------

    protected static Batch batch(Partition partition, long version) {
        return new Batch(partition, version);
    }

    protected static byte[] key(String text) {
        return text.getBytes(UTF_8);
    }

    protected static byte[] value(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] octets) {
        return new String(octets, UTF_8);
    }

    protected @Nullable String get(Partition partition, Space space, String key) {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.get(partition, space, key(key))
                    .map(StoreContract::text)
                    .orElse(null);
        }
    }

    protected long version(Partition partition) {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.version(partition);
        }
    }

    protected List<String> scan(Partition partition, Space space, String from, String to, boolean backwards) {
        try (Snapshot snapshot = store.snapshot()) {
            return scan(snapshot, partition, space, from, to, backwards);
        }
    }

    protected static List<String> scan(
            Snapshot snapshot, Partition partition, Space space, String from, String to, boolean backwards) {
        return rows(snapshot, partition, space, key(from), key(to), backwards);
    }

    private static List<String> rows(
            Snapshot snapshot, Partition partition, Space space, byte[] from, byte[] to, boolean backwards) {
        List<String> rows = new ArrayList<>();
        Snapshot.Visitor visitor = (key, value) -> rows.add(text(key) + "=" + text(value));
        if (backwards) {
            snapshot.scanBackwards(partition, space, from, to, visitor);
        } else {
            snapshot.scan(partition, space, from, to, visitor);
        }
        return rows;
    }

    private static List<Partition> partitions(Snapshot snapshot, char kind) {
        List<Partition> partitions = new ArrayList<>();
        snapshot.partitions(kind, partitions::add);
        return partitions;
    }
}
