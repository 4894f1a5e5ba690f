package tamanoir.server.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tamanoir.mail.dns.Dns;
import tamanoir.server.config.Config;
import tamanoir.server.directory.Directory;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.net.TlsServer;
import tamanoir.server.outbound.PublicWeb;
import tamanoir.server.setup.Setup;
import tamanoir.server.store.Store;

/// The web ports. One for the life of the server; a reload changes all but the ports.
public final class WebServer implements AutoCloseable {
    /// Names of files come in addresses, and they may hold what is a separator elsewhere; which file is meant is not
    /// said by the name, so nothing is ambiguous about it.
    private static final UriCompliance ADDRESSES = UriCompliance.DEFAULT.with(
            "names", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR, UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);

    private final Server server;
    private final AtomicReference<WebSettings> settings;
    private final Live live;
    private final PublicWeb web;
    private final Site site;
    private final AccessLog log;
    private final List<Doorway> plain = new ArrayList<>();
    private final List<Doorway> secure = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();

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

    /// Opens the ports of the configuration. A port that cannot be had is among [#troubles]; the others work.
    ///
    /// @throws IOException when nothing works
    public WebServer(Config config, Ground ground) throws IOException {
        this(config, ground, new PublicWeb(ground.dns()));
    }

    WebServer(Config config, Ground ground, PublicWeb web) throws IOException {
        this.web = web;
        settings = new AtomicReference<>(WebSettings.from(config));
        live = new Live();
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("web");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("web "));
        server = new Server(threads);
        server.setStopTimeout(0);
        log = new AccessLog(settings::get);
        log.open(settings.get());
        server.setRequestLog(log);
        site = site(ground);
        server.setHandler(site);
        open(ground);
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw new IOException("the web part cannot start: " + e.getMessage(), e);
        }
    }

    private Site site(Ground ground) {
        WebSessions sessions = new WebSessions(
                ground.store(),
                WebSessions.SESSION,
                ground.clock(),
                ended -> live.end(visitor -> visitor.cameBy(ended.key())));
        WebSessions tokens = new WebSessions(
                ground.store(),
                WebSessions.TOKENS,
                ground.clock(),
                ended -> live.end(visitor -> visitor.cameBy(ended.key())));
        sessions.sweep(settings.get().sessionIdle(), settings.get().sessionLifetime());
        SignInPaths signIn = new SignInPaths(ground.directory(), sessions, tokens, ground.jmap(), live, settings::get);
        return new Site(
                signIn,
                ground.jmap(),
                ServerSecret.of(ground.store()),
                web,
                new Rate(ground.clock()),
                new Events(ground.jmap(), signIn, live),
                new WebSockets(ground.jmap(), signIn, live, server),
                new Autoconfig(),
                new SetupPaths(ground.setup()),
                () -> port(true),
                settings::get);
    }

    // ---- ports -----------------------------------------------------------------------------------------------

    private void open(Ground ground) {
        WebSettings first = settings.get();
        for (String address : ground.addresses().isEmpty() ? List.of("") : ground.addresses()) {
            if (first.httpPort().isPresent()) {
                HttpConnectionFactory http = new HttpConnectionFactory(http(first, false));
                Doorway door = new Doorway(server, settings::get, () -> {}, http);
                open(door, address, first.httpPort().getAsInt(), "http", plain);
            }
            if (first.httpsPort().isPresent() && ground.tls().isAvailable()) {
                // To ask for the context is to look for a renewed certificate.
                Doorway door =
                        new Doorway(server, settings::get, () -> ground.tls().context(), overTls(first, ground.tls()));
                open(door, address, first.httpsPort().getAsInt(), "https", secure);
            }
        }
    }

    private void open(Doorway door, String address, int port, String service, List<Doorway> doors) {
        if (!address.isEmpty()) {
            door.setHost(address);
        }
        door.setPort(port);
        door.setIdleTimeout(settings.get().idleTimeout().toMillis());
        try {
            door.open();
            server.addConnector(door);
            doors.add(door);
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            troubles.add("port " + port + " (" + service + ") cannot be opened: " + cause.getMessage()
                    + ". Is another web server running? Choose another port with " + service
                    + "_port, shift all with port_offset, or switch it off with " + service + "_port = off");
        }
    }

    private static HttpConfiguration http(WebSettings settings, boolean secure) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(settings.headerLimit());
        http.setUriCompliance(ADDRESSES);
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
        ALPNServerConnectionFactory choice =
                new ALPNServerConnectionFactory("h2", "http/1.1"); // RFC 7301 §6: as registered, small letters.
        choice.setDefaultProtocol(one.getProtocol());
        SslContextFactory.Server certificates = new SslContextFactory.Server();
        certificates.setSslContext(tls.context());
        return new ConnectionFactory[] {new SslConnectionFactory(certificates, choice.getProtocol()), choice, two, one};
    }

    /// Where it listens, http and https.
    public List<InetSocketAddress> addresses(boolean tls) {
        return (tls ? secure : plain)
                .stream()
                        .map(door -> new InetSocketAddress(
                                door.getHost() == null ? "0.0.0.0" : door.getHost(), door.getLocalPort()))
                        .toList();
    }

    /// The port it listens on, also when the system was asked to choose one.
    public OptionalInt port(boolean tls) {
        return addresses(tls).stream().mapToInt(InetSocketAddress::getPort).findFirst();
    }

    /// Ports that could not be opened, and what to do; in the words of the administrator.
    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    // ---- changes and the end ---------------------------------------------------------------------------------

    /// Takes what can be taken without a new port: names, limits, logs. Requests under way keep what they began with.
    ///
    /// @throws IOException when a log file cannot be written; nothing has changed then
    public void reload(Config config) throws IOException {
        WebSettings changed = WebSettings.from(config);
        log.open(changed);
        settings.set(changed);
    }

    /// No new connections; requests under way may take this long, streams for push end at once.
    public void drain(Duration grace) {
        plain.forEach(Doorway::shut);
        secure.forEach(Doorway::shut);
        live.end(_ -> true);
        site.awaitCalm(grace);
        close();
    }

    @Override
    public void close() {
        try {
            live.end(_ -> true);
            server.stop();
            web.close();
            log.close();
        } catch (Exception e) {
            throw new IllegalStateException("the web ports cannot be closed", e);
        }
    }
}
