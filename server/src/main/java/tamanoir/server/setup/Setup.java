package tamanoir.server.setup;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.CleanupParameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.LocalParameters;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.SetupParameters;
import tamanoir.server.config.StoreParameters;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.intake.Receipt;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.setup.Checks.OpenPort;
import tamanoir.server.store.Store;

/// The first steps of a server, from the page and from the command line: names, first account, test mail, records, end.
///
/// Open while the server is nobody's: no domain, no main.cf in real use. Who begins may go on after a restart; when it
/// is finished it is over for good. Used by any number of threads: steps that change something come one at a time, and
/// what counts in the end is one row of the store ([Progress]).
public final class Setup {
    private static final Trace TRACE = new Trace("setup", "");

    /// What it stands on. `dns` makes one that remembers nothing, so that each look is a fresh one.
    public record Ground(
            Path home, Store store, Directory directory, Mailboxes mailboxes, Supplier<Dns> dns, InstantSource clock) {}

    /// The server around it, running or not.
    public interface Server {
        Config config();

        /// Takes main.cf into use, or only looks at it when nothing runs.
        ///
        /// @throws Refused when it has errors
        String reload();

        /// Hands a message to the intake.
        ///
        /// @throws Refused when no server runs
        Receipt submit(Envelope envelope, Octets message);

        /// What listens; empty when nothing runs.
        List<OpenPort> services();
    }

    /// What came of the names.
    ///
    /// @param backup where the main.cf that was there before lies now
    public record Named(Domain domain, String host, Optional<Path> backup, String said) {}

    /// The test message as it came back.
    public record TestArrived(String mailbox, String subject, long millis, String header) {}

    private final Ground ground;
    private final Server server;
    private final Progress.Row row;
    private final Semaphore turn = new Semaphore(1);
    private volatile Progress progress;
    private volatile Optional<Token> token = Optional.empty();

    public Setup(Ground ground, Server server) {
        this.ground = ground;
        this.server = server;
        this.row = new Progress.Row(ground.store());
        this.progress = row.read();
    }

    // ---- who may come in -------------------------------------------------------------------------------------------

    /// Whether there is a set-up at all. False for good once it is finished.
    public boolean isOpen() {
        return switch (progress) {
            case Progress.Finished _ -> false;
            case Progress.Begun _ -> true;
            case Progress.Fresh _ -> ground.directory().domains().isEmpty() && !isInUse(server.config());
        };
    }

    /// A main.cf that names domains of others, or this one's by hand, belongs to a server in use.
    private static boolean isInUse(Config config) {
        Set<String> ofEveryMachine = new HashSet<>(List.of(
                "localhost",
                "localhost.localdomain",
                "localhost." + config.get(NetParameters.MYDOMAIN),
                config.get(NetParameters.MYHOSTNAME)));
        return !ofEveryMachine.containsAll(config.get(CleanupParameters.MYDESTINATION))
                || config.isSet(LocalParameters.VIRTUAL_MAILBOX_DOMAINS)
                || config.isSet(CleanupParameters.VIRTUAL_ALIAS_DOMAINS)
                || config.isSet(LocalParameters.RELAY_DOMAINS);
    }

    /// A new token for the console; an earlier one is void.
    public String invite() {
        Config config = server.config();
        Token.Fresh fresh = Token.make(
                config.get(SetupParameters.SETUP_TOKEN_LIFETIME),
                config.get(SetupParameters.SETUP_ATTEMPT_LIMIT),
                ground.clock());
        token = Optional.of(fresh.token());
        return fresh.text();
    }

    /// Why somebody does not get in.
    public enum Entry {
        OPEN,
        /// There is no set-up (any more): 404.
        GONE,
        WRONG,
        LATE,
        TOO_MANY
    }

    /// @param client the address of who asks, for the count of wrong tokens
    public Entry enter(String given, String client) {
        if (!isOpen()) {
            return Entry.GONE;
        }
        Entry entry = token.map(own -> own.judge(given, client))
                .map(verdict -> switch (verdict) {
                    case RIGHT -> Entry.OPEN;
                    case WRONG -> Entry.WRONG;
                    case LATE -> Entry.LATE;
                    case TOO_MANY -> Entry.TOO_MANY;
                })
                .orElse(Entry.WRONG);
        if (entry != Entry.OPEN) {
            TRACE.warn("refused", "client", client, "reason", entry.name().toLowerCase(Locale.ROOT));
        }
        return entry;
    }

