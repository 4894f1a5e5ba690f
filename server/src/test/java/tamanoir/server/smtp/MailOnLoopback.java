package tamanoir.server.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.dns.Dns;
import tamanoir.server.config.Config;
import tamanoir.server.config.TlsParameters;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.filter.junk.Teacher;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.View;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.SelfSigned;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsRules;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Prober;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueSettings;
import tamanoir.server.sieve.Memory;
import tamanoir.server.smtp.SmtpSettings.Kind;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.Tables;
import tamanoir.server.testkit.Dialogues;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

/// The receiving half of the server on loopback: memory store, real directory, mailboxes and queue (which delivers
/// nothing by itself), the four SMTP services on ports of the system's choice.
final class MailOnLoopback implements Dialogues.Server {
    final FakeDns dns = new FakeDns();
    /// By what greylisting and verified addresses tell the time.
    final TurnableClock policyClock = new TurnableClock(Instant.now());
    final AtomicReference<Prober> prober = new AtomicReference<>(Prober.none());
    final Store store;
    final Directory directory;
    final Mailboxes mailboxes;
    final Queue queue;
    final Lessons lessons;
    final Personal personal;
    final Teacher teacher;
    final Reception reception;
    private final Network network = new Network();
    private final Map<String, Listener> listeners = new HashMap<>();

    MailOnLoopback(Path home, Map<String, String> mainCf) throws IOException {
        this(home, mainCf, new MemoryStore());
    }

    MailOnLoopback(Path home, Map<String, String> mainCf, Store store) throws IOException {
        this(configured(home, mainCf), store);
    }

    MailOnLoopback(Config config, Store store) throws IOException {
        this(config, store, Optional.empty());
    }

    /// `asked` answers instead of [#dns].
    MailOnLoopback(Config config, Store store, Optional<Dns> asked) throws IOException {
        this.store = store;
        Path home = config.home();
        Trace trace = new Trace("test", "");
        InstantSource clock = InstantSource.system();
        directory = new Directory(store, clock, quickHashes(), () -> List.of(Domain.of("example.com")));
        for (String domain : List.of("example.com", "virtual.example")) {
            if (!directory.hasDomain(Domain.of(domain))) {
                directory.addDomain(Domain.of(domain));
            }
        }
        mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        queue = new Queue(store, QueueSettings.defaults("mail.example.com"), clock);
        lessons = new Lessons(store);
        personal = new Personal(store, directory, PersonalSettings.defaults());
        teacher = new Teacher(mailboxes, lessons, new Teacher.Settings(true, 200_000, 50_000));
        Path file = home.resolve("self.pem");
        if (!Files.exists(file)) {
            SelfSigned.write(SelfSigned.make("mail.example.com", clock), file, file);
        }
        TlsSettings own = TlsSettings.of("mail.example.com", file, file);
        TlsSettings settings = new TlsSettings(
                own.hostName(),
                own.certificates(),
                own.byName(),
                config.get(TlsParameters.SMTPD_TLS_CAFILE).stream()
                        .filter(Files::exists) // a missing one is only worth a warning
                        .toList(),
                own.cacheSize(),
                own.cacheTimeout());
        TlsServer tls = new TlsServer(settings, trace).with(TlsRules.from(config, false));
        reception = new Reception(
                config,
                new Reception.Ground(
                        new Tables(config, Clock.systemUTC(), trace),
                        directory,
                        mailboxes,
                        queue,
                        store.blobs(),
                        asked.orElse(dns),
                        new Budget(64 << 20),
                        () -> Long.MAX_VALUE,
                        clock,
                        new Notebook(store, policyClock),
                        (sender, address) -> prober.get().probe(sender, address),
                        lessons,
                        personal,
                        new Memory(store)));
        listen("smtp", Kind.MX, false, tls, trace);
        listen("submission", Kind.SUBMISSION, false, tls, trace);
        listen("submissions", Kind.SUBMISSION, true, tls, trace);
        listen("lmtp", Kind.LMTP, false, tls, trace);
        listen("reinject", Kind.MX, false, tls, trace);
    }

