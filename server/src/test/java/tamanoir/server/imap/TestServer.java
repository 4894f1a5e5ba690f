package tamanoir.server.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.Login;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsServer;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// The IMAP door on loopback over the memory store, with the accounts ann@example.com and bob@example.com, password
/// `secret`.
final class TestServer implements AutoCloseable {
    static final ImapSettings SETTINGS = new ImapSettings(
            "imap.example.com",
            ImapSettings.PlaintextLogin.LOOPBACK,
            200_000,
            Duration.ofSeconds(20),
            Duration.ofMinutes(30),
            Duration.ofSeconds(30),
            3,
            Duration.ZERO,
            20);

    final TurnableClock clock = new TurnableClock(Instant.parse("2026-03-01T12:00:00Z"));
    final Mailboxes mailboxes;
    private final MemoryStore store = new MemoryStore();
    private final Network network = new Network();
    private final Listener listener;
    private final Directory directory = new TwoPeople();

    TestServer() throws IOException {
        this(SETTINGS);
    }

    TestServer(ImapSettings settings) throws IOException {
        mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        listener = network.listen(
                Service.plain("imap", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new TlsServer(),
                new ImapDoor(settings, directory, mailboxes, Optional.empty(), clock),
                new Trace("imap", ""));
    }

    int port() {
        return listener.port();
    }

    /// Ann's mail, past IMAP.
    AccountMail ann() {
        return mailboxes.open(TwoPeople.ANN.id());
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
        listener.close();
        network.close();
        mailboxes.close();
        store.close();
    }

    private static final class TwoPeople extends Directory {
        static final Account ANN = new Account(
                new AccountId(1), Address.parse("ann@example.com"), "Ann", Account.State.ACTIVE, 50_000_000);
        static final Account BOB =
                new Account(new AccountId(2), Address.parse("bob@example.com"), "Bob", Account.State.ACTIVE, 0);

        @Override
        public Optional<Account> account(AccountId id) {
            return id.equals(ANN.id()) ? Optional.of(ANN) : id.equals(BOB.id()) ? Optional.of(BOB) : Optional.empty();
        }

        @Override
        public Optional<Account> byLoginName(String name) {
            return switch (name) {
                case "ann@example.com", "ann" -> Optional.of(ANN);
                case "bob@example.com", "bob" -> Optional.of(BOB);
                default -> Optional.empty();
            };
        }

        @Override
        public Login authenticate(String name, String password) {
            Optional<Account> account = byLoginName(name);
            return account.isPresent() && password.equals("secret")
                    ? new Login.Ok(account.get())
                    : new Login.Refused("wrong");
        }
    }
}
