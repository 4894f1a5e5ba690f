package tamanoir.server.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Directory;
import tamanoir.server.dns.Dns;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.net.TlsServer;
import tamanoir.server.outbound.PublicWeb;
import tamanoir.server.setup.Setup;
import tamanoir.server.store.Store;

/// The web ports. One for the life of the server.
public final class WebServer implements AutoCloseable {
    private final Server server;
    private final PublicWeb web;
    private final List<ServerConnector> plain = new ArrayList<>();
    private final List<ServerConnector> secure = new ArrayList<>();

    /// What it stands on; `addresses` are those that main.cf lets services listen on, without ports; empty for all.
    public record Ground(
            Store store,
            Directory directory,
            Jmap jmap,
            Dns dns,
            Setup setup,
            TlsServer tls,
            List<String> addresses,
            InstantSource clock) {
        public Ground {
            addresses = List.copyOf(addresses);
        }
    }

    /// Opens the ports of the configuration.
    ///
    /// @throws IOException when one cannot be had; the text names the parameter
    public WebServer(Config config, Ground ground) throws IOException {
        WebSettings settings = WebSettings.from(config);
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("web");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("web "));
        server = new Server(threads);
        server.setStopTimeout(0);
        SignInPaths signIn = new SignInPaths(
                ground.directory(),
                new WebSessions(ground.store(), WebSessions.SESSION, ground.clock()),
                new WebSessions(ground.store(), WebSessions.TOKENS, ground.clock()),
                new Throttle(settings.freeFailures(), ground.clock()),
                ground.jmap(),
                settings);
        web = new PublicWeb(ground.dns());
        server.setHandler(new Site(
                signIn,
                ground.jmap(),
                ServerSecret.of(ground.store()),
                web,
                new Rate(ground.clock()),
                new SetupPaths(ground.setup()),
                settings));
        List<String> addresses = ground.addresses().isEmpty() ? List.of("") : ground.addresses();
        for (String address : addresses) {
            if (settings.httpPort().isPresent()) {
                plain.add(open(
                        address,
                        settings.httpPort().getAsInt(),
                        settings,
                        new HttpConnectionFactory(http(settings, false))));
            }
            if (settings.httpsPort().isPresent() && ground.tls().isAvailable()) {
                secure.add(open(address, settings.httpsPort().getAsInt(), settings, overTls(settings, ground.tls())));
            }
        }
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw new IOException(
                    "the web ports cannot be opened: " + e.getMessage()
                            + ". Is another web server running? Choose others with http_port and https_port, or switch them off",
                    e);
        }
    }

    private ServerConnector open(String address, int port, WebSettings settings, ConnectionFactory... factories) {
        ServerConnector connector = new ServerConnector(server, 1, 1, factories);
        if (!address.isEmpty()) {
            connector.setHost(address);
        }
        connector.setPort(port);
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        server.addConnector(connector);
        return connector;
    }

    private static HttpConfiguration http(WebSettings settings, boolean secure) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(settings.headerLimit());
        if (secure) {
            SecureRequestCustomizer customizer = new SecureRequestCustomizer();
            customizer.setSniHostCheck(false);
            http.addCustomizer(customizer);
        }
        return http;
    }

    private static ConnectionFactory[] overTls(WebSettings settings, TlsServer tls) {
        HttpConfiguration http = http(settings, true);
        HttpConnectionFactory one = new HttpConnectionFactory(http);
        HTTP2ServerConnectionFactory two = new HTTP2ServerConnectionFactory(http);
        ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory(two.getProtocol(), one.getProtocol());
        choice.setDefaultProtocol(one.getProtocol());
        SslContextFactory.Server certificates = new SslContextFactory.Server();
        certificates.setSslContext(tls.context());
        return new ConnectionFactory[] {new SslConnectionFactory(certificates, choice.getProtocol()), choice, two, one};
    }

    /// Where it listens, http and https.
    public List<InetSocketAddress> addresses(boolean tls) {
        return (tls ? secure : plain)
                .stream()
                        .map(connector -> new InetSocketAddress(
                                connector.getHost() == null ? "0.0.0.0" : connector.getHost(),
                                connector.getLocalPort()))
                        .toList();
    }

    /// The port it listens on, also when the system was asked to choose one.
    public OptionalInt port(boolean tls) {
        return addresses(tls).stream().mapToInt(InetSocketAddress::getPort).findFirst();
    }

    /// No new requests; those under way may take this long.
    public void drain(Duration grace) {
        server.setStopTimeout(grace.toMillis());
        close();
    }

    @Override
    public void close() {
        try {
            server.stop();
            web.close();
        } catch (Exception e) {
            throw new IllegalStateException("the web ports cannot be closed", e);
        }
    }
}