    private static Config configured(Path home, Map<String, String> mainCf) {
        Map<String, String> values = new HashMap<>(Map.of(
                "myhostname", "mail.example.com",
                "mydomain", "example.com",
                "myorigin", "example.com",
                "mydestination", "$myhostname, localhost, example.com, example.org",
                "virtual_mailbox_domains", "virtual.example",
                "mynetworks", "192.0.2.0/24",
                "smtpd_authorized_xclient_hosts", "127.0.0.1",
                "smtpd_error_sleep_time", "0s",
                // What other tests look at is where mail goes without an opinion.
                "junk_filter", "no",
                "local_header_rewrite_clients", "permit_mynetworks"));
        values.put("lmtp/smtpd_relay_restrictions", "permit_auth_destination, reject");
        values.putAll(mainCf);
        return Config.of(home, values);
    }

    private static DirectorySettings quickHashes() {
        DirectorySettings d = DirectorySettings.defaults();
        return new DirectorySettings(
                d.hashesAtOnce(), d.hashesWaiting(), d.longestWait(), d.rememberSuccess(), 8, 1, 1, 4096, 100_000);
    }

    private void listen(String service, Kind kind, boolean tlsFromStart, TlsServer tls, Trace trace)
            throws IOException {
        Service where = new Service(
                service,
                List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)),
                tlsFromStart,
                Service.Limits.DEFAULT,
                Service.Proxies.NONE,
                Duration.ofSeconds(10));
        listeners.put(service, network.listen(where, tls, reception.door(service, kind, Optional.of(tls)), trace));
    }

    Account account(String address) {
        return account(address, 0);
    }

    Account account(String address, long quota) {
        return directory.addAccount(Address.of(address), "", "secret", quota);
    }

    /// The messages in a mailbox, whole, in order.
    List<String> messages(String address, String mailbox) {
        Account account = directory.account(Address.of(address)).orElseThrow();
        AccountMail mail = mailboxes.open(account.id());
        MailboxInfo box = mail.find(mailbox).orElseThrow();
        View view = mail.view(box.id());
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < view.size(); i++) {
            messages.add(mail.whole(view.message(i)).latin1());
        }
        return messages;
    }

    List<String> inbox(String address) {
        return messages(address, "INBOX");
    }

    /// What the queue owes, each as `sender -> recipient`.
    List<String> owed() {
        List<String> owed = new ArrayList<>();
        for (Queue.Listed entry : queue.list(Optional.empty(), 1000)) {
            entry.recipients()
                    .forEach(r ->
                            owed.add(entry.sender() + " -> " + r.recipient().address()));
        }
        return owed;
    }

    @Override
    public int port(String service) {
        Listener listener = listeners.get(service.isEmpty() ? "smtp" : service);
        if (listener == null) {
            throw new IllegalArgumentException("no service " + service);
        }
        return listener.port();
    }

    /// What a client hears at RCPT: `client` are the attributes of XCLIENT, in the words of the command.
    String atRcpt(String client, String helo, String from, String to) throws IOException {
        try (SmtpClient talk = client("smtp")) {
            if (!client.isEmpty()) {
                talk.say("XCLIENT " + client);
            }
            String greeted = talk.say("EHLO " + helo);
            if (!greeted.startsWith("250")) {
                return greeted;
            }
            String mail = talk.say("MAIL FROM:<" + from + ">");
            return mail.startsWith("250") ? talk.say("RCPT TO:<" + to + ">") : mail;
        }
    }

    SmtpClient client(String service) throws IOException {
        return new SmtpClient(port(service));
    }

    @Override
    public void close() {
        listeners.values().forEach(listener -> listener.drain(Duration.ofSeconds(1)));
        network.close();
        mailboxes.close();
        directory.close();
        store.close();
    }
}
