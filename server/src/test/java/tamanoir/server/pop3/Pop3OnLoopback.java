package tamanoir.server.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.ImapParameters.PlaintextLogin;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.SelfSigned;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.Dialogues;
import tamanoir.server.testkit.TurnableClock;

/// The POP3 door over the memory store, with ann@example.com (password `secret`) and three messages of hers.
final class Pop3OnLoopback implements Dialogues.Server {
    private final TurnableClock clock = new TurnableClock();
    private final MemoryStore store = new MemoryStore();
    private final Network network = new Network();
    private final Map<String, Listener> listeners = new HashMap<>();
    private final Directory directory;
    private final Mailboxes mailboxes;
    private final Account ann;

    Pop3OnLoopback(Path folder) throws IOException {
        DirectorySettings cheap =
                new DirectorySettings(1, 256, Duration.ofSeconds(10), Duration.ofMinutes(10), 8, 1, 1, 4096, 100);
        directory = new Directory(store, clock, cheap, () -> List.of(Domain.of("example.com")));
        directory.addDomain(Domain.of("example.com"));
        ann = directory.addAccount(Address.of("ann@example.com"), "Ann", "secret", 0);
        mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        deposit("Return-Path: <>\r\n", "Subject: one\r\n\r\nfirst\r\n.\r\n.dot\r\n..two\r\nlast");
        deposit("", "Subject: two\r\n\r\nshort and to the dot\r\n");
        deposit("", "Subject: Gr\u00fc\u00dfe\r\n\r\nthree\r\n");

        Path certificate = folder.resolve("self.pem");
        if (!Files.exists(certificate)) {
            SelfSigned.write(SelfSigned.make("pop.example.com", InstantSource.system()), certificate, certificate);
        }
        TlsServer tls =
                new TlsServer(TlsSettings.of("pop.example.com", certificate, certificate), new Trace("pop3", ""));
        listen("", PlaintextLogin.LOOPBACK, tls, false);
        listen("strict", PlaintextLogin.NEVER, tls, false);
        listen("pop3s", PlaintextLogin.NEVER, tls, true);
    }

    void deposit(String prefix, String body) {
        deposit(prefix, Octets.of(body));
    }

    void deposit(String prefix, Octets body) {
        AccountMail mail = mail();
        mail.append(
                mail.find("INBOX").orElseThrow().id(),
                List.of(new NewMessage(Octets.of(prefix), new Body.Small(body), Flags.NONE, clock.instant())));
    }

    AccountMail mail() {
        return mailboxes.open(ann.id());
    }

    private void listen(String name, PlaintextLogin plaintext, TlsServer tls, boolean tlsFromStart) throws IOException {
        Pop3Settings settings = new Pop3Settings(
                "pop.example.com ready",
                Duration.ofMinutes(10),
                Duration.ofSeconds(20),
                plaintext,
                8,
                3,
                Duration.ZERO);
        Service service = new Service(
                "pop3",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                tlsFromStart,
                new Service.Limits(500, 500, 64, _ -> false),
                Service.Proxies.NONE,
                Duration.ofSeconds(10));
        Pop3Door door = new Pop3Door(directory, mailboxes, Optional.of(tls), settings);
        listeners.put(name, network.listen(service, tls, door, new Trace("pop3", "")));
    }

    @Override
    public int port(String service) {
        return Objects.requireNonNull(listeners.get(service), service).port();
    }

    @Override
    public void close() {
        listeners.values().forEach(listener -> listener.drain(Duration.ofMillis(200)));
        network.close();
        mailboxes.close();
        directory.close();
        store.close();
    }
}
