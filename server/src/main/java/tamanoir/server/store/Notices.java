package tamanoir.server.store;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tamanoir.server.observe.Trace;

/// Tells who asked that a partition has a new version. A hint, never the truth: notices of one partition may be merged
/// (the last version is told), one may come for a change already read, and one may come late. Who listens reads the
/// partition from its own position, so order and completeness are the store's, not ours.
///
/// The store calls [#publish] after the sync; that costs one look into a map when nobody listens to the partition. One
/// virtual thread calls the listeners, holding no lock, so a listener may use the store; it should be short, as the
/// listeners of all partitions share the thread. Used by any number of threads.
public final class Notices implements AutoCloseable {
    private static final Trace TRACE = new Trace("store", "notices");

    private final ConcurrentMap<Long, Audience> audiences = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Audience> due = new ConcurrentLinkedQueue<>();
    private final Thread teller = Thread.ofVirtual().name("store notices").unstarted(this::tell);
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;

    /// Called with the last version known; see the class comment for what it may not rely on.
    @FunctionalInterface
    public interface Listener {
        void changed(Partition partition, long version);
    }

    /// An end to listening. After `close` the listener may be called once more by a notice under way.
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    public Subscription subscribe(Partition partition, Listener listener) {
        if (started.compareAndSet(false, true)) {
            teller.start();
        }
        // A subscriber of its own object: the same listener may subscribe twice and leave once.
        Subscriber subscriber = new Subscriber(listener);
        audiences.compute(partition.id(), (id, audience) -> {
            Audience all = audience == null ? new Audience(partition) : audience;
            all.subscribers.add(subscriber);
            return all;
        });
        return () -> audiences.computeIfPresent(partition.id(), (id, audience) -> {
            audience.subscribers.remove(subscriber);
            return audience.subscribers.isEmpty() ? null : audience;
        });
    }

    /// Says that the partition has this version, durably. Returns at once.
    public void publish(Partition partition, long version) {
        if (audiences.isEmpty()) {
            return;
        }
        Audience audience = audiences.get(partition.id());
        if (audience == null) {
            return;
        }
        audience.version = version;
        if (audience.queued.compareAndSet(false, true)) {
            due.add(audience);
            LockSupport.unpark(teller);
        }
    }

    /// Ends the thread; later notices are not told.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(teller);
    }

    private void tell() {
        while (!closed) {
            Audience audience = due.poll();
            if (audience == null) {
                LockSupport.park(this);
                continue;
            }
            // Before the version is read: whoever publishes from here on queues the audience again.
            audience.queued.set(false);
            long version = audience.version;
            for (Iterator<Subscriber> each = audience.subscribers.iterator(); each.hasNext(); ) {
                try {
                    each.next().listener.changed(audience.partition, version);
                } catch (RuntimeException bug) {
                    TRACE.bug(bug);
                }
            }
        }
    }

    private record Subscriber(Listener listener) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static final class Audience {
        final Partition partition;
        final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
        final AtomicBoolean queued = new AtomicBoolean();
        volatile long version;

        Audience(Partition partition) {
            this.partition = partition;
        }
    }
}
