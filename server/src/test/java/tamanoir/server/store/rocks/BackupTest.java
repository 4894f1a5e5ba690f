package tamanoir.server.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.FolderBlobs;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Space;
import tamanoir.server.store.Verified;
import tamanoir.server.store.Verified.Finding;

@Timeout(60)
class BackupTest {
    private static final Settings SMALL = Settings.standard().withReserve(0).withMemory(8 << 20, 2 << 20);
    private static final Partition ANN = Partition.of('A', 1);

    @TempDir
    Path folder;

    private RocksStore open(Path at) {
        return new RocksStore(at, SMALL, new Trace("store", "test"));
    }

    @Test
    void aCheckpointMadeUnderLoadIsAWholeStore() throws Exception {
        int threads = 3;
        AtomicBoolean end = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        long[][] before = new long[threads][2];
        Path copy = folder.resolve("backups/monday");
        try (RocksStore store = open(folder.resolve("store"))) {
            List<Thread> all = new ArrayList<>();
            long[][] now = new long[threads][2];
            for (int i = 0; i < threads; i++) {
                int number = i;
                all.add(Thread.ofVirtual().start(() -> {
                    try {
                        Depositor depositor = new Depositor(store, number, 5, 2000);
                        while (!end.get()) {
                            depositor.step((partition, version) -> {
                                synchronized (now) {
                                    now[number][(int) (partition.number() & 1)] = version;
                                }
                            });
                        }
                    } catch (IOException | RuntimeException | Error e) {
                        failed.set(e);
                    }
                }));
            }
            long until = System.nanoTime() + 500_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            synchronized (now) {
                for (int i = 0; i < threads; i++) {
                    before[i] = now[i].clone();
                }
            }
            FolderBlobs.Copied copied = store.checkpoint(copy);
            end.set(true);
            for (Thread thread : all) {
                thread.join();
            }
            assertThat(failed.get()).isNull();
            assertThat(copied.octets()).isEqualTo(copied.blobs() * 70_000);
            assertThatThrownBy(() -> store.checkpoint(copy)).isInstanceOf(Unavailable.class);
            try (var made = Files.list(folder.resolve("backups"))) {
                assertThat(made).containsExactly(copy);
            }
            Verified verified = store.verify(true);
            assertThat(verified.findings()).isEmpty();
        }
        try (RocksStore store = open(copy)) {
            for (int i = 0; i < threads; i++) {
                Depositor.check(store, i, 2000, before[i]);
            }
            assertThat(store.verify(true).findings()).isEmpty();
            // A copy lives its own life: the original does not see it.
            new Depositor(store, 0, 6, 2000).step((partition, version) -> {});
        }
        try (RocksStore store = open(folder.resolve("store"))) {
            assertThat(store.verify(true).findings()).isEmpty();
        }
    }

    @Test
    void blobsOnAnotherDiskAreCopied() throws IOException {
        Path other = Path.of("/dev/shm");
        if (!Files.isWritable(other)) {
            System.out.println("NOT RUN: BackupTest needs /dev/shm as another disk");
            return;
        }
        Path blobs = Files.createTempDirectory(other, "tamanoir-test");
        try (RocksStore store =
                new RocksStore(folder.resolve("store"), blobs.resolve("blobs"), SMALL, new Trace("store", "test"))) {
            BlobHash hash = keepAndLink(store, 1, true);
            assertThat(store.checkpoint(folder.resolve("copy")).blobs()).isEqualTo(1);
            try (RocksStore copy = open(folder.resolve("copy"))) {
                assertThat(copy.blobs().size(hash)).isEqualTo(70_000);
                assertThat(copy.verify(true).isSound()).isTrue();
            }
        } finally {
            try (var all = Files.walk(blobs)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void verifyFindsWhatIsWrongWithBlobs() throws IOException {
        try (RocksStore store = open(folder.resolve("store"))) {
            BlobHash missing = keepAndLink(store, 1, true);
            BlobHash shorter = keepAndLink(store, 2, true);
            BlobHash changed = keepAndLink(store, 3, true);
            keepAndLink(store, 4, true);
            keepAndLink(store, 5, false);
            Files.delete(file(missing));
            try (RandomAccessFile file = new RandomAccessFile(file(shorter).toFile(), "rw")) {
                file.setLength(69_999);
            }
            FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
            try (RandomAccessFile file = new RandomAccessFile(file(changed).toFile(), "rw")) {
                file.seek(35_000);
                file.write(77);
            }
            Files.setLastModifiedTime(file(changed), time);

            Verified quick = store.verify(false);
            assertThat(quick.findings())
                    .containsExactlyInAnyOrder(
                            new Finding.MissingBlob(missing, 1), new Finding.WrongSize(shorter, 70_000, 69_999));
            assertThat(quick.isSound()).isFalse();
            assertThat(quick.blobs()).isEqualTo(4);
            assertThat(quick.links()).isEqualTo(4);
            assertThat(quick.strays()).isEqualTo(1);
            assertThat(quick.strayOctets()).isEqualTo(70_000);
            assertThat(store.verify(true).findings())
                    .containsExactlyInAnyOrder(
                            new Finding.MissingBlob(missing, 1),
                            new Finding.WrongSize(shorter, 70_000, 69_999),
                            new Finding.WrongHash(changed));
        }
    }

    @Test
    void verifyFindsDamagedRows() throws IOException {
        Space bodies = new Space(0x11, Space.Family.BODY);
        Space rows = new Space(3, Space.Family.META);
        Path store = folder.resolve("store");
        byte[] body = new byte[30_000];
        new Random(1).nextBytes(body);
        try (RocksStore it = open(store)) {
            for (int i = 0; i < 100; i++) {
                it.commit(new Batch(ANN, Batch.ANY_VERSION)
                        .put(bodies, new byte[] {(byte) i}, body)
                        .put(rows, new byte[] {(byte) i}, body));
            }
            // What a checkpoint copies is in files, no longer in the log.
            it.checkpoint(folder.resolve("copy"));
            assertThat(it.verify(true).isSound()).isTrue();
        }
        Path damaged = largest(folder.resolve("copy/rows"), ".blob");
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(HexFormat.of().parseHex("deadbeef"));
        }
        try (RocksStore copy = open(folder.resolve("copy"))) {
            assertThat(copy.verify(false).isSound()).isTrue();
            assertThat(copy.verify(true).findings()).hasSize(1).allMatch(f -> f instanceof Finding.Damage);
        }
    }

    private static Path largest(Path folder, String suffix) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(suffix))
                    .max(java.util.Comparator.comparingLong(f -> f.toFile().length()))
                    .orElseThrow();
        }
    }

    private Path file(BlobHash hash) {
        String name = hash.toString();
        return folder.resolve("store/blobs").resolve(name.substring(0, 2), name.substring(2, 4), name);
    }

    private static BlobHash keepAndLink(RocksStore store, int content, boolean link) throws IOException {
        byte[] octets = new byte[70_000];
        new Random(content).nextBytes(octets);
        try (Blobs.Spool spool = store.blobs().spool()) {
            spool.write(octets, 0, octets.length);
            BlobHash hash = spool.keep();
            if (link) {
                store.commit(
                        new BlobLinks().link(hash, octets.length, ANN, content).batches());
            }
            return hash;
        }
    }
}
