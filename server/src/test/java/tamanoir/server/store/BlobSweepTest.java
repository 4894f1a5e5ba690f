package tamanoir.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.memory.MemoryStore;

@Timeout(60)
class BlobSweepTest {
    private static final Partition ANN = Partition.of('A', 1);
    private static final Partition BOB = Partition.of('A', 2);
    private static final Duration GRACE = Duration.ofDays(7);
    private static final Duration MORE = GRACE.plusSeconds(1);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private MemoryStore store;
    private FolderBlobs blobs;
    private BlobSweep sweep;

    @BeforeEach
    void begin() {
        store = new MemoryStore();
        blobs = new FolderBlobs(folder, 0, clock);
        sweep = sweepOf(store);
    }

    @AfterEach
    void end() {
        store.close();
    }

    private BlobSweep sweepOf(Store store) {
        return new BlobSweep(store, blobs, GRACE, clock, new Trace("store", "test"));
    }

    private void later(Duration time) {
        now.updateAndGet(t -> t.plus(time));
    }

    @Test
    void aBlobGoesAGraceAfterItsLastLink() throws IOException {
        BlobHash hash = keep(1);
        link(hash, ANN, 7);
        link(hash, BOB, 7);
        later(MORE);
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(1, 0, 0, 0));
        unlink(hash, ANN, 7);
        later(MORE);
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(1, 0, 0, 0));
        unlink(hash, BOB, 7);
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 1, 0, 0));
        later(GRACE.minusSeconds(1));
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 1, 0, 0));
        assertThat(blobs.exists(hash)).isTrue();
        later(Duration.ofSeconds(2));
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 0, 1, 100_000));
        assertThat(blobs.exists(hash)).isFalse();
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 0, 0, 0));
        assertThat(rows(hash)).isEmpty();
    }

    @Test
    void aLinkRevivesADoomedBlobAndTheDaysCountAnew() throws IOException {
        BlobHash hash = keep(1);
        link(hash, ANN, 1);
        unlink(hash, ANN, 1);
        sweep.sweep();
        later(GRACE.minusHours(1));
        // Without a keep: who read the link of somebody else may copy it.
        link(hash, BOB, 1);
        unlink(hash, BOB, 1);
        later(Duration.ofHours(2));
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 1, 0, 0));
        later(MORE);
        assertThat(sweep.sweep().deleted()).isEqualTo(1);
    }

    @Test
    void aFileWithoutRowsGoesAGraceAfterItWasKept() throws IOException {
        BlobHash hash = keep(1);
        later(GRACE.minusHours(1));
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 1, 0, 0));
        assertThat(keep(1)).isEqualTo(hash);
        later(GRACE.minusHours(1));
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 1, 0, 0));
        later(Duration.ofHours(2));
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 0, 1, 100_000));
    }

    @Test
    void aKeepSavesADoomedBlob() throws IOException {
        BlobHash hash = keep(1);
        link(hash, ANN, 1);
        unlink(hash, ANN, 1);
        sweep.sweep();
        later(MORE);
        keep(1);
        sweep.sweep();
        assertThat(blobs.exists(hash)).isTrue();
        link(hash, BOB, 1);
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(1, 0, 0, 0));
        later(MORE);
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(1, 0, 0, 0));
    }

    @Test
    void aLinkThatComesBeforeTheSweepsCommitSavesTheBlob() throws IOException {
        BlobHash hash = dueForDeletion();
        BlobSweep raced = sweepOf(new Meddling(store, () -> link(hash, BOB, 9), () -> {}));
        raced.sweep();
        assertThat(blobs.exists(hash)).isTrue();
        later(MORE);
        sweep.sweep();
        assertThat(blobs.exists(hash)).isTrue();
    }

    @Test
    void aKeepThatComesBeforeTheSweepsCommitSavesTheFile() throws IOException {
        BlobHash hash = dueForDeletion();
        sweepOf(new Meddling(store, () -> keep(1), () -> {})).sweep();
        assertThat(blobs.exists(hash)).isTrue();
        link(hash, BOB, 9);
        later(MORE);
        sweep.sweep();
        assertThat(blobs.exists(hash)).isTrue();
    }

    @Test
    void aKeepAndALinkBetweenTheSweepsCommitAndItsDeleteSaveTheFile() throws IOException {
        BlobHash hash = dueForDeletion();
        sweepOf(new Meddling(store, () -> {}, () -> link(keep(1), BOB, 9))).sweep();
        assertThat(blobs.exists(hash)).isTrue();
        later(MORE);
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(1, 0, 0, 0));
        assertThat(blobs.exists(hash)).isTrue();
    }

    @Test
    void aSweepThatDiesBeforeOrAfterItsCommitIsFinishedByTheNext() throws IOException {
        BlobHash hash = dueForDeletion();
        Runnable death = () -> {
            throw new Unavailable("try again later", "killed");
        };
        assertThatThrownBy(() -> sweepOf(new Meddling(store, death, () -> {})).sweep())
                .isInstanceOf(Unavailable.class);
        assertThat(blobs.exists(hash)).isTrue();
        assertThat(rows(hash)).hasSize(2);
        assertThatThrownBy(() -> sweepOf(new Meddling(store, () -> {}, death)).sweep())
                .isInstanceOf(Unavailable.class);
        assertThat(blobs.exists(hash)).isTrue();
        assertThat(rows(hash)).isEmpty();
        assertThat(sweep.sweep()).isEqualTo(new BlobSweep.Swept(0, 0, 1, 100_000));
        assertThat(blobs.exists(hash)).isFalse();
    }

    @Test
    void whatIsNotABlobIsLeftAlone() throws IOException {
        BlobHash hash = keep(1);
        Path parent = Objects.requireNonNull(blobs.path(hash).getParent());
        Path stranger = Files.writeString(parent.resolve("README"), "mine");
        Path wrongFolder = Files.writeString(parent.resolve("f".repeat(64)), "not of this shard");
        Path other = Files.createDirectories(folder.resolve("lost+found"));
        later(MORE.multipliedBy(10));
        sweep.sweep();
        assertThat(stranger).exists();
        assertThat(wrongFolder).exists();
        assertThat(other).exists();
        assertThat(blobs.exists(hash)).isFalse();
    }

    @Test
    void theBatchesOfOneCommitHaveDistinctPartitions() throws IOException {
        List<BlobHash> all = new ArrayList<>();
        BlobLinks links = new BlobLinks();
        byte[] same = new byte[32];
        for (int i = 0; i < 3; i++) {
            same[31] = (byte) i;
            all.add(new BlobHash(same));
        }
        all.add(keep(1));
        all.forEach(hash -> links.link(hash, 100_000, ANN, 1));
        links.link(new Body.Small(tamanoir.mail.text.Octets.of(new byte[3])), ANN, 1);
        assertThat(links.batches()).hasSize(2);
        assertThat(store.commit(links.batches())).isInstanceOf(Commit.Done.class);
        all.forEach(hash -> assertThat(rows(hash)).hasSize(2));
        BlobLinks gone = new BlobLinks();
        all.forEach(hash -> gone.unlink(hash, ANN, 1).unlink(hash, BOB, 1));
        store.commit(gone.batches());
        all.forEach(hash -> assertThat(rows(hash)).hasSize(1));
        assertThat(new BlobLinks().isEmpty()).isTrue();
    }

    @Test
    void aGraceShorterThanACommitIsRefused() {
        assertThatThrownBy(() -> new BlobSweep(store, blobs, Duration.ofSeconds(5), clock, new Trace("store", "test")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Writers keep and link, unlink and copy links, sweeps run all the time, and weeks pass. No linked blob is ever
    /// without its file. (A week passes before a "keep" or after its link, never in between: the one thing that is
    /// asked of writers.)
    @RepeatedTest(3)
    void sweepsAndWritersNeverLoseALinkedBlob() throws Exception {
        long seed = Long.getLong("tamanoir.seed", new Random().nextLong());
        int contents = 6;
        int writers = 4;
        ReentrantReadWriteLock weeks = new ReentrantReadWriteLock(true);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger deleted = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        List<Thread> background = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            background.add(Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    try {
                        deleted.addAndGet((int) sweep.sweep().deleted());
                    } catch (RuntimeException | Error e) {
                        failed.compareAndSet(null, e);
                    }
                }
            }));
        }
        background.add(Thread.ofPlatform().start(() -> {
            // Not for ever: the times of files end in the year 2446 on some file systems.
            for (int i = 0; i < 5000 && !done.get(); i++) {
                weeks.writeLock().lock();
                try {
                    later(GRACE.dividedBy(2));
                } finally {
                    weeks.writeLock().unlock();
                }
                LockSupport.parkNanos(20_000);
            }
        }));
        List<Thread> all = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int me = w;
            all.add(Thread.ofPlatform().start(() -> {
                Random random = new Random(seed + me);
                Partition owner = Partition.of('A', 100 + me);
                List<BlobHash> mine = new ArrayList<>();
                try {
                    for (int step = 0; step < 150; step++) {
                        if (mine.isEmpty() || random.nextInt(3) == 0) {
                            weeks.readLock().lock();
                            try {
                                BlobHash hash = keep(random.nextInt(contents));
                                link(hash, owner, 1);
                                mine.remove(hash);
                                mine.add(hash);
                            } finally {
                                weeks.readLock().unlock();
                            }
                        } else {
                            BlobHash hash = mine.get(random.nextInt(mine.size()));
                            try (FileChannel file = blobs.open(hash)) {
                                assertThat(file.size()).isEqualTo(100_000);
                            }
                            if (random.nextBoolean()) {
                                unlink(hash, owner, 1);
                                mine.remove(hash);
                            } else if (random.nextBoolean()) {
                                // A copy whose original goes at once, without a keep.
                                weeks.readLock().lock();
                                try {
                                    unlink(hash, owner, 1);
                                    Thread.onSpinWait();
                                    link(hash, owner, 1);
                                } finally {
                                    weeks.readLock().unlock();
                                }
                            }
                        }
                    }
                    for (BlobHash hash : mine) {
                        assertThat(blobs.exists(hash)).isTrue();
                        unlink(hash, owner, 1);
                    }
                } catch (IOException | RuntimeException | Error e) {
                    failed.compareAndSet(null, new AssertionError("seed " + seed, e));
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        done.set(true);
        for (Thread thread : background) {
            thread.join();
        }
        assertThat(failed.get()).as("seed " + seed).isNull();
        later(MORE);
        sweep.sweep();
        later(MORE);
        sweep.sweep();
        sweep.sweep();
        assertThat(deleted.get()).isPositive();
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    // ---- what the tests are written with ---------------------------------------------------------------------------

    private BlobHash dueForDeletion() {
        BlobHash hash = keep(1);
        link(hash, ANN, 1);
        unlink(hash, ANN, 1);
        sweep.sweep();
        later(MORE);
        return hash;
    }

    private BlobHash keep(int content) {
        byte[] octets = new byte[100_000];
        octets[0] = (byte) content;
        try (Blobs.Spool spool = blobs.spool()) {
            spool.write(octets, 0, octets.length);
            return spool.keep();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void link(BlobHash hash, Partition owner, long item) {
        assertThat(store.commit(new BlobLinks().link(hash, 100_000, owner, item).batches()))
                .isInstanceOf(Commit.Done.class);
    }

    private void unlink(BlobHash hash, Partition owner, long item) {
        store.commit(new BlobLinks().unlink(hash, owner, item).batches());
    }

    private List<String> rows(BlobHash hash) {
        List<String> rows = new ArrayList<>();
        byte[] all = new byte[0];
        try (Snapshot snapshot = store.snapshot()) {
            for (Space space : List.of(BlobRows.BLOB, BlobRows.LINK, BlobRows.DOOMED)) {
                snapshot.scan(
                        BlobRows.partition(BlobRows.shard(hash)),
                        space,
                        all,
                        all,
                        (key, value) -> !BlobRows.hash(key).equals(hash) || rows.add(space.code() + ""));
            }
        }
        return rows;
    }

    /// A store on which somebody else is quicker, or the process ends, before or after a commit.
    private record Meddling(Store store, Runnable before, Runnable after) implements Store {
        @Override
        public Snapshot snapshot() {
            return store.snapshot();
        }

        @Override
        public Commit commit(List<Batch> batches) {
            before.run();
            Commit outcome = store.commit(batches);
            after.run();
            return outcome;
        }

        @Override
        public Blobs blobs() {
            return store.blobs();
        }

        @Override
        public Notices notices() {
            return store.notices();
        }

        @Override
        public void close() {}
    }
}
