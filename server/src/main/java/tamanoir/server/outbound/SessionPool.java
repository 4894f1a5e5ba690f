package tamanoir.server.outbound;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Sessions that wait for the next message of their destination, for a short while
/// (`smtp_connection_cache_time_limit`).
///
/// Used by all deliveries; `lock` guards the map, nothing is said to a server under it. A thread that closes what has
/// waited too long exists only while something waits.
final class SessionPool implements AutoCloseable {
    private static final int MOST_IDLE = 500;

    private record Idle(Session session, long untilNanos) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, ArrayDeque<Idle>> idle = new HashMap<>();
    private int count;
    private boolean sweeping;
    private boolean closed;

    /// The session that was used last for the key, if one waits and its server still does.
    Optional<Session> take(String key) {
        while (true) {
            Session session;
            lock.lock();
            try {
                ArrayDeque<Idle> waiting = idle.get(key);
                if (waiting == null) {
                    return Optional.empty();
                }
                session = waiting.removeLast().session();
                count--;
                if (waiting.isEmpty()) {
                    idle.remove(key);
                }
            } finally {
                lock.unlock();
            }
            if (session.isReusable() && !session.isStale()) {
                return Optional.of(session);
            }
            session.close();
        }
    }

    /// Takes the session back; closes it when it is of no more use.
    void give(String key, Session session, Duration limit) {
        boolean kept = false;
        if (session.isReusable() && !limit.isZero()) {
            lock.lock();
            try {
                if (!closed && count < MOST_IDLE) {
                    idle.computeIfAbsent(key, k -> new ArrayDeque<>())
                            .addLast(new Idle(session, System.nanoTime() + limit.toNanos()));
                    count++;
                    kept = true;
                    if (!sweeping) {
                        sweeping = true;
                        Thread.ofVirtual().name("idle sessions").start(this::sweep);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
        if (!kept) {
            session.close();
        }
    }

    private void sweep() {
        while (true) {
            List<Session> late = new ArrayList<>();
            lock.lock();
            try {
                long now = System.nanoTime();
                long next = Long.MAX_VALUE;
                for (Iterator<ArrayDeque<Idle>> keys = idle.values().iterator(); keys.hasNext(); ) {
                    ArrayDeque<Idle> waiting = keys.next();
                    while (!waiting.isEmpty() && (closed || waiting.getFirst().untilNanos() - now <= 0)) {
                        late.add(waiting.removeFirst().session());
                        count--;
                    }
                    if (waiting.isEmpty()) {
                        keys.remove();
                    } else {
                        next = Math.min(next, waiting.getFirst().untilNanos() - now);
                    }
                }
                if (late.isEmpty()) {
                    if (idle.isEmpty()) {
                        sweeping = false;
                        changed.signalAll();
                        return;
                    }
                    changed.await(next, TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                sweeping = false;
                return;
            } finally {
                lock.unlock();
            }
            late.forEach(Session::close);
        }
    }

    /// Closes all that wait, and all that come back later.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
