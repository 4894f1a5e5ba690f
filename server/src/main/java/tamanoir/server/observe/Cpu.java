package tamanoir.server.observe;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Where things are done that burn the processor for milliseconds and more: password hashes, signatures, indexing.
///
/// A virtual thread that computes keeps its carrier from all others, so this is done by a few platform threads, and
/// the virtual thread waits. Whoever comes when too many wait already is told to try later. Used by all threads.
public final class Cpu implements AutoCloseable {
    private final ThreadPoolExecutor threads;

    /// As many threads as processors, and a queue that they work off within seconds.
    public Cpu() {
        this(Runtime.getRuntime().availableProcessors(), 1000);
    }

    public Cpu(int atOnce, int waiting) {
        threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().name("cpu ", 1).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Does it and waits for the result; a failure of the task is thrown here.
    ///
    /// @throws Unavailable when too much is waiting already, or this thread is interrupted
    public <T> T run(Supplier<T> task) {
        Future<T> future;
        try {
            future = threads.submit(task::get);
        } catch (RejectedExecutionException e) {
            throw new Unavailable("the server is busy", "more waits for the processor than it can do", e);
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RuntimeException failure -> failure;
                case Error failure -> throw failure;
                case null, default -> new IllegalStateException(e);
            };
        } catch (InterruptedException _) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new Unavailable("the server stops", "interrupted while waiting for the processor");
        }
    }

    /// What waits for a thread.
    public int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
