package tamanoir.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Bans;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.intake.Receipt;
import tamanoir.server.jmap.AccountBlobs;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.JmapSettings;
import tamanoir.server.jmap.MailCapability;
import tamanoir.server.jmap.Uploads;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.PublicWeb;
import tamanoir.server.setup.Checks;
import tamanoir.server.setup.Setup;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

/// The web server on ports that the system chose, over real mailboxes: alice and bob live here.
final class WebHouse implements AutoCloseable {
    static final String PASSWORD = "an anteater's secret";

    private static final DirectorySettings CHEAP_HASHES =
            new DirectorySettings(2, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), 64, 1, 1, 4096, 10_000);

    final TurnableClock clock = new TurnableClock();
    final FakeDns dns = new FakeDns();
    final Store store = new MemoryStore();
    final Directory directory = new Directory(
            store,
            clock,
            CHEAP_HASHES,
            () -> List.of(Domain.of("example.com")),
            new Bans(() -> new Bans.Rules(3, Duration.ofMinutes(15), Duration.ofMinutes(1), _ -> false), clock));
    final Mailboxes mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
    final Account alice = directory.addAccount(address("alice"), "Alice", PASSWORD, 0);
    final Account bob = directory.addAccount(address("bob"), "Bob", PASSWORD, 0);
    final Path home;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private @Nullable WebServer server;
    private @Nullable PublicWeb web;

    WebHouse(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        Files.writeString(home.resolve("main.cf"), "");
        parameters.put("myhostname", "mail.example.com");
        parameters.put("http_port", "0");
        parameters.put("https_port", "0");
        parameters.put("inet_interfaces", "127.0.0.1");
    }

    static Address address(String name) {
        return new Address(name, Domain.of("example.com"));
    }

    WebHouse with(String parameter, String value) {
        parameters.put(parameter, value);
        return this;
    }

    /// The way to other web servers, in place of the real one.
    WebHouse with(PublicWeb other) {
        web = other;
        return this;
    }

    Config config() {
        Loaded loaded = Config.load(home, parameters);
        assertThat(loaded.errors()).isEmpty();
        return loaded.config();
    }

    /// Nobody sets this server up.
    private final class Quiet implements Setup.Server {
        @Override
        public Config config() {
            return WebHouse.this.config();
        }

        @Override
        public String reload() {
            return "";
        }

        @Override
        public Receipt submit(Envelope envelope, Octets message) {
            throw new Refused("no mail is taken here");
        }

        @Override
        public List<Checks.OpenPort> services() {
            return List.of();
        }
    }

    WebHouse start() throws IOException {
        Config config = config();
        TlsSettings tls = TlsSettings.from(config);
        TlsServer.makeMissing(tls, new Trace("tls", "test"), java.time.Clock.systemUTC());
        JmapSettings settings = JmapSettings.from(config);
        AccountBlobs blobs = new AccountBlobs(mailboxes, new Uploads(store, directory, clock, settings));
        WebServer.Ground ground = new WebServer.Ground(
                store,
                directory,
                new Jmap(
                        settings,
                        blobs,
                        List.of(
                                new MailCapability(settings, mailboxes, blobs, clock, Map.of()),
                                new WebSocketCapability())),
                dns,
                new Setup(new Setup.Ground(home, store, directory, mailboxes, () -> dns, clock), new Quiet()),
                new TlsServer(tls, new Trace("tls", "test")),
                List.of("127.0.0.1"),
                clock);
        server = web == null ? new WebServer(config, ground) : new WebServer(config, ground, web);
        assertThat(server.troubles()).isEmpty();
        return this;
    }

    WebServer server() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    int port() {
        return server().port(false).orElseThrow();
    }

    /// Nobody yet.
    Asker asker() {
        return new Asker(port());
    }

    /// A browser in which this person has signed in.
    Asker browser(String name) throws IOException {
        return asker().with("Cookie: " + signIn(name, PASSWORD).cookie());
    }

    Asker.Answer signIn(String name, String password) throws IOException {
        return asker().post("/auth/sign-in", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    /// Puts a message into the inbox; lines may end in any way.
    MessageId deliver(Account to, String raw) {
        AccountMail mail = mailboxes.open(to.id());
        return mail.append(
                        mail.find("INBOX").orElseThrow().id(),
                        List.of(new NewMessage(
                                Octets.EMPTY,
                                new Body.Small(
                                        Octets.of(raw.replace("\r\n", "\n").replace("\n", "\r\n"))),
                                Flags.of(List.of()),
                                clock.instant())))
                .messages()
                .getFirst()
                .message();
    }

    void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
        mailboxes.close();
        directory.close();
        store.close();
    }
}
