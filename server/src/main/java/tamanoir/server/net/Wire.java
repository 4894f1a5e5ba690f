package tamanoir.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// The socket below a [Connection], with or without TLS: octets in and out, each call with a point in time (on the
/// [Watchman]'s clock) by which it must be over.
///
/// Used by the connection's thread; [#wake], [#stop], [#abort] and [#closeIfOverdue] by any.
final class Wire {
    private static final long NEVER = Long.MAX_VALUE;
    /// How long after the end of a read's time the raw socket is closed. The socket's own timeout comes first and
    /// leaves
    /// the socket usable for a word of farewell; only octets that drip into an unfinished TLS record escape it.
    private static final long GRACE = 1_000_000_000L;

    private final SocketChannel channel;
    private final Socket socket;
    private final Watchman watchman;
    private @Nullable SSLSocket ssl;
    private InputStream in;
    private OutputStream out;
    private volatile long overdueAt = NEVER;
    private volatile boolean overdue;
    private volatile boolean woken;
    private volatile boolean stopping;
    private volatile Watchman.@Nullable Wait waiting;

    Wire(SocketChannel channel, Watchman watchman) throws IOException {
        this.channel = channel;
        this.watchman = watchman;
        this.socket = channel.socket();
        // Greetings, TLS tickets and replies are small writes one after the other: with Nagle's algorithm and delayed
        // acknowledgements each pair of them costs 40 ms.
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        watchman.add(this);
    }

    InetSocketAddress remote() throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }

    InetSocketAddress local() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    long now() {
        return watchman.now();
    }

    /// Longer silence than this is idleness.
    long calm() {
        return watchman.calm();
    }

    /// Blocks until there is something; -1 at the end.
    int read(byte[] target, int offset, int length, long until) throws IOException {
        long remaining = until - now();
        if (remaining <= 0) {
            throw new SocketTimeoutException("nothing came in time");
        }
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, 1 + remaining / 1_000_000));
        overdueAt = until + GRACE;
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            throw explained(e);
        } finally {
            overdueAt = NEVER;
        }
    }

    void write(byte[] source, int offset, int length, long until) throws IOException {
        overdueAt = until;
        try {
            out.write(source, offset, length);
        } catch (IOException e) {
            throw explained(e);
        } finally {
            overdueAt = NEVER;
        }
    }

    /// Octets that can be read without waiting, as far as known: those in the socket may be the inside of TLS.
    int available() throws IOException {
        int decrypted = ssl == null ? 0 : in.available();
        return decrypted > 0 ? decrypted : socket.getInputStream().available();
    }

    /// Waits until [#read] is worth trying (true), or another thread called [#wake] or `until` has come (false).
    boolean awaitReadable(long until) throws IOException {
        if (ssl != null && in.available() > 0) {
            return true;
        }
        return watchman.await(this, channel, until);
    }

    void waiting(Watchman.@Nullable Wait wait) {
        waiting = wait;
    }

    boolean isWoken() {
        return woken;
    }

    /// Whether [#wake] was called since the last question.
    boolean takeWake() {
        boolean was = woken;
        woken = false;
        return was;
    }

    void wake() {
        woken = true;
        Watchman.Wait wait = waiting;
        if (wait != null) {
            wait.unpark();
        }
    }

    void stop() {
        stopping = true;
        wake();
    }

    boolean isStopping() {
        return stopping;
    }

    /// What TLS is layered upon.
    Socket socket() {
        return socket;
    }

    @Nullable
    SSLSocket ssl() {
        return ssl;
    }

    /// Shakes hands on `layered` (which wraps [#socket]) and goes on in it.
    void secure(SSLSocket layered, long until) throws IOException {
        overdueAt = until;
        try {
            socket.setSoTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, (until - now()) / 1_000_000)));
            layered.startHandshake();
            ssl = layered;
            in = layered.getInputStream();
            out = layered.getOutputStream();
        } catch (IOException e) {
            throw explained(e);
        } finally {
            overdueAt = NEVER;
        }
    }

    void closeIfOverdue(long now) {
        if (overdueAt < now) {
            overdue = true;
            abort();
        }
    }

    /// Says goodbye on the TLS layer and ends the output, then throws away what still comes for a moment: closing a
    /// socket with unread input resets it, and the peer might never see our last reply.
    void close(long until) {
        watchman.remove(this);
        if (!channel.isOpen()) {
            return;
        }
        watchman.add(this); // The last words have a deadline as well.
        overdueAt = until;
        try {
            if (ssl != null) {
                ssl.shutdownOutput();
            }
            channel.shutdownOutput();
            drain(until);
        } catch (IOException _) {
            // The peer is gone already.
        } finally {
            overdueAt = NEVER;
            watchman.remove(this);
            abort();
        }
    }

    private void drain(long until) throws IOException {
        InputStream raw = socket.getInputStream();
        if (raw.available() == 0) {
            return;
        }
        byte[] scrap = new byte[8192];
        int left = 1 << 20;
        while (left > 0) {
            long remaining = until - now();
            if (remaining <= 0) {
                return;
            }
            socket.setSoTimeout((int) (1 + remaining / 1_000_000));
            int n = raw.read(scrap);
            if (n < 0) {
                return;
            }
            left -= n;
        }
    }

    /// Closes the raw socket: whoever reads or writes gets an exception.
    void abort() {
        watchman.remove(this);
        try {
            channel.close();
        } catch (IOException _) {
            // There is nothing that could be done about it.
        }
        wake();
    }

    private IOException explained(IOException e) {
        if (overdue && !(e instanceof SocketTimeoutException)) {
            SocketTimeoutException late = new SocketTimeoutException("the time for it is over");
            late.initCause(e);
            return late;
        }
        return e;
    }
}
