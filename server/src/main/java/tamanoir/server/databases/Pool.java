package tamanoir.server.databases;

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.Unavailable;

/// At most so many connections to the first of some servers that answers. No thread of its own: who needs a
/// connection opens it and puts it back; who comes on top waits. A server that cannot be reached is not tried
/// again for a while unless no other answers; an answer that does not come leads to the next server, once each.
///
/// Used by any number of threads. When nobody refers to the pool any more, its idle connections are closed.
final class Pool<C extends AutoCloseable> implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(15);

    /// Older connections are not trusted: firewalls forget them without a word.
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(55);

    /// What a connection could not do because it, or its server, is gone.
    static final class Lost extends Exception {
        private static final long serialVersionUID = 1L;

        Lost(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// One server.
    interface Server<C> {
        /// How the log calls it; no secrets.
        String name();

        C open() throws Lost;
    }

    interface Work<C, T> {
        T with(C connection) throws Lost;
    }

    private record Idle<C>(C connection, long since) {}

    /// What is left when the pool is gone.
    private record Rest<C extends AutoCloseable>(ConcurrentLinkedDeque<Idle<C>> idle) implements Runnable {
        @Override
        public void run() {
            for (Idle<C> one = idle.poll(); one != null; one = idle.poll()) {
                quietly(one.connection);
            }
        }
    }

    private final List<Server<C>> servers;
    private final AtomicLongArray restingUntil;
    private final Semaphore places;
    private final Duration longestWait;
    private final ConcurrentLinkedDeque<Idle<C>> idle = new ConcurrentLinkedDeque<>();
    private final Cleaner.Cleanable rest;

    Pool(List<Server<C>> servers, int size, Duration longestWait) {
        this.servers = List.copyOf(servers);
        this.restingUntil = new AtomicLongArray(servers.size());
        for (int i = 0; i < servers.size(); i++) {
            restingUntil.set(i, System.nanoTime());
        }
        this.places = new Semaphore(size);
        this.longestWait = longestWait;
        this.rest = CLEANER.register(this, new Rest<>(idle));
    }

    /// Does the work on a connection.
    ///
    /// @throws Unavailable when no server answers, or all connections are in use for too long
    <T> T with(Work<C, T> work) {
        try {
            if (!places.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable("all connections are in use", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted", e);
        }
        try {
            Optional<T> answer = overAnIdleOne(work);
            return answer.isPresent() ? answer.get() : overANewOne(work);
        } finally {
            places.release();
        }
    }

    /// Over a connection that waits; empty when there is none, or it turned out to be gone.
    private <T> Optional<T> overAnIdleOne(Work<C, T> work) {
        for (Idle<C> one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            if (System.nanoTime() - one.since > IDLE_NANOS) {
                quietly(one.connection);
                continue;
            }
            try {
                T answer = run(work, one.connection);
                return Optional.of(answer);
            } catch (Lost gone) {
                return Optional.empty(); // Perhaps only this connection: a new one will tell.
            }
        }
        return Optional.empty();
    }

    private <T> T overANewOne(Work<C, T> work) {
        List<String> reasons = new ArrayList<>();
        @Nullable Lost last = null;
        boolean triedOne = false;
        for (int pass = 0; pass < 2 && !triedOne; pass++) {
            for (int i = 0; i < servers.size(); i++) {
                boolean resting = restingUntil.get(i) - System.nanoTime() > 0;
                if (resting && pass == 0 && servers.size() > 1) {
                    continue;
                }
                triedOne = true;
                try {
                    return run(work, servers.get(i).open());
                } catch (Lost e) {
                    restingUntil.set(i, System.nanoTime() + REST_NANOS);
                    reasons.add(servers.get(i).name() + ": " + e.getMessage());
                    last = e;
                }
            }
        }
        throw unavailable(String.join("; ", reasons), last);
    }

    private <T> T run(Work<C, T> work, C connection) throws Lost {
        boolean good = false;
        try {
            T answer = work.with(connection);
            good = true;
            return answer;
        } finally {
            if (good) {
                idle.addFirst(new Idle<>(connection, System.nanoTime()));
            } else {
                quietly(connection);
            }
        }
    }

    private static Unavailable unavailable(String detail, @Nullable Throwable cause) {
        return new Unavailable("a directory does not answer now, try again later", detail, cause);
    }

    private static void quietly(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception gone) {
            // It is of no use any more, which is all that was wanted.
        }
    }

    @Override
    public void close() {
        rest.clean();
    }
}
