package tamanoir.server.store.rocks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.DiskFull;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Partition;

/// The one thread that writes, and what it does when it cannot. The guide of the package says why it is one.
///
/// Requests arrive on a stack without a lock: whoever puts the first one on an empty stack wakes the writer, the writer
/// takes the whole stack at once and turns it round, so that commits are made in the order of their arrival. Then, for
/// one group after the other: compare versions, merge, write with sync, answer, tell. A conflict is answered after the
/// group's sync too, for the version that it names may have been made in the same group.
final class Writer {
    /// What the store can do at the moment; written by the writer thread, read by all.
    sealed interface State {
        record Open(Engine engine) implements State {}

        /// The database is closed after a failure and will be opened anew.
        record Down(String why, boolean full) implements State {}

        record Closed() implements State {}
    }

    /// Lies on the stack when nothing more may be put there.
    private static final Request SEAL = new Request(List.of());

    private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LAST_RETRY = TimeUnit.SECONDS.toNanos(10);

    private final Path folder;
    private final Settings settings;
    private final Readers readers;
    private final Room room;
    private final Notices notices;
    private final Trace trace;
    private final Thread thread;

    private final AtomicReference<@Nullable Request> arrivals = new AtomicReference<>();
    private volatile State state;
    private volatile boolean closing;

    // What follows is the writer thread's own.
    private final Versions versions = new Versions();
    private final List<Request> group = new ArrayList<>();
    private final List<Commit> outcomes = new ArrayList<>();
    private @Nullable Request backlog;

    private final LongAdder commits = new LongAdder();
    private final LongAdder groups = new LongAdder();
    private final LongAdder octets = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /// Opens the database and starts the thread.
    ///
    /// @throws RocksDBException when it cannot be opened
    Writer(Path folder, Settings settings, Readers readers, Room room, Notices notices, Trace trace)
            throws RocksDBException {
        this.folder = folder;
        this.settings = settings;
        this.readers = readers;
        this.room = room;
        this.notices = notices;
        this.trace = trace;
        this.state = new State.Open(new Engine(folder, settings, readers));
        this.thread = Thread.ofPlatform().name("store writer").unstarted(this::run);
        thread.start();
    }

    // ---- called by many threads --------------------------------------------------------------------

    /// @throws Unavailable when the store is down or closed
    Engine engine() {
        return switch (state) {
            case State.Open open -> open.engine();
            case State.Down down -> throw refusal(down);
            case State.Closed closed -> throw closed();
        };
    }

    Commit commit(Request request) {
        switch (state) {
            case State.Open open -> submit(request);
            case State.Down down -> throw refusal(down);
            case State.Closed closed -> throw closed();
        }
        return request.await();
    }

    private void submit(Request request) {
        Request before;
        do {
            before = arrivals.get();
            if (before == SEAL) {
                throw closed();
            }
            request.next = before;
        } while (!arrivals.compareAndSet(before, request));
        if (before == null) {
            LockSupport.unpark(thread);
        }
    }

    /// Writes what has arrived, then closes the database.
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    long commits() {
        return commits.sum();
    }

    long groups() {
        return groups.sum();
    }

    long octets() {
        return octets.sum();
    }

    long failures() {
        return failures.sum();
    }

    private static Unavailable refusal(State.Down down) {
        return down.full() ? new DiskFull(down.why()) : new Unavailable("try again later", down.why());
    }

    private static Unavailable closed() {
        return new Unavailable("try again later", "the store is closed");
    }

    // ---- the writer thread -------------------------------------------------------------------------

    private void run() {
        try (WriteBatch merged = new WriteBatch()) {
            while (await()) {
                switch (state) {
                    case State.Open open -> {
                        takeGroup();
                        write(open.engine(), merged);
                    }
                    case State.Down down -> recover(down);
                    case State.Closed closed -> throw new IllegalStateException("only we close");
                }
            }
        } finally {
            State last = state;
            state = new State.Closed();
            refuse(arrivals.getAndSet(SEAL));
            refuse(backlog);
            if (last instanceof State.Open(Engine engine)) {
                try {
                    engine.flush();
                } catch (RocksDBException e) {
                    trace.warn(
                            "store-not-flushed",
                            "reason",
                            String.valueOf(e.getMessage()),
                            "effect",
                            "the next start takes longer");
                }
                engine.close(() -> {});
            }
        }
    }

    /// Waits until there is something to do; false when the store is closed and nothing is left.
    private boolean await() {
        if (state instanceof State.Down) {
            return !closing;
        }
        while (backlog == null) {
            takeArrivals();
            if (backlog == null) {
                if (closing) {
                    return false;
                }
                LockSupport.park(this);
            }
        }
        return true;
    }

    private void takeArrivals() {
        Request newest = arrivals.getAndSet(null);
        while (newest != null) {
            Request before = newest.next;
            newest.next = backlog;
            backlog = newest;
            newest = before;
        }
    }

