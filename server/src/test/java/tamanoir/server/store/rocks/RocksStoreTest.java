package tamanoir.server.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.DiskFull;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;
import tamanoir.server.store.StoreContract;

class RocksStoreTest extends StoreContract {
    private static final Settings SMALL = Settings.standard().withReserve(0).withMemory(8 << 20, 4 << 20);

    @TempDir
    Path folder;

    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);

    @Override
    protected Store open() {
        return new RocksStore(
                folder, folder.resolve("blobs"), SMALL.withReserve(1000), new Trace("store", "test"), free::get);
    }

    @Override
    protected Store reopen(Store store) {
        store.close();
        return open();
    }

    @Test
    void rowsThatAreNotInMemoryAreReadByTheReaders() throws InterruptedException {
        byte[] large = new byte[3000];
        Random random = new Random(3);
        for (int i = 0; i < 2000; i += 40) {
            Batch batch = batch(ANN, Batch.ANY_VERSION);
            for (int k = i; k < i + 40; k++) {
                random.nextBytes(large);
                batch.put(ROWS, key(String.format("%05d", k)), large.clone())
                        .put(BODIES, key(String.format("%05d", k)), large.clone());
            }
            store.commit(batch);
        }
        store = reopen(store);

        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            boolean backwards = t % 2 == 1;
            all.add(Thread.ofVirtual().start(() -> {
                try (Snapshot snapshot = store.snapshot()) {
                    for (var space : List.of(ROWS, BODIES)) {
                        List<String> keys = new ArrayList<>();
                        Snapshot.Visitor visitor = (key, value) -> {
                            assertThat(value).hasSize(3000);
                            return keys.add(new String(key, java.nio.charset.StandardCharsets.UTF_8));
                        };
                        if (backwards) {
                            snapshot.scanBackwards(ANN, space, new byte[0], new byte[0], visitor);
                        } else {
                            snapshot.scan(ANN, space, new byte[0], new byte[0], visitor);
                        }
                        assertThat(keys)
                                .hasSize(2000)
                                .isSortedAccordingTo(
                                        backwards
                                                ? java.util.Comparator.reverseOrder()
                                                : java.util.Comparator.naturalOrder());
                        assertThat(snapshot.get(ANN, space, key("01234"))).isPresent();
                        assertThat(snapshot.get(ANN, space, key("none"))).isEmpty();
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
    }

    @Test
    void theFolderIsOpenOnce() {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        Unavailable.class, e -> assertThat(e.detail()).contains("another server"));
    }

    @Test
    void whenRoomIsLowMailIsRefusedAndSmallChangesAreNot() {
        store.commit(batch(ANN, 0).put(ROWS, key("a"), value("1")));
        free.set(900);
        roomIsAskedAgain();
        assertThatThrownBy(() -> store.commit(batch(ANN, 1).put(BODIES, key("b"), value("body"))))
                .isInstanceOf(DiskFull.class);
        assertThat(store.commit(batch(ANN, 1).put(ROWS, key("a"), value("2")).delete(BODIES, key("x"))))
                .isInstanceOf(Commit.Done.class);

        free.set(400);
        roomIsAskedAgain();
        assertThatThrownBy(() -> store.commit(batch(ANN, 2).delete(ROWS, key("a"))))
                .isInstanceOf(DiskFull.class);
        assertThat(get(ANN, ROWS, "a")).isEqualTo("2");

        free.set(1000);
        roomIsAskedAgain();
        assertThat(store.commit(batch(ANN, 2).put(BODIES, key("b"), value("body"))))
                .isEqualTo(new Commit.Done(List.of(3L)));
    }

    /// Free space is asked for every 50 ms at most.
    private static void roomIsAskedAgain() {
        long until = System.nanoTime() + 60_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void closingWaitsForReadersAndAnswersWriters() throws InterruptedException {
        store.commit(batch(ANN, 0).put(ROWS, key("a"), value("1")).put(ROWS, key("b"), value("1")));
        CountDownLatch inVisitor = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Snapshot leaked = store.snapshot();
        Thread reader = Thread.ofVirtual().start(() -> {
            try (Snapshot snapshot = store.snapshot()) {
                snapshot.scan(ANN, ROWS, new byte[0], new byte[0], (key, value) -> {
                    inVisitor.countDown();
                    try {
                        closing.await();
                        while (true) {
                            store.commit(batch(BOB, Batch.ANY_VERSION));
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                });
            } catch (Unavailable e) {
                refused.set(e);
            }
        });
        inVisitor.await();
        Thread closer = Thread.ofPlatform().start(() -> store.close());
        closing.countDown();
        closer.join();
        reader.join();
        assertThat(refused.get()).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> leaked.version(ANN)).isInstanceOf(Unavailable.class);
        leaked.close();
        store = open();
        assertThat(get(ANN, ROWS, "a")).isEqualTo("1");
    }

    @Test
    void theRoomOfDeletedBodiesIsReclaimed() {
        RocksStore rocks = (RocksStore) store;
        byte[] body = new byte[20_000];
        Random random = new Random(4);
        for (int i = 0; i < 1000; i++) {
            random.nextBytes(body);
            store.commit(batch(ANN, Batch.ANY_VERSION).put(BODIES, key(String.format("%05d", i)), body.clone()));
        }
        for (int i = 0; i < 1000; i++) {
            if (i % 4 != 0) {
                store.commit(batch(ANN, Batch.ANY_VERSION).delete(BODIES, key(String.format("%05d", i))));
            }
        }
        // A checkpoint writes the memory tables into files, as time does.
        rocks.checkpoint(folder.resolve("copy"));
        Reclaim reclaim = new Reclaim(new Trace("store", "test"), 1 << 20);
        long until = System.nanoTime() + 30_000_000_000L;
        int more = 0;
        while (rocks.figures().bodyOctets() > 7_000_000) {
            assertThat(System.nanoTime()).as(rocks.figures().toString()).isLessThan(until);
            random.nextBytes(body);
            store.commit(batch(BOB, Batch.ANY_VERSION).put(BODIES, key("" + more++ % 10), body.clone()));
            rocks.reclaim(reclaim);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(get(ANN, BODIES, String.format("%05d", i)) != null).isEqualTo(i % 4 == 0);
        }
    }
}
