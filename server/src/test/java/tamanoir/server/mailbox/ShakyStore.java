package tamanoir.server.mailbox;

import java.util.List;
import java.util.Random;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// A store that fails now and then: before it has written, or after, so that nobody can know.
final class ShakyStore implements Store {
    private final Store store;
    private final Random random;
    volatile boolean shaky;

    ShakyStore(Store store, long seed) {
        this.store = store;
        this.random = new Random(seed);
    }

    @Override
    public Snapshot snapshot() {
        return store.snapshot();
    }

    @Override
    public Commit commit(List<Batch> batches) {
        int luck = shaky ? random.nextInt(10) : 9;
        if (luck == 0) {
            throw new Unavailable("try again later", "failed before writing");
        }
        if (luck == 1 && batches.getFirst().expectedVersion() != Batch.ANY_VERSION) {
            // Another node was faster.
            store.commit(new Batch(batches.getFirst().partition(), Batch.ANY_VERSION));
        }
        Commit done = store.commit(batches);
        if (luck == 2) {
            throw new Unavailable("try again later", "failed after writing");
        }
        return done;
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
    public void close() {
        store.close();
    }
}