    // ---- looking ---------------------------------------------------------------------------------------------------

    /// Looks at everything. `host` may be a name that is only being thought of; empty for the present one.
    public List<Finding> check(String host) {
        return new Checks(look(host)).run();
    }

    private Checks.Ground look(String host) {
        Config config = server.config();
        return new Checks.Ground(
                config,
                Machine.here(config),
                ground.dns().get(),
                ground.clock(),
                host.isEmpty() ? host() : Domain.of(host).ascii(),
                server.services());
    }

    /// The name of this machine: as chosen, else as main.cf or the system has it.
    public String host() {
        return progress instanceof Progress.Begun begun
                ? begun.host()
                : server.config().get(NetParameters.MYHOSTNAME);
    }

    /// The port of a service that listens now; 0 when it does not.
    int port(String service) {
        return server.services().stream()
                .filter(open -> open.service().equals(service))
                .mapToInt(OpenPort::port)
                .findFirst()
                .orElse(0);
    }

    public Optional<Domain> domain() {
        return progress instanceof Progress.Begun begun ? Optional.of(begun.domain()) : Optional.empty();
    }

    public Optional<Account> account() {
        return progress instanceof Progress.Begun begun
                ? begun.account().flatMap(ground.directory()::account)
                : Optional.empty();
    }

    /// The records for the chosen names, looked up now.
    ///
    /// @throws Refused before the names are chosen
    public List<DnsRecord> records() {
        Progress.Begun begun = begun();
        return records(begun.domain(), begun.host());
    }

    /// The records for these names, looked up now; also when the set-up is long over.
    public List<DnsRecord> records(Domain domain, String host) {
        Checks.Ground look = look(host);
        return new DnsRecords(domain, look.host(), new Addresses(look), look.services(), look.dns()).look();
    }

    private Progress.Begun begun() {
        return switch (progress) {
            case Progress.Begun begun -> begun;
            case Progress.Fresh _ -> throw new Refused("choose the domain and the host name first");
            case Progress.Finished _ -> throw over();
        };
    }

    private static Refused over() {
        return new Refused("the set-up of this server is finished");
    }

    // ---- steps -----------------------------------------------------------------------------------------------------

    /// One at a time: two windows must not write two configurations.
    private <T> T step(Supplier<T> work) {
        if (!turn.tryAcquire()) {
            throw new Refused(
                    "another window or command is just doing a step of the set-up; wait a moment, then reload");
        }
        try {
            if (!isOpen()) {
                throw over();
            }
            return work.get();
        } finally {
            turn.release();
        }
    }

    private void advance(Progress after) {
        if (!row.change(progress, after)) {
            progress = row.read();
            throw new Refused("somebody else went on with the set-up; reload the page");
        }
        progress = after;
    }

    /// Chooses the names: writes main.cf, takes it into use, adds the domain. May be done again while nobody lives
    /// in the domain.
    ///
    /// @throws tamanoir.mail.text.BadSyntax when one is no domain name
    public Named names(String domainText, String hostText) {
        Domain domain = Domain.of(domainText.strip());
        String host = Domain.of(hostText.strip()).ascii().toLowerCase(Locale.ROOT);
        if (domain.isLiteral() || !NameChecks.isFull(domain.ascii())) {
            throw new Refused("\"" + domain + "\" is no domain of the public internet; it is what stands behind the @,"
                    + " such as example.com");
        }
        if (!NameChecks.isFull(host)) {
            throw new Refused("\"" + host + "\" is no full host name; give one such as mail." + domain.ascii());
        }
        return step(() -> name(domain, host));
    }

