package tamanoir.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.reports.Ledger;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.StoreParameters;
import tamanoir.server.directory.Bans;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.directory.source.Sources;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.policy.Notebook;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueSettings;
import tamanoir.server.search.Search;
import tamanoir.server.search.SearchSettings;
import tamanoir.server.sieve.Memory;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// What stays while configurations come and go: the store and the rooms that live on it.
///
/// A command without a running server opens just this. One process at a time has it open.
public final class Ground implements AutoCloseable {
    private final AtomicReference<Config> config;
    private final RocksStore store;
    private final Directory directory;
    private final Mailboxes mailboxes;
    private final Search search;
    private final Personal personal;
    private final Queue queue;
    private final Notebook notebook;
    private final Lessons lessons;
    private final Ledger ledger;
    private final Memory memory;

    private Ground(
            AtomicReference<Config> config,
            RocksStore store,
            Directory directory,
            Mailboxes mailboxes,
            Search search,
            Personal personal,
            Queue queue) {
        this.config = config;
        this.store = store;
        this.directory = directory;
        this.mailboxes = mailboxes;
        this.search = search;
        this.personal = personal;
        this.queue = queue;
        this.notebook = new Notebook(store, Clock.systemUTC());
        this.lessons = new Lessons(store);
        this.ledger = new Ledger(store, Clock.systemUTC());
        this.memory = new Memory(store);
    }

    /// Opens the store of a home folder for one command.
    ///
    /// @throws Refused when the configuration has errors, or there is none: a slip in `--home` makes no new folders
    /// @throws Unavailable when the store cannot be opened: it does not exist, or another process has it
    public static Ground open(Path home, Map<String, String> overrides) {
        if (Files.notExists(home.resolve("main.cf"))) {
            throw new Refused("there is no main.cf in " + home
                    + "; name the server's folder with --home DIR, or begin with: tamanoir serve --home " + home);
        }
        Loaded loaded = Config.load(home, overrides);
        if (!loaded.isUsable()) {
            throw new Refused(loaded.errors().getFirst().toString());
        }
        return open(loaded.config());
    }

    static Ground open(Config config) {
        AtomicReference<Config> current = new AtomicReference<>(config);
        Path rows = made(config.get(StoreParameters.STORE_DIRECTORY).orElseThrow());
        Path blobs = made(config.get(StoreParameters.STORE_BLOB_DIRECTORY).orElseThrow());
        Clock clock = Clock.systemUTC();
        RocksStore store = new RocksStore(rows, blobs, storeSettings(config), new Trace("store", ""));
        try {
            Directory directory = new Directory(
                    store,
                    clock,
                    DirectorySettings.from(config),
                    () -> primaryDomains(current.get()),
                    new Bans(() -> Bans.Rules.of(current.get()), clock));
            directory.sources(sources(config, current));
            Mailboxes mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.from(config));
            Search search = new Search(mailboxes, SearchSettings.from(config));
            Personal personal = new Personal(store, directory, PersonalSettings.from(config));
            Queue queue = new Queue(store, QueueSettings.of(config), clock);
            return new Ground(current, store, directory, mailboxes, search, personal, queue);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// Nothing is connected yet: a server that is down stops no start.
    private static Sources sources(Config config, AtomicReference<Config> current) {
        return Sources.of(config, Clock.systemUTC(), () -> primaryDomains(current.get()));
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Unavailable("the folder " + folder + " cannot be made: " + e.getMessage(), e.toString(), e);
        }
    }

    private static Settings storeSettings(Config config) {
        return Settings.standard()
                .withMemory(
                        config.get(StoreParameters.STORE_CACHE_SIZE),
                        config.get(StoreParameters.STORE_WRITE_BUFFER_SIZE))
                .withGrace(config.get(StoreParameters.STORE_DELETED_RETENTION));
    }

    /// Bare login names belong to the domains of this machine: `mydomain` first, then what `mydestination` names.
    private static List<Domain> primaryDomains(Config config) {
        List<String> words = new ArrayList<>(List.of(config.get(NetParameters.MYDOMAIN)));
        words.addAll(config.get(CleanupParameters.MYDESTINATION));
        List<Domain> domains = new ArrayList<>();
        for (String word : words) {
            if (word.indexOf(':') < 0 && word.indexOf('/') < 0 && !word.startsWith("!")) {
                try {
                    domains.add(Domain.of(word));
                } catch (BadSyntax e) {
                    new Trace("directory", "")
                            .debug("no domain", "word", word, "reason", String.valueOf(e.getMessage()));
                }
            }
        }
        return domains;
    }

    public Office office() {
        return office(Optional.empty());
    }

    Office office(Optional<Office.Running> running) {
        return new Office(config.get(), store, directory, mailboxes, personal, queue, lessons, running);
    }

    Config config() {
        return config.get();
    }

    void config(Config changed) {
        Sources people = sources(changed, config); // Throws before anything has changed.
        config.set(changed);
        directory.sources(people);
        queue.settings(QueueSettings.of(changed));
    }

    RocksStore store() {
        return store;
    }

    Directory directory() {
        return directory;
    }

    Mailboxes mailboxes() {
        return mailboxes;
    }

    /// What restriction lists remember.
    Notebook notebook() {
        return notebook;
    }

    /// What the junk filter has learned.
    Lessons lessons() {
        return lessons;
    }

    /// What DMARC reports will tell.
    Ledger ledger() {
        return ledger;
    }

    /// What Sieve scripts remember.
    Memory memory() {
        return memory;
    }

    Search search() {
        return search;
    }

    Personal personal() {
        return personal;
    }

    Queue queue() {
        return queue;
    }

    /// A message that is in memory, as a body: kept as a blob when it is too long for a row.
    ///
    /// @throws Unavailable when the disk is full
    Body body(Octets message) {
        if (message.length() <= Body.SMALL) {
            return new Body.Small(message);
        }
        try (Blobs.Spool spool = store.blobs().spool()) {
            spool.write(message.array(), message.arrayOffset(), message.length());
            return new Body.Large(spool.keep(), message.length());
        } catch (IOException e) {
            throw new Unavailable("the message cannot be stored now", e.toString(), e);
        }
    }

    @Override
    public void close() {
        queue.close();
        search.close();
        mailboxes.close();
        store.close();
    }
}
