package tamanoir.server.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.ImapParameters.PlaintextLogin;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.SelfSigned;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;
import tamanoir.server.search.Search;
import tamanoir.server.search.SearchSettings;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.Dialogues;
import tamanoir.server.testkit.TurnableClock;

/// The IMAP door on loopback over the memory store, with the accounts ann@example.com and bob@example.com, password
/// `secret`.
final class TestServer implements Dialogues.Server {
    static final ImapSettings SETTINGS = new ImapSettings(
            "imap.example.com IMAP ready",
            PlaintextLogin.LOOPBACK,
            200_000,
            Duration.ofSeconds(20),
            Duration.ofMinutes(30),
            Duration.ofSeconds(30),
            64 * 1024,
            64 * 1024,
            20,
            3,
            Duration.ZERO,
            20,
            Set.of());

    final TurnableClock clock = new TurnableClock(Instant.parse("2026-03-01T12:00:00Z"));
    final Mailboxes mailboxes;
    private final MemoryStore store = new MemoryStore();
    private final Network network = new Network();
    private final Map<String, Listener> listeners = new HashMap<>();
    private final Path folder;
    private final Directory directory;
    private final Search search;
    private final Account ann;

    TestServer() throws IOException {
        this(SETTINGS);
    }

    TestServer(ImapSettings settings) throws IOException {
        DirectorySettings cheap =
                new DirectorySettings(1, 256, Duration.ofSeconds(10), Duration.ofMinutes(10), 8, 1, 1, 4096, 100);
        directory = new Directory(store, clock, cheap, List::of);
        directory.addDomain(Domain.of("example.com"));
        ann = directory.addAccount(Address.of("ann@example.com"), "Ann", "secret", 50_000_000);
        directory.addAccount(Address.of("bob@example.com"), "Bob", "secret", 0);
        mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        folder = Files.createTempDirectory("imap");
        search = new Search(mailboxes, SearchSettings.in(folder.resolve("search")));
        Path certificate = folder.resolve("self.pem");
        SelfSigned.write(SelfSigned.make("imap.example.com", InstantSource.system()), certificate, certificate);
        Trace trace = new Trace("imap", "");
        TlsServer tls = new TlsServer(TlsSettings.of("imap.example.com", certificate, certificate), trace);
        listen("", settings, tls, false);
        listen("strict", withPlaintext(settings, PlaintextLogin.NEVER), tls, false);
        listen("imaps", withPlaintext(settings, PlaintextLogin.NEVER), tls, true);
    }

    private static ImapSettings withPlaintext(ImapSettings s, PlaintextLogin plaintext) {
        return new ImapSettings(
                s.banner(),
                plaintext,
                s.appendLimit(),
                s.loginTimeout(),
                s.idleTimeout(),
                s.stillHere(),
                s.commandLimit(),
                s.literalLimitBeforeLogin(),
                s.errorLimit(),
                s.failureLimit(),
                s.failureDelay(),
                s.sessionsPerAccount(),
                s.hiddenCapabilities());
    }

    private void listen(String name, ImapSettings settings, TlsServer tls, boolean tlsFromStart) throws IOException {
        Service service = new Service(
                name.isEmpty() ? "imap" : name,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                tlsFromStart,
                new Service.Limits(500, 500, 64, _ -> false),
                Service.Proxies.NONE,
                Duration.ofSeconds(10));
        ImapDoor door = new ImapDoor(settings, directory, mailboxes, search, Optional.of(tls), clock);
        listeners.put(name, network.listen(service, tls, door, new Trace("imap", "")));
    }

    @Override
    public int port(String service) {
        return Objects.requireNonNull(listeners.get(service), service).port();
    }

    int port() {
        return port("");
    }

    /// Ann's mail, past IMAP.
    AccountMail ann() {
        return mailboxes.open(ann.id());
    }

    ImapClient connect() throws IOException {
        return new ImapClient(port());
    }

    ImapClient login() throws IOException {
        ImapClient client = connect();
        client.ok("LOGIN ann@example.com secret");
        return client;
    }

    @Override
    public void close() {
        listeners.values().forEach(l -> l.drain(Duration.ofMillis(200)));
        network.close();
        search.close();
        mailboxes.close();
        directory.close();
        store.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
