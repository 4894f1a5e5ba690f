package tamanoir.server.filter.draft;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import tamanoir.mail.text.Octets;

/// Octets to and from a filter over TCP or a local socket, with a time limit that whoever talks sets for each step.
///
/// A channel knows no time limit of its own, so a virtual thread waits beside it and closes it when the time is over.
/// Used by one thread.
public final class Conversation implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private final Thread guard;
    private volatile long overAt;
    private volatile boolean overdue;
    private volatile boolean closed;

    private Conversation(SocketChannel channel, Duration limit) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), 8 * 1024);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 8 * 1024);
        this.overAt = System.nanoTime() + limit.toNanos();
        this.guard = Thread.ofVirtual().name("filter guard").start(this::watch);
    }

    /// Connects within `limit`, which goes on to count until [#within] sets another.
    public static Conversation open(Endpoint endpoint, Duration limit) throws IOException {
        Conversation conversation = new Conversation(endpoint.channel(), limit);
        boolean connected = false;
        try {
            conversation.channel.connect(endpoint.address());
            connected = true;
            return conversation;
        } catch (ClosedChannelException e) {
            throw conversation.overdue ? new SocketTimeoutException("no connection within " + limit) : e;
        } finally {
            if (!connected) {
                conversation.close();
            }
        }
    }

    private void watch() {
        while (!closed) {
            long left = overAt - System.nanoTime();
            if (left <= 0) {
                overdue = true;
                closeChannel();
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    /// The time for what follows.
    public void within(Duration limit) {
        long before = overAt;
        overAt = System.nanoTime() + limit.toNanos();
        if (overAt < before) {
            LockSupport.unpark(guard);
        }
    }

    /// Nothing is on its way: the connection may rest as long as it likes.
    public void rest() {
        overAt = System.nanoTime() + Duration.ofDays(1).toNanos();
    }

    public void write(Octets octets) throws IOException {
        try {
            out.write(octets.array(), octets.arrayOffset(), octets.length());
        } catch (ClosedChannelException e) {
            throw late(e);
        }
    }

    public void write(byte[] array, int offset, int length) throws IOException {
        try {
            out.write(array, offset, length);
        } catch (ClosedChannelException e) {
            throw late(e);
        }
    }

    public void flush() throws IOException {
        try {
            out.flush();
        } catch (ClosedChannelException e) {
            throw late(e);
        }
    }

    /// Nothing more comes from here; the other side may still answer.
    public void endOfOutput() throws IOException {
        flush();
        channel.shutdownOutput();
    }

    /// Up to `buffer.length` octets; -1 at the end.
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (ClosedChannelException e) {
            throw late(e);
        }
    }

    private IOException late(ClosedChannelException e) {
        return overdue ? new SocketTimeoutException("no answer in time") : e;
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException _) {
            // There is nothing that could be done about it.
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(guard);
        closeChannel();
    }
}