    private Named name(Domain domain, String host) {
        Optional<Domain> before = domain();
        if (account().isPresent() && !before.equals(Optional.of(domain))) {
            throw new Refused("there is an account in " + before.orElseThrow()
                    + " already; remove it first with 'tamanoir account remove "
                    + account().orElseThrow().address() + "', or keep the domain");
        }
        FirstConfiguration configuration = new FirstConfiguration(ground.home(), ground.clock());
        FirstConfiguration.Before old = configuration.write(configuration.text(domain, host));
        String said;
        try {
            said = server.reload();
        } catch (RuntimeException e) {
            configuration.restore(old);
            throw e;
        }
        // Before the domain: with it alone, a restart would take the server for one in use.
        advance(new Progress.Begun(domain, host, account().map(Account::id)));
        before.filter(earlier -> !earlier.equals(domain))
                .filter(ground.directory()::hasDomain)
                .ifPresent(ground.directory()::removeDomain);
        if (!ground.directory().hasDomain(domain)) {
            ground.directory().addDomain(domain);
        }
        TRACE.info("named", "domain", domain.ascii(), "host", host);
        return new Named(domain, host, old.backup(), said);
    }

    /// Makes the first account, and lets mail for postmaster and abuse reach it. Done again, it changes name and
    /// password of that account.
    public Account addAccount(String addressText, String name, String password) {
        String text = addressText.strip();
        return step(() -> {
            Progress.Begun begun = begun();
            Address address = text.indexOf('@') < 0 ? new Address(text, begun.domain()) : Address.of(text);
            if (!address.domain().equals(begun.domain())) {
                throw new Refused("the first account must be of the domain " + begun.domain());
            }
            PasswordAdvice advice = PasswordAdvice.of(password, address.toString());
            if (advice.strength() == PasswordAdvice.Strength.REFUSED) {
                throw new Refused(Wording.of("en").sentence(advice.saying(), Map.of()));
            }
            Account account = account()
                    .map(old -> changed(old, address, name, password))
                    .orElseGet(() -> added(address, name, password));
            advance(new Progress.Begun(begun.domain(), begun.host(), Optional.of(account.id())));
            roles(account);
            TRACE.info("account", "address", account.address());
            return account;
        });
    }

    private Account added(Address address, String name, String password) {
        Account account = ground.directory()
                .addAccount(address, name, password, server.config().get(StoreParameters.QUOTA_DEFAULT));
        ground.mailboxes().open(account.id()).list();
        return account;
    }

    private Account changed(Account old, Address address, String name, String password) {
        Directory directory = ground.directory();
        Account account = old.address().equals(address) ? old : directory.rename(old.id(), address);
        directory.setDisplayName(account.id(), name);
        directory.setPassword(account.id(), password);
        return directory.account(account.id()).orElseThrow();
    }

    /// RFC 5321 §4.5.1: postmaster must be reachable; RFC 2142 §4: abuse.
    private void roles(Account account) {
        for (String role : List.of("postmaster", "abuse")) {
            Address address = new Address(role, account.address().domain());
            if (ground.directory().account(address).isEmpty()) {
                if (!ground.directory().alias(address).isEmpty()) {
                    ground.directory().removeAlias(address.toString());
                }
                ground.directory().addAlias(address.toString(), List.of(account.address()));
            }
        }
    }

    /// Sends the account a message and reads it back.
    ///
    /// @throws tamanoir.server.observe.Unavailable when it does not arrive
    public TestArrived test(Wording wording) {
        Progress.Begun begun = begun();
        Account account = account().orElseThrow(() -> new Refused("make the first account first"));
        TestMail.Arrived arrived = new TestMail(
                        ground.mailboxes().open(account.id()), account, server::submit, ground.clock())
                .send(
                        begun.host(),
                        wording.sentence("test.subject", Map.of("host", begun.host())),
                        wording.sentence("test.body", Map.of("host", begun.host())));
        return new TestArrived(
                arrived.mailbox(), arrived.subject(), arrived.took().toMillis(), arrived.header());
    }

    /// Ends it for good. True for the one who ended it; false for who came second.
    ///
    /// @throws Refused while there is no account: nobody could sign in afterwards
    public boolean finish() {
        Progress now = progress;
        if (now instanceof Progress.Finished) {
            return false;
        }
        if (account().isEmpty()) {
            throw new Refused("make the first account before you finish");
        }
        boolean ended = row.change(now, new Progress.Finished());
        progress = row.read();
        if (ended) {
            token = Optional.empty();
            TRACE.info("finished");
        }
        return ended;
    }
}
