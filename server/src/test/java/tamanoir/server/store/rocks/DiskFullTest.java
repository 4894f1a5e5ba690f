package tamanoir.server.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.DiskFull;

/// A disk that is really full: a small file system in memory, which only root can mount.
@Timeout(120)
class DiskFullTest {
    private static final int THREADS = 6;
    private static final int BODY = 20_000;
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        // Not from the small disk, which could not be unmounted as long as this process has the library.
        NativeLibrary.load(folder.resolve("native"));
        disk = Files.createDirectory(folder.resolve("disk"));
        mounted = "root".equals(System.getProperty("user.name"))
                && run("mount", "-t", "tmpfs", "-o", "size=64m", "tamanoir-test", disk.toString());
        if (!mounted) {
            System.out.println("NOT RUN: DiskFullTest needs root to mount a small file system");
        }
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
    }

    @Test
    void belowTheReserveMailIsRefusedAndTakenAgainWhenThereIsRoom() throws Exception {
        if (!mounted) {
            return;
        }
        Path filler = fill(36 * MIB);
        Settings settings = Settings.standard().withReserve(12 * MIB).withMemory(4 * MIB, 2 * MIB);
        try (RocksStore store = new RocksStore(disk, settings, new Trace("store", "test"))) {
            Load load = new Load(store);
            load.start();
            load.awaitRefusals(30);
            assertThat(load.otherRefusals.get()).isZero();
            assertThat(load.diskFull.get()).isPositive();
            assertBlobsAreRefused(store);

            Files.delete(filler);
            load.awaitAcknowledged(200);
            load.stop();
            load.check(store);
            // The reserve was never touched: the engine itself did not fail.
            assertThat(store.figures().failures()).isZero();
            keep(store, 100_000);
        }
        checkReopened(settings);
    }

    @Test
    void afterAFailedWriteTheStoreOpensItselfAnew() throws Exception {
        if (!mounted) {
            return;
        }
        Settings settings = Settings.standard().withReserve(0).withMemory(4 * MIB, 2 * MIB);
        try (RocksStore store = new RocksStore(disk, settings, new Trace("store", "test"))) {
            Load load = new Load(store);
            load.start();
            load.awaitAcknowledged(100);
            for (int round = 0; round < 3; round++) {
                long failures = store.figures().failures();
                Path filler = fill(Long.MAX_VALUE);
                load.awaitRefusals(30);
                assertBlobsAreRefused(store);
                Files.delete(filler);
                load.awaitAcknowledged(100);
                assertThat(store.figures().failures()).isGreaterThan(failures);
            }
            load.stop();
            load.check(store);
        }
        checkReopened(settings);
    }

    private final long[][] acknowledged = new long[THREADS][2];

    private void checkReopened(Settings settings) {
        try (RocksStore store = new RocksStore(disk, settings, new Trace("store", "test"))) {
            for (int number = 0; number < THREADS; number++) {
                Depositor.check(store, number, BODY, acknowledged[number]);
            }
            assertThat(store.verify(true).findings()).isEmpty();
        }
    }

    /// Writes a file of that size, or as large as the disk allows.
    private Path fill(long octets) throws IOException {
        Path file = disk.resolve("filler");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long written = 0; written < octets; ) {
                written += out.write(ByteBuffer.allocate(64 * 1024));
            }
        } catch (IOException full) {
            assertThat(octets).isEqualTo(Long.MAX_VALUE);
        }
        return file;
    }

    private static void keep(RocksStore store, int size) throws IOException {
        try (Blobs.Spool spool = store.blobs().spool()) {
            spool.write(new byte[size], 0, size);
            spool.keep();
        }
    }

    private void assertBlobsAreRefused(RocksStore store) throws IOException {
        try {
            // Longer than what a file system in memory may have in hand.
            keep(store, 8 << 20);
            throw new AssertionError("a blob was kept on a full disk");
        } catch (DiskFull expected) {
            try (var left = Files.list(disk.resolve("blobs/arriving"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    /// Several depositors that go on after a refusal, as clients do.
    private final class Load {
        final AtomicInteger done = new AtomicInteger();
        final AtomicInteger diskFull = new AtomicInteger();
        final AtomicInteger otherRefusals = new AtomicInteger();
        private final AtomicBoolean end = new AtomicBoolean();
        private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        private final RocksStore store;
        private final List<Thread> threads = new ArrayList<>();

        Load(RocksStore store) {
            this.store = store;
        }

        void start() {
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> run(number)));
            }
        }

        private void run(int number) {
            Depositor depositor = new Depositor(store, number, 1, BODY);
            boolean unknown = false;
            while (!end.get()) {
                try {
                    if (unknown) {
                        depositor.readVersions();
                        unknown = false;
                    }
                    depositor.step((partition, version) -> {
                        acknowledged[number][(int) (partition.number() & 1)] = version;
                        done.incrementAndGet();
                    });
                } catch (DiskFull e) {
                    unknown = true;
                    diskFull.incrementAndGet();
                    pause();
                } catch (Unavailable e) {
                    unknown = true;
                    otherRefusals.incrementAndGet();
                    pause();
                } catch (IOException | RuntimeException | Error e) {
                    failed.compareAndSet(null, e);
                    return;
                }
            }
        }

        private static void pause() {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }

        void awaitRefusals(int count) {
            int from = diskFull.get() + otherRefusals.get();
            await(() -> diskFull.get() + otherRefusals.get() >= from + count, "refusals");
        }

        void awaitAcknowledged(int count) {
            int from = done.get();
            await(() -> done.get() >= from + count, "acknowledged commits");
        }

        private void await(java.util.function.BooleanSupplier what, String name) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            while (!what.getAsBoolean()) {
                if (failed.get() != null || System.nanoTime() > until) {
                    throw new AssertionError("no " + name, failed.get());
                }
                pause();
            }
        }

        void stop() throws InterruptedException {
            end.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failed.get()).isNull();
        }

        void check(RocksStore store) {
            for (int number = 0; number < THREADS; number++) {
                Depositor.check(store, number, BODY, acknowledged[number]);
            }
        }
    }
}
