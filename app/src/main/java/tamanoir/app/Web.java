package tamanoir.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import tamanoir.mail.dns.Dns;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.BlobCapability;
import tamanoir.server.jmap.Capability;
import tamanoir.server.jmap.EmailQueries;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.JmapSettings;
import tamanoir.server.jmap.MailCapability;
import tamanoir.server.jmap.QuotaCapability;
import tamanoir.server.jmap.Uploads;
import tamanoir.server.jmap.personal.PersonalCapabilities;
import tamanoir.server.jmap.personal.PushKey;
import tamanoir.server.jmap.personal.Pushes;
import tamanoir.server.jmap.personal.SieveBlobs;
import tamanoir.server.jmap.personal.Snoozes;
import tamanoir.server.jmap.personal.Submissions;
import tamanoir.server.jmap.personal.WayOut;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.PublicWeb;
import tamanoir.server.setup.Setup;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.web.WebServer;
import tamanoir.server.web.WebSocketCapability;

/// The web part: JMAP with all its capabilities, behind the web ports.
final class Web implements AutoCloseable {
    private static final Trace TRACE = new Trace("web", "");

    /// Who does in the background what JMAP asks for.
    record Workers(Submissions submissions, Snoozes snoozes) {}

    /// What a reload makes anew.
    record Ways(Supplier<WayOut> out, Supplier<Scripts> scripts) {}

    private final CountDownLatch decided = new CountDownLatch(1);
    private final List<AutoCloseable> beside = new CopyOnWriteArrayList<>();
    private volatile Optional<WebServer> server = Optional.empty();
    private volatile String failure = "";

    /// Returns at once: mail waits for nothing here, and goes on when a web port cannot be had.
    Web(Config config, Ground ground, Dns dns, Setup setup, TlsServer tls, Workers workers, Ways ways) {
        Thread.ofPlatform().daemon().name("web start").start(() -> {
            try {
                WebServer opened = open(config, ground, dns, setup, tls, workers, ways);
                server = Optional.of(opened);
                opened.troubles().forEach(trouble -> TRACE.error("not opened", "reason", trouble));
            } catch (IOException | RuntimeException e) {
                failure = String.valueOf(e.getMessage());
                TRACE.error("not started", "reason", failure);
            } finally {
                decided.countDown();
            }
        });
    }

    private WebServer open(
            Config config, Ground ground, Dns dns, Setup setup, TlsServer tls, Workers workers, Ways ways)
            throws IOException {
        Clock clock = Clock.systemUTC();
        JmapSettings settings = JmapSettings.from(config);
        AccountBlobs blobs = new AccountBlobs(
                ground.mailboxes(),
                new Uploads(ground.store(), ground.directory(), clock, settings),
                new SieveBlobs(ways.scripts));
        PublicWeb outside = new PublicWeb(dns);
        beside.add(outside);
        Pushes pushes = new Pushes(
                ground.personal(),
                ground.directory(),
                new Pushes.Way(
                        Pushes.Post.over(outside),
                        PushKey.of(ground.store()),
                        "mailto:postmaster@" + config.get(NetParameters.MYDOMAIN),
                        Duration.ofSeconds(1)),
                clock);
        beside.add(pushes);
        List<Capability> capabilities = new ArrayList<>();
        capabilities.add(new MailCapability(
                settings, ground.mailboxes(), blobs, clock, new EmailQueries(ground.search()).methods()));
        capabilities.add(new WebSocketCapability());
        capabilities.addAll(PersonalCapabilities.all(new PersonalCapabilities.Ground(
                ground.personal(),
                ground.directory(),
                ground.mailboxes(),
                ground.queue(),
                workers.submissions,
                workers.snoozes,
                pushes,
                blobs,
                ways.scripts,
                ways.out,
                settings,
                clock)));
        capabilities.add(new QuotaCapability(ground.mailboxes()));
        capabilities.add(new BlobCapability(blobs, ground.mailboxes(), settings));
        Jmap jmap = new Jmap(settings, blobs, capabilities);
        pushes.start(jmap);
        return new WebServer(
                config,
                new WebServer.Ground(
                        ground.store(), ground.directory(), jmap, dns, setup, tls, Web.addresses(config), clock));
    }

    private static List<String> addresses(Config config) throws IOException {
        return tamanoir.server.net.Service.addresses(config, "https", 0).stream()
                .map(InetSocketAddress::getAddress)
                .map(java.net.InetAddress::getHostAddress)
                .toList();
    }

    /// Waits until the ports are open, or cannot be.
    Optional<WebServer> server() {
        try {
            decided.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return server;
    }

    /// What does not work of it, in the words of the administrator.
    List<String> troubles() {
        List<String> all = new ArrayList<>();
        if (!failure.isEmpty()) {
            all.add("no webmail: " + failure);
        }
        server.ifPresent(running -> all.addAll(running.troubles()));
        return all;
    }

    /// @throws IOException when the new configuration cannot be used; the old one goes on then
    void reload(Config config) throws IOException {
        Optional<WebServer> running = server();
        if (running.isPresent()) {
            running.get().reload(config);
        }
    }

    /// Ends it; requests under way may take this long.
    void drain(Duration grace) {
        server().ifPresent(running -> running.drain(grace));
    }

    @Override
    public void close() {
        server().ifPresent(WebServer::close);
        for (AutoCloseable one : beside.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                TRACE.warn("close failed", "reason", e);
            }
        }
    }
}