    private void takeGroup() {
        group.clear();
        long sum = 0;
        Request request = backlog;
        while (request != null && group.size() < settings.groupRequests() && sum < settings.groupOctets()) {
            group.add(request);
            sum += request.octets;
            request = request.next;
        }
        backlog = request;
    }

    private void write(Engine engine, WriteBatch merged) {
        outcomes.clear();
        int written = 0;
        try {
            for (Request request : group) {
                if (!room.allows(request.hasBody)) {
                    request.refuse(new DiskFull(room.toString()));
                    continue;
                }
                Commit outcome = merge(engine, request, merged);
                outcomes.add(outcome);
                // From here on the group holds only what waits for the sync.
                group.set(written++, request);
            }
            if (merged.count() > 0) {
                engine.write(merged);
                groups.increment();
                octets.add(merged.getDataSize());
            }
        } catch (RocksDBException | RuntimeException | Error e) {
            fail(engine, e);
            return;
        } finally {
            merged.clear();
        }
        for (int i = 0; i < written; i++) {
            group.get(i).answer(outcomes.get(i));
        }
        commits.add(written);
        for (int i = 0; i < written; i++) {
            if (outcomes.get(i) instanceof Commit.Done(List<Long> made)) {
                List<Batch> batches = group.get(i).batches;
                for (int b = 0; b < made.size(); b++) {
                    notices.publish(batches.get(b).partition(), made.get(b));
                }
            }
        }
    }

    /// Puts the request's rows into the merged batch, or nothing of it when a version is not the expected one.
    private Commit merge(Engine engine, Request request, WriteBatch merged) throws RocksDBException {
        List<Batch> batches = request.batches;
        Long[] made = new Long[batches.size()];
        for (int i = 0; i < made.length; i++) {
            Batch batch = batches.get(i);
            long version = version(engine, batch.partition());
            if (batch.expectedVersion() != Batch.ANY_VERSION && batch.expectedVersion() != version) {
                return new Commit.Conflict(batch.partition(), version);
            }
            made[i] = version + 1;
        }
        int at = 0;
        for (int i = 0; i < made.length; i++) {
            Batch batch = batches.get(i);
            for (Batch.Change change : batch.changes()) {
                byte[] key = request.keys[at++];
                byte[] value = change.value();
                if (value == null) {
                    merged.delete(engine.family(change.space()), key);
                } else {
                    merged.put(engine.family(change.space()), key, value);
                }
            }
            engine.putVersion(merged, batch.partition(), made[i]);
            versions.put(batch.partition().id(), made[i]);
        }
        return new Commit.Done(List.of(made));
    }

    private long version(Engine engine, Partition partition) throws RocksDBException {
        long known = versions.get(partition.id());
        if (known != Versions.UNKNOWN) {
            return known;
        }
        long read = engine.version(partition);
        versions.put(partition.id(), read);
        return read;
    }

    // ---- failure -----------------------------------------------------------------------------------

    /// Nobody knows what the disk kept of the group: all of it is refused, and the database is closed for good.
    private void fail(Engine engine, Throwable failure) {
        failures.increment();
        String reason = String.valueOf(failure.getMessage());
        boolean full = isFull(reason);
        State.Down down = new State.Down("the store failed: " + reason, full);
        state = down;
        trace.error(
                "store-failed",
                "reason",
                reason,
                "effect",
                "nothing is taken until the store has been opened anew, which is tried without a restart");
        if (!(failure instanceof RocksDBException)) {
            trace.bug(failure);
        }
        versions.clear();
        for (Request request : group) {
            request.refuse(refusal(down));
        }
        refuseArrivals();
        engine.close(this::refuseArrivals);
    }

    private static boolean isFull(String text) {
        return text.contains("No space left") || text.contains("quota") || text.contains("Space limit");
    }

    private void recover(State.Down down) {
        long started = System.nanoTime();
        long wait = FIRST_RETRY;
        String said = "";
        while (!closing) {
            long until = System.nanoTime() + wait;
            while (!closing && System.nanoTime() < until) {
                refuseArrivals();
                LockSupport.parkNanos(this, until - System.nanoTime());
            }
            if (closing) {
                return;
            }
            if (down.full() && !room.isBack()) {
                continue;
            }
            try {
                state = new State.Open(new Engine(folder, settings, readers));
                trace.info("store-recovered", "after_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
                return;
            } catch (RocksDBException e) {
                String why = String.valueOf(e.getMessage());
                if (!why.equals(said)) {
                    trace.error("store-reopen-failed", "reason", why, "effect", "tried again");
                    said = why;
                }
                wait = Math.min(wait * 2, LAST_RETRY);
            }
        }
    }

    /// Answers all who wait, while nothing can be written.
    private void refuseArrivals() {
        takeArrivals();
        refuse(backlog);
        backlog = null;
    }

    private void refuse(@Nullable Request first) {
        for (Request request = first; request != null; request = request.next) {
            request.refuse(state instanceof State.Down down ? refusal(down) : closed());
        }
    }
}
