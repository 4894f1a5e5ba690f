package tamanoir.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import tamanoir.server.config.Config;
import tamanoir.server.dns.Dns;
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
import tamanoir.server.jmap.personal.Snoozes;
import tamanoir.server.jmap.personal.Submissions;
import tamanoir.server.jmap.personal.WayOut;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;
import tamanoir.server.setup.Setup;
import tamanoir.server.web.WebServer;

/// The web part: JMAP with all its capabilities, behind the web ports.
final class Web implements AutoCloseable {
    private static final Trace TRACE = new Trace("web", "");

    /// Who does in the background what JMAP asks for.
    record Workers(Submissions submissions, Snoozes snoozes) {}

    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile Optional<WebServer> server = Optional.empty();
    private volatile String failure = "";

    /// Returns at once: mail waits for nothing here, and goes on when a web port cannot be had.
    Web(Config config, Ground ground, Dns dns, Setup setup, TlsServer tls, Workers workers, Supplier<WayOut> ways) {
        Thread.ofPlatform().daemon().name("web start").start(() -> {
            try {
                server = Optional.of(open(config, ground, dns, setup, tls, workers, ways));
            } catch (IOException | RuntimeException e) {
                failure = String.valueOf(e.getMessage());
                TRACE.error("not started", "reason", failure);
            } finally {
                decided.countDown();
            }
        });
    }

    private static WebServer open(
            Config config, Ground ground, Dns dns, Setup setup, TlsServer tls, Workers workers, Supplier<WayOut> ways)
            throws IOException {
        Clock clock = Clock.systemUTC();
        JmapSettings settings = JmapSettings.from(config);
        AccountBlobs blobs =
                new AccountBlobs(ground.mailboxes(), new Uploads(ground.store(), ground.directory(), clock, settings));
        List<Capability> capabilities = new ArrayList<>();
        capabilities.add(new MailCapability(
                settings, ground.mailboxes(), blobs, clock, new EmailQueries(ground.search()).methods()));
        capabilities.addAll(PersonalCapabilities.all(new PersonalCapabilities.Ground(
                ground.personal(),
                ground.mailboxes(),
                ground.queue(),
                workers.submissions,
                workers.snoozes,
                blobs,
                ways,
                settings,
                clock)));
        capabilities.add(new QuotaCapability(ground.mailboxes()));
        capabilities.add(new BlobCapability(blobs, ground.mailboxes(), settings));
        return new WebServer(
                config,
                new WebServer.Ground(
                        ground.store(),
                        ground.directory(),
                        new Jmap(settings, blobs, capabilities),
                        dns,
                        setup,
                        tls,
                        Web.addresses(config),
                        clock));
    }

    private static List<String> addresses(Config config) throws IOException {
        return tamanoir.server.net.Service.addresses(config, 0).stream()
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

    /// Why there is no web part; empty when there is.
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        server().ifPresent(WebServer::close);
    }
}
