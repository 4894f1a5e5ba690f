package tamanoir.server.mailbox;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.Unavailable;

/// Whose turn it is to change an account: first come, first served, and whoever has the turn may serve those behind.
///
/// That is the point of it. A commit waits for the disk; while it does, others come. The next in line takes the changes
/// of all who wait into one commit, so an account under fire takes as many changes a second as it gets, not as many as
/// the disk syncs.
///
/// The turn is handed over, not let go, as long as anybody waits: the queue is the order. Only who has the turn takes
/// from the queue.
final class Turn {
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

    private static final int WAITING = 0;
    /// It has the turn.
    private static final int HOLDS = 1;
    /// Somebody else does its work just now.
    private static final int TAKEN = 2;
    private static final int DONE = 3;
    private static final int LEFT = 4;

    private final ConcurrentLinkedQueue<Waiter> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean held = new AtomicBoolean();

    /// One who waits; used for one wait.
    static class Waiter {
        private final AtomicInteger state = new AtomicInteger(WAITING);
        private final Thread thread = Thread.currentThread();

        /// Whether another may do its work.
        boolean canBeServed() {
            return false;
        }

        /// Its work is done, by another: it may go on.
        final void served() {
            state.set(DONE);
            LockSupport.unpark(thread);
        }
    }

    /// Waits; answers true when the caller has the turn and must [#leave], false when another has done its work.
    ///
    /// @throws Unavailable when it takes too long, or at shutdown
    boolean take(Waiter waiter) {
        if (held.compareAndSet(false, true)) {
            return true;
        }
        queue.add(waiter);
        // Whoever had the turn may have left before it could see us in the queue.
        if (held.compareAndSet(false, true)) {
            leave();
        }
        long deadline = System.nanoTime() + LONGEST_WAIT;
        boolean interrupted = false;
        try {
            while (true) {
                switch (waiter.state.get()) {
                    case HOLDS -> {
                        return true;
                    }
                    case DONE -> {
                        return false;
                    }
                    case TAKEN -> LockSupport.park(this);
                    default -> {
                        long left = deadline - System.nanoTime();
                        if ((left <= 0 || interrupted) && waiter.state.compareAndSet(WAITING, LEFT)) {
                            throw interrupted
                                    ? new Unavailable("the server is stopping", "interrupted")
                                    : new Unavailable("this mailbox is busy, try again later", "waited too long");
                        }
                        LockSupport.parkNanos(this, Math.max(1, left));
                    }
                }
                // Remembered and cleared: parking would return at once otherwise.
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Takes the turn if nobody has it.
    boolean tryTake() {
        return held.compareAndSet(false, true);
    }

    /// The next in line when it can be served, else null; by who has the turn. It must be [Waiter#served].
    @Nullable
    Waiter next() {
        while (true) {
            Waiter first = queue.peek();
            if (first == null || !first.canBeServed()) {
                return null;
            }
            queue.remove();
            if (first.state.compareAndSet(WAITING, TAKEN)) {
                return first;
            }
        }
    }

    /// Hands the turn to the next in line, or lets it go.
    void leave() {
        while (true) {
            for (Waiter next = queue.poll(); next != null; next = queue.poll()) {
                if (next.state.compareAndSet(WAITING, HOLDS)) {
                    LockSupport.unpark(next.thread);
                    return;
                }
            }
            held.set(false);
            // Who came in between has seen the turn taken and waits.
            if (queue.isEmpty() || !held.compareAndSet(false, true)) {
                return;
            }
        }
    }
}
