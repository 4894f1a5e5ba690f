package tamanoir.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tamanoir.server.observe.Trace;

/// The one place that makes connections, coming in or going out. One for the process: it owns the thread that
/// keeps deadlines.
public final class Network implements AutoCloseable {
    private final Watchman watchman;
    private final AtomicLong ids = new AtomicLong();
    /// Clients of all listeners together.
    private final AtomicInteger clients = new AtomicInteger();

    public Network() {
        this(Duration.ofSeconds(2));
    }

    Network(Duration calm) {
        watchman = new Watchman(calm);
    }

    /// Opens the service's doors; [Listener#close] shuts them.
    public Listener listen(Service service, TlsServer tls, Door door, Trace trace) throws IOException {
        return new Listener(this, service, tls, door, trace);
    }

    /// Connects to a server, from `source` where one is given (smtp_bind_address).
    public Connection connect(InetSocketAddress server, Optional<InetAddress> source, Duration limit)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (source.isPresent()) {
                channel.bind(new InetSocketAddress(source.get(), 0));
            }
            channel.socket().connect(server, (int) Math.max(1, limit.toMillis()));
            return wrap(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    AtomicInteger clients() {
        return clients;
    }

    Connection wrap(SocketChannel channel) throws IOException {
        return new Connection(ids.incrementAndGet(), new Wire(channel, watchman));
    }

    /// Ends every connection that is still open.
    @Override
    public void close() {
        watchman.close();
    }
}
