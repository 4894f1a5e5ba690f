package tamanoir.server.store.rocks;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import tamanoir.server.observe.Unavailable;

/// A few platform threads for reads that need the disk: a native call holds its thread, and virtual threads share a
/// carrier for each processor only. Outlives the database when that is opened anew.
final class Readers implements AutoCloseable {
    private final ExecutorService pool;

    Readers(int threads) {
        this.pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("store reader ", 1).factory());
    }

    @FunctionalInterface
    interface Read<T extends @Nullable Object> {
        T read() throws RocksDBException;
    }

    /// Runs the read here when this is a platform thread, else in the pool.
    ///
    /// Not interruptible: the read uses native memory that the caller frees when it goes on.
    <T extends @Nullable Object> T run(Read<T> read) {
        try {
            if (!Thread.currentThread().isVirtual()) {
                return read.read();
            }
        } catch (RocksDBException e) {
            throw Engine.unreadable(e);
        }
        Future<T> future;
        try {
            future = pool.submit(read::read);
        } catch (RejectedExecutionException e) {
            throw new Unavailable("try again later", "the store is closed", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RocksDBException broken) {
                throw Engine.unreadable(broken);
            }
            throw new IllegalStateException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
