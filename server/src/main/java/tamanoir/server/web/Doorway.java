package tamanoir.server.web;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import tamanoir.server.directory.Bans;
import tamanoir.server.net.ClientNetwork;

/// One web port. Beside what Jetty does it counts the connections of each client, and ends those on which a request
/// header, or a TLS handshake, comes in drop by drop: the idle timeout alone is no defence, each octet renews it.
/// Guarded by `lock`: the tables.
final class Doorway extends ServerConnector {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Supplier<WebSettings> settings;
    private final Runnable opened;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClientNetwork, Integer> clients = new HashMap<>();
    private final Map<EndPoint, ClientNetwork> whose = new HashMap<>();
    private final Map<EndPoint, Header> headers = new HashMap<>();

    /// How far a connection was when its next request was first waited for.
    private record Header(long requests, long octets, long sinceNanos) {}

    /// @param opened is told of each new connection
    Doorway(Server server, Supplier<WebSettings> settings, Runnable opened, ConnectionFactory... factories) {
        super(server, 1, 1, factories);
        this.settings = settings;
        this.opened = opened;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        getScheduler().schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    // ---- connections of one client ---------------------------------------------------------------------------

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        opened.run();
        int most = settings.get().connectionsPerClient();
        if (endPoint.getRemoteSocketAddress() instanceof InetSocketAddress client && client.getAddress() != null) {
            ClientNetwork network = ClientNetwork.of(client.getAddress(), Bans.IPV6_PREFIX);
            int now;
            lock.lock();
            try {
                whose.put(endPoint, network);
                now = clients.merge(network, 1, Integer::sum);
            } finally {
                lock.unlock();
            }
            if (most > 0 && now > most && settings.get().isCounted(client.getAddress())) {
                endPoint.close();
            }
        }
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
        lock.lock();
        try {
            headers.remove(endPoint);
            ClientNetwork network = whose.remove(endPoint);
            if (network != null) {
                clients.computeIfPresent(network, (_, count) -> count > 1 ? count - 1 : null);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- headers that take for ever --------------------------------------------------------------------------

    private void look() {
        if (!isRunning()) {
            return;
        }
        long limit = settings.get().headerTime().toNanos();
        getConnectedEndPoints().stream()
                .filter(endPoint -> dawdles(endPoint, limit))
                .forEach(EndPoint::close);
        getScheduler().schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean dawdles(EndPoint endPoint, long limit) {
        Connection connection = endPoint.getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getSslEndPoint().getConnection();
        }
        if (connection instanceof HttpConnection http) {
            return dawdles(endPoint, http, limit);
        }
        // What speaks another protocol by now has shaken hands; what has not had its time.
        boolean agreed = connection != null && connection.getMessagesIn() > 0;
        return !agreed
                && connection instanceof NegotiatingServerConnection
                && System.currentTimeMillis() - endPoint.getCreatedTimeStamp() > limit / 1_000_000;
    }

    private boolean dawdles(EndPoint endPoint, HttpConnection http, long limit) {
        long now = System.nanoTime();
        Header is = new Header(http.getMessagesIn(), http.getBytesIn(), now);
        lock.lock();
        try {
            Header was = headers.get(endPoint);
            boolean answering = http.getMessagesIn() != http.getMessagesOut();
            if (answering) {
                headers.remove(endPoint);
                return false;
            }
            if (was == null || was.requests != is.requests || (is.octets == was.octets && is.requests > 0)) {
                headers.put(endPoint, is);
                return false;
            }
            return now - was.sinceNanos > limit;
        } finally {
            lock.unlock();
        }
    }

    // ---- the end ---------------------------------------------------------------------------------------------

    /// Takes no new connections; those that are open go on.
    void shut() {
        var _ = shutdown();
    }
}
