package tamanoir.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one thread that looks after sockets while nobody reads them.
///
/// It does two things. It closes the raw socket of an operation that is past its deadline: a timeout on the socket
/// alone
/// is no deadline, since a client that drips one octet a minute, or takes one octet a minute from us, never meets it.
/// And
/// it watches the sockets of connections that have been quiet for a while, so that their threads can wait parked on a
/// plain [LockSupport#parkNanos] and be woken by other threads too: a blocking read could not.
///
/// Used by all connections; the sets are concurrent, everything else belongs to the thread.
final class Watchman implements AutoCloseable {
    private static final long TICK_MILLIS = 250;

    private final Selector selector;
    private final long origin = System.nanoTime();
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final Queue<Wait> arrivals = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final long calm;
    private volatile boolean closed;

    /// `calm` is the silence after which a connection counts as idle.
    Watchman(Duration calm) {
        this.calm = calm.toNanos();
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().name("net watchman").daemon().start(this::watch);
    }

    /// Nanoseconds on this watchman's clock: positive and growing, so that they can be compared.
    long now() {
        return System.nanoTime() - origin;
    }

    long calm() {
        return calm;
    }

    void add(Wire wire) {
        boolean first = wires.isEmpty();
        wires.add(wire);
        if (first) {
            selector.wakeup();
        }
    }

    void remove(Wire wire) {
        wires.remove(wire);
    }

    /// Puts the current thread to sleep until the socket is readable (or broken), `wire` is woken, or `until` has come;
    /// true when the socket should be read. The socket must be in blocking mode and is afterwards.
    boolean await(Wire wire, SocketChannel channel, long until) throws IOException {
        Wait wait = new Wait(Thread.currentThread(), channel);
        channel.configureBlocking(false);
        wire.waiting(wait);
        try {
            arrivals.add(wait);
            selector.wakeup();
            while (!wait.ready && !wire.isWoken() && !closed) {
                long remaining = until - now();
                if (remaining <= 0) {
                    break;
                }
                if (Thread.currentThread().isInterrupted()) {
                    wire.abort();
                    throw new ClosedByInterruptException();
                }
                LockSupport.parkNanos(wait, remaining);
            }
            return wait.ready;
        } finally {
            wire.waiting(null);
            if (wait.end()) {
                selector.wakeup(); // Frees the descriptor's place in the selector now, not at the next tick.
            }
            if (channel.isOpen()) {
                channel.configureBlocking(true);
            }
        }
    }

    private void watch() {
        long nextSweep = 0;
        while (!closed) {
            try {
                if (wires.isEmpty()) {
                    selector.select();
                } else {
                    selector.select(TICK_MILLIS);
                }
                for (Wait wait = arrivals.poll(); wait != null; wait = arrivals.poll()) {
                    wait.begin(selector);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Wait wait) {
                        wait.ready();
                    }
                }
                selector.selectedKeys().clear();
            } catch (IOException e) {
                throw new UncheckedIOException("the selector is broken", e);
            }
            if (now() >= nextSweep) {
                sweep();
                nextSweep = now() + TICK_MILLIS * 1_000_000;
            }
        }
    }

    private void sweep() {
        long now = now();
        for (Wire wire : wires) {
            wire.closeIfOverdue(now);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        for (Wire wire : wires) {
            wire.abort();
        }
        try {
            thread.join();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One thread that waits for one socket.
    static final class Wait {
        private final Thread thread;
        private final SocketChannel channel;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable SelectionKey key;
        private boolean ended;
        private volatile boolean ready;

        Wait(Thread thread, SocketChannel channel) {
            this.thread = thread;
            this.channel = channel;
        }

        void unpark() {
            LockSupport.unpark(thread);
        }

        private void begin(Selector selector) throws IOException {
            lock.lock();
            try {
                if (ended) {
                    return;
                }
                if (channel.keyFor(selector) != null) {
                    selector.selectNow(); // The key of this connection's last wait, cancelled a moment ago.
                }
                key = channel.register(selector, SelectionKey.OP_READ, this);
            } catch (ClosedChannelException | CancelledKeyException e) {
                ready = true; // Whoever reads will find out.
                unpark();
            } finally {
                lock.unlock();
            }
        }

        private void ready() {
            end();
            ready = true;
            unpark();
        }

        /// True when this call took the socket out of the selector.
        private boolean end() {
            lock.lock();
            try {
                ended = true;
                boolean registered = key != null && key.isValid();
                if (key != null) {
                    key.cancel();
                }
                return registered;
            } finally {
                lock.unlock();
            }
        }
    }
}
