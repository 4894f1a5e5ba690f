package tamanoir.server.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Trace;

/// Accepts the connections of one service: one thread for each address it listens on, one named virtual thread
/// for each client.
///
/// A client over its limit, or beyond the limit of all, is told so in the door's words and let go. Used by the
/// accepting threads, the connections' threads and whoever stops the server; the two counters and the map are
/// concurrent.
public final class Listener implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration REFUSAL_LIMIT = Duration.ofSeconds(5);

    private final Network network;
    private volatile Service service;
    private volatile TlsServer tls;
    private final Door door;
    private final Trace trace;
    private final List<ServerSocketChannel> sockets = new ArrayList<>();
    private final Map<Connection, Thread> connections = new ConcurrentHashMap<>();
    private final Map<ClientNetwork, Integer> clients = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();
    private volatile boolean stopping;

    Listener(Network network, Service service, TlsServer tls, Door door, Trace trace) throws IOException {
        this.network = network;
        this.service = service;
        this.tls = tls;
        this.door = door;
        this.trace = trace;
        try {
            for (InetSocketAddress address : service.addresses()) {
                sockets.add(bind(address));
            }
        } catch (IOException | RuntimeException e) {
            closeSockets();
            throw e;
        }
        for (ServerSocketChannel socket : sockets) {
            Thread.ofVirtual().name(service.name() + " listener").start(() -> accept(socket));
        }
    }

    private ServerSocketChannel bind(InetSocketAddress address) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address, service.backlog());
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            BindException told = new BindException(service.name() + " cannot listen on " + text(address) + ": "
                    + e.getMessage()
                    + " (is another server using the port, or does the port need more rights?)");
            told.initCause(e);
            throw told;
        }
    }

    private static String text(InetSocketAddress address) {
        return address.isUnresolved()
                ? address.getHostString() + ":" + address.getPort()
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /// Where it listens, with the ports that the system chose where 0 was asked for.
    public List<InetSocketAddress> addresses() {
        List<InetSocketAddress> bound = new ArrayList<>();
        for (ServerSocketChannel socket : sockets) {
            try {
                bound.add((InetSocketAddress) socket.getLocalAddress());
            } catch (IOException e) {
                throw new IllegalStateException(service.name() + " does not listen any more", e);
            }
        }
        return bound;
    }

    /// The port of the first address.
    public int port() {
        return addresses().getFirst().getPort();
    }

    /// From now on new clients come in by these limits and this TLS; the addresses stay those that were bound.
    public void change(Service changed, TlsServer changedTls) {
        this.service = changed;
        this.tls = changedTls;
    }

    /// How many clients are connected.
    public int size() {
        return total.get();
    }

    private void accept(ServerSocketChannel socket) {
        while (!stopping) {
            try {
                admit(socket.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                // Out of descriptors, most likely: those that are connected go on, and so do we in a moment.
                trace.warn("accept", "service", service.name(), "status", "failed", "reason", String.valueOf(e));
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        Connection connection;
        try {
            connection = network.wrap(channel);
        } catch (IOException _) {
            channel.close(); // Gone between the kernel's accept and ours.
            return;
        }
        Thread.ofVirtual().name(service.name() + " " + connection.id()).start(() -> run(connection));
    }

    private void run(Connection connection) {
        connections.put(connection, Thread.currentThread());
        if (stopping) {
            connection.stop();
        }
        total.incrementAndGet();
        int all = network.clients().incrementAndGet();
        try (connection) {
            connection.deadline(service.openingLimit());
            if (all > service.limits().total()) {
                refuse(connection, Door.Crowded.SERVICE);
                return;
            }
            if (announced(connection)) {
                serveCounted(connection);
            }
        } catch (IOException gone) {
            trace.debug("disconnect", "id", connection.id(), "reason", String.valueOf(gone.getMessage()));
        } catch (RuntimeException bug) {
            trace.bug(bug);
        } finally {
            total.decrementAndGet();
            network.clients().decrementAndGet();
            connections.remove(connection);
        }
    }

    /// Hears from a proxy who the client is; false when it says nothing sensible.
    private boolean announced(Connection connection) throws IOException {
        InetAddress proxy = connection.peer().getAddress();
        if (!service.proxies().believed().test(proxy)) {
            return true;
        }
        try {
            connection.readProxyHeader(service.proxies().limit());
            return true;
        } catch (BadSyntax | SocketTimeoutException | EOFException e) {
            // Also the health check of a proxy that only connects.
            trace.info(
                    "proxy",
                    "service",
                    service.name(),
                    "client",
                    proxy.getHostAddress(),
                    "reason",
                    String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void serveCounted(Connection connection) throws IOException {
        InetAddress address = connection.peer().getAddress();
        Service.Limits limits = service.limits();
        if (limits.exempt().test(address)) {
            serve(connection);
            return;
        }
        ClientNetwork client = ClientNetwork.of(address, limits.ipv6PrefixLength());
        int mine = clients.merge(client, 1, Integer::sum);
        try {
            if (mine > limits.perClient()) {
                refuse(connection, Door.Crowded.CLIENT);
            } else {
                serve(connection);
            }
        } finally {
            clients.computeIfPresent(client, (_, n) -> n == 1 ? null : n - 1);
        }
    }

    private void serve(Connection connection) throws IOException {
        if (service.tlsFromStart()) {
            try {
                connection.startTls(tls);
            } catch (IOException e) {
                trace.info(
                        "tls",
                        "service",
                        service.name(),
                        "id",
                        connection.id(),
                        "client",
                        connection.peer().getAddress().getHostAddress(),
                        "status",
                        "failed",
                        "reason",
                        String.valueOf(e.getMessage()));
                return;
            }
        }
        door.serve(connection);
    }

    private void refuse(Connection connection, Door.Crowded why) throws IOException {
        trace.warn(
                "refuse",
                "service",
                service.name(),
                "client",
                connection.peer().getAddress().getHostAddress(),
                "reason",
                why == Door.Crowded.CLIENT ? "too many connections of this client" : "too many connections");
        if (!service.tlsFromStart()) { // A handshake is what there is no room for.
            connection.deadline(REFUSAL_LIMIT);
            connection.write(door.refusal(why)).flush();
        }
    }

    /// Takes no new clients, asks those that are here to leave, waits up to `grace` until they have, and ends the
    /// rest.
    public void drain(Duration grace) {
        stopping = true;
        closeSockets();
        connections.keySet().forEach(Connection::stop);
        long end = System.nanoTime() + grace.toNanos();
        for (Map.Entry<Connection, Thread> one : connections.entrySet()) {
            try {
                long left = end - System.nanoTime();
                if (left <= 0 || !one.getValue().join(Duration.ofNanos(left))) {
                    one.getKey().abort();
                    one.getValue().interrupt();
                    one.getValue().join(Duration.ofSeconds(1));
                }
            } catch (InterruptedException _) {
                one.getKey().abort();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        drain(DRAIN);
    }

    private void closeSockets() {
        for (ServerSocketChannel socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                trace.warn("close", "service", service.name(), "reason", String.valueOf(e));
            }
        }
    }
}
