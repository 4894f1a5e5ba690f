package tamanoir.server.directory;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.directory.Account.State;
import tamanoir.server.directory.source.Person;
import tamanoir.server.directory.source.Sources;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Notices;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Space.Family;
import tamanoir.server.store.Store;

/// The accounts, domains and aliases made by command line or web page, kept in the store; and the people whom
/// [Sources] outside know, who get an account in the store when they are first met.
///
/// Every method throws `Unavailable` when the store does: nobody is "unknown" because something is down. What
/// cannot be done is `Refused` with a text for the administrator.
///
/// All rows lie in one partition, so its version says whether a remembered answer is still true. Used by any
/// number of threads.
public class Directory implements AutoCloseable {
    private static final Partition PARTITION = Partition.of('D', 0);

    /// domain → as written.
    private static final Space DOMAIN = new Space(0x01, Family.META);
    /// domain, 0, local part → account.
    private static final Space ADDRESS = new Space(0x02, Family.META);
    /// account u64 → [AccountRow].
    private static final Space ACCOUNT = new Space(0x03, Family.META);
    /// account u64 → [Secrets].
    private static final Space SECRETS = new Space(0x06, Family.META);
    /// name → octets: secrets of the server itself.
    private static final Space OWN = new Space(0x07, Family.META);
    /// domain, 0, local part (empty for all others of the domain) → targets.
    private static final Space ALIAS = new Space(0x08, Family.META);
    /// account u64 → name of the source outside that knew the person last.
    private static final Space ORIGIN = new Space(0x0a, Family.META);
    /// domain → account that was its first: who gets the mail for its postmaster when nobody else does.
    private static final Space KEEPER = new Space(0x09, Family.META);

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] SCRAM_SEED = "scram".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int MOST_TARGETS = 1_000;
    private static final int LONGEST_DISPLAY_NAME = 255;
    private static final int MOST_TRIES = 20;
    private static final long NUMBERS = 1L << 56;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<List<Domain>> primaryDomains;
    private final PasswordChecks checks;
    private final Bans bans;
    private final AppPasswords appPasswords;
    private final SecureRandom random = new SecureRandom();

    /// The newest version that this process knows of.
    private final AtomicLong version = new AtomicLong();

    private final Notices.Subscription notices;
    private final VersionedCache<String, Optional<Account>> byAddress;
    private final VersionedCache<AccountId, Optional<Account>> byId;
    private final VersionedCache<AccountId, Secrets> secrets;
    private final VersionedCache<String, List<Address>> aliases;
    private final VersionedCache<String, Boolean> domains;
    private final VersionedCache<String, Optional<Account>> keepers;
    private final VersionedCache<String, byte[]> scramSeed;
    private final VersionedCache<AccountId, Optional<String>> origins;

    /// Replaced whole at a reload.
    private volatile Sources sources = Sources.ONLY_INTERNAL;

    /// `primaryDomains` complete a bare login name; asked each time, as the configuration may be reloaded.
    public Directory(
            Store store, InstantSource clock, DirectorySettings settings, Supplier<List<Domain>> primaryDomains) {
        this(store, clock, settings, primaryDomains, new Bans(() -> Bans.Rules.DEFAULT, clock));
    }

    /// The same, with bans of its own.
    public Directory(
            Store store,
            InstantSource clock,
            DirectorySettings settings,
            Supplier<List<Domain>> primaryDomains,
            Bans bans) {
        this.store = store;
        this.bans = bans;
        this.appPasswords = new AppPasswords(store, clock);
        this.clock = clock;
        this.primaryDomains = primaryDomains;
        this.checks = new PasswordChecks(settings);
        int entries = settings.cacheEntries();
        byAddress = cache(entries, Directory::readByAddress);
        byId = cache(entries, Directory::readAccount);
        secrets = cache(entries, Directory::readSecrets);
        aliases = cache(entries, Directory::readAlias);
        domains = cache(
                entries,
                (snapshot, domain) ->
                        snapshot.get(PARTITION, DOMAIN, utf8(domain)).isPresent());
        keepers = cache(entries, Directory::readKeeper);
        scramSeed = cache(
                1,
                (snapshot, _) -> snapshot.get(PARTITION, OWN, SCRAM_SEED)
                        .map(row -> RowReader.of(row, FORMAT).octets())
                        .orElse(NOTHING));
        origins = cache(
                entries,
                (snapshot, id) -> snapshot.get(PARTITION, ORIGIN, key(id))
                        .map(row -> RowReader.of(row, FORMAT).text()));
        // Whoever else writes to the store tells so; what this process writes it knows itself.
        notices = store.notices().subscribe(PARTITION, (_, newer) -> version.accumulateAndGet(newer, Math::max));
        try (Snapshot snapshot = store.snapshot()) {
            version.accumulateAndGet(snapshot.version(PARTITION), Math::max);
        }
    }

    private <K, V> VersionedCache<K, V> cache(int entries, BiFunction<Snapshot, K, V> read) {
        return new VersionedCache<>(store, PARTITION, version::get, entries, read);
    }

    // ---- asked for every recipient: answered from memory in microseconds ----------------------------------------

    /// From now on people are looked for here. What was there before is closed.
    public void sources(Sources from) {
        Sources before = sources;
        sources = from;
        before.close();
    }

    /// The account with exactly this address, letter case aside; the recipient delimiter is the caller's
    /// business. Somebody whom a source outside knows gets an account at the first time.
    ///
    /// @throws Unavailable when a source that might know them cannot tell now
    public Optional<Account> account(Address address) {
        return sources.areInternal()
                ? byAddress.get(key(address))
                : located(sources, address).map(Located::account);
    }

    public Optional<Account> account(AccountId id) {
        return byId.get(id);
    }

    /// The account a person means at sign-in: a whole address, or a bare name completed with the primary domains.
    public Optional<Account> byLoginName(String name) {
        return locatedByLoginName(name).map(Located::account);
    }

    /// Where an alias of the store, or an alias or group of a source outside, leads; empty when there is none.
    ///
    /// @throws Unavailable when a source that might know it cannot tell now
    public List<Address> alias(Address address) {
        List<Address> own = aliases.get(key(address));
        Sources now = sources;
        if (!own.isEmpty() || now.areInternal()) {
            return own;
        }
        Address plain = folded(address);
        for (Sources.Place place : now.places()) {
            if (!place.isInternal() && place.covers(plain.domain())) {
                List<Address> members = now.members(place, plain).members();
                if (!members.isEmpty()) {
                    return members;
                }
            }
        }
        return List.of();
    }

    /// Where mail for any other address of the domain goes (`@domain`); ask it last (virtual(5) search order).
    public List<Address> catchAll(Domain domain) {
        return aliases.get(domain.ascii() + '\0');
    }

    /// Whose mail that for the postmaster of a domain is when no account and no alias has that name: every domain must
    /// take it (RFC 5321 §4.5.1). The domain's first account, or where that is gone the first in order.
    public Optional<Account> keeper(Domain domain) {
        return keepers.get(domain.ascii());
    }

    public boolean hasDomain(Domain domain) {
        return domains.get(domain.ascii()) || sources.names(domain);
    }

    // ---- people from outside --------------------------------------------------------------------------------------

    /// An account, and the source that knew it.
    ///
    /// @param at when the source was asked
    record Located(
            Account account, Sources.Place place, @Nullable Person person, Instant at) {}

    private Optional<Located> located(Sources from, Address address) {
        Address plain = folded(address);
        for (Sources.Place place : from.places()) {
            if (!place.covers(plain.domain())) {
                continue;
            }
            if (place.isInternal()) {
                Optional<Account> own = byAddress.get(key(plain)).filter(account -> isOwn(from, account));
                if (own.isPresent()) {
                    return Optional.of(new Located(own.get(), place, null, clock.instant()));
                }
                continue;
            }
            Sources.Answer answer = from.person(place, plain);
            if (answer.person().isPresent()) {
                return Optional.of(located(place, answer));
            }
        }
        return Optional.empty();
    }

    private Located located(Sources.Place place, Sources.Answer answer) {
        Person person = answer.person().orElseThrow();
        Account kept = kept(place, person);
        Account account = person.active()
                ? kept
                : new Account(kept.id(), kept.address(), kept.displayName(), State.SUSPENDED, kept.quotaOctets());
        return new Located(account, place, person, answer.at());
    }

    /// Accounts that a source outside made are its own, not the store's, unless all sources outside are gone.
    private boolean isOwn(Sources from, Account account) {
        return from.areInternal() || origins.get(account.id()).isEmpty();
    }

    /// The account in the store of a person outside: made at the first time, changed when they changed.
    private Account kept(Sources.Place place, Person person) {
        Optional<Account> known = byAddress.get(key(person.address()));
        if (known.isPresent()
                && wanted(known.get(), person).equals(known.get())
                && origins.get(known.get().id()).filter(place.name()::equals).isPresent()) {
            return known.get();
        }
        return change((snapshot, batch) -> {
            Optional<Account> before = readByAddress(snapshot, key(person.address()));
            AccountId id = before.map(Account::id).orElseGet(() -> freshId(snapshot));
            Account account = wanted(
                    before.orElseGet(() -> new Account(id, folded(person.address()), "", State.ACTIVE, 0)), person);
            batch.put(ADDRESS, utf8(key(person.address())), accountNumber(id));
            batch.put(ACCOUNT, key(id), AccountRow.encode(account));
            batch.put(
                    ORIGIN,
                    key(id),
                    new RowWriter(FORMAT, 32).text(place.name()).row());
            return account;
        });
    }

    private static Account wanted(Account account, Person person) {
        String said = person.displayName();
        boolean usable = !said.isBlank()
                && said.length() <= LONGEST_DISPLAY_NAME
                && said.chars().noneMatch(Character::isISOControl);
        return new Account(
                account.id(),
                account.address(),
                usable ? said : account.displayName(),
                account.state(),
                person.quotaOctets() == Person.NO_QUOTA_SAID ? account.quotaOctets() : person.quotaOctets());
    }

    private Optional<Located> locatedByLoginName(String name) {
        Sources now = sources;
        try {
            if (name.indexOf('@') >= 0) {
                return located(now, Address.of(name.strip()));
            }
            for (Domain domain : primaryDomains.get()) {
                Optional<Located> located = located(now, new Address(name.strip(), domain));
                if (located.isPresent()) {
                    return located;
                }
            }
            return Optional.empty();
        } catch (BadSyntax notAnAddress) {
            return Optional.empty();
        }
    }

    /// Which source answers for a name, and when it was asked.
    public record Whence(String source, Instant asked) {}

    /// @throws Unavailable when a source that might know them cannot tell now
    public Optional<Whence> whence(String name) {
        return locatedByLoginName(name).map(found -> new Whence(found.place().name(), found.at()));
    }

    /// People of the sources outside for this domain whose name or address begins with the text, for suggestions; those
    /// that
    /// are down are left out.
    public List<Person> search(Domain domain, String text, int most) {
        Sources now = sources;
        return now.areInternal() ? List.of() : now.search(domain, text, most);
    }

    /// Whether SCRAM can be offered: only the store keeps its keys.
    boolean keepsScramKeys() {
        return sources.areInternal();
    }

    // ---- keys and rows -----------------------------------------------------------------------------------------

    /// Letter case aside, in one normal form (RFC 6531 §3.3 leaves it to us, RFC 5198 §2 says NFC). The domain comes
    /// first, so that the addresses of one domain lie together.
    private static String key(Address address) {
        return address.domain().ascii() + '\0' + folded(address.localPart());
    }

    private static String folded(String localPart) {
        String nfc = Normalizer.isNormalized(localPart, Normalizer.Form.NFC)
                ? localPart
                : Normalizer.normalize(localPart, Normalizer.Form.NFC);
        return nfc.toLowerCase(Locale.ROOT);
    }

    private static Address folded(Address address) {
        return new Address(
                folded(address.localPart()), Domain.of(address.domain().name()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] key(AccountId id) {
        byte[] key = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            key[i] = (byte) (id.number() >>> (56 - 8 * i));
        }
        return key;
    }

    private static Optional<Account> readByAddress(Snapshot snapshot, String key) {
        return snapshot.get(PARTITION, ADDRESS, utf8(key))
                .flatMap(row -> readAccount(
                        snapshot, new AccountId(RowReader.of(row, FORMAT).fixed())));
    }

    private static Optional<Account> readAccount(Snapshot snapshot, AccountId id) {
        return snapshot.get(PARTITION, ACCOUNT, key(id)).map(row -> AccountRow.decode(id, row));
    }

    private static Secrets readSecrets(Snapshot snapshot, AccountId id) {
        return snapshot.get(PARTITION, SECRETS, key(id)).map(Secrets::decode).orElse(Secrets.NONE);
    }

    private static List<Address> readAlias(Snapshot snapshot, String key) {
        return snapshot.get(PARTITION, ALIAS, utf8(key))
                .map(Directory::decodeTargets)
                .orElse(List.of());
    }

    private static List<Address> decodeTargets(byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        int count = in.count();
        List<Address> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            targets.add(Address.of(in.text()));
        }
        return List.copyOf(targets);
    }

    private static byte[] encodeTargets(List<Address> targets) {
        RowWriter out = new RowWriter(FORMAT, 32 * targets.size()).number(targets.size());
        targets.forEach(target -> out.text(target.toString()));
        return out.row();
    }

    // ---- signing in ------------------------------------------------------------------------------------------------

    /// Who guesses passwords and has to wait.
    public Bans bans() {
        return bans;
    }

    /// Passwords for single programs.
    public AppPasswords appPasswords() {
        return appPasswords;
    }

    /// Checks a password, which may be one for a program that opens this.
    ///
    /// @throws Unavailable when a source that might know the name cannot tell now
    public Login authenticate(String name, String password, AppPasswords.Scope scope) {
        Optional<Account> account = locatedByLoginName(name).map(Located::account);
        return account.isPresent() && appPasswords.isRight(account.get().id(), password, scope)
                ? admitted(account.get())
                : authenticate(name, password);
    }

    /// Checks a password: bounded in CPU, with a short memory of successes. Blocks for up to some 100 ms.
    ///
    /// @throws Unavailable when a source that might know the name cannot tell now
    public Login authenticate(String name, String password) {
        Optional<Located> located = locatedByLoginName(name);
        if (located.isPresent() && located.get().person() != null) {
            return authenticateOutside(located.get(), name, password);
        }
        Optional<Account> account = located.map(Located::account);
        Secrets stored = account.map(Account::id).map(secrets::get).orElse(Secrets.NONE);
        // Unknown names cost the same arithmetic as known ones: the time tells nothing.
        boolean right = checks.check(stored, name, password);
        if (account.isEmpty()) {
            return new Login.Refused("unknown name");
        }
        if (stored.password().isEmpty()) {
            return new Login.Refused("no password is set");
        }
        return right ? admitted(account.get()) : new Login.Refused("wrong password");
    }

    private static Login admitted(Account account) {
        return switch (account.state()) {
            case ACTIVE -> new Login.Ok(account);
            case SUSPENDED -> new Login.Refused("the account is suspended");
        };
    }

    private Login authenticateOutside(Located located, String name, String password) {
        Sources now = sources;
        Person person = Objects.requireNonNull(located.person());
        String source = located.place().name();
        if (!person.signInName().isEmpty()) {
            boolean right = checks.checkElsewhere(
                    source + '\0' + person.signInName(),
                    password,
                    now.remembersFor(),
                    () -> now.isPassword(located.place(), person, password));
            return right ? admitted(located.account()) : new Login.Refused("wrong password for " + source);
        }
        String asAddress = person.address().toString();
        if (isRight(person, asAddress, password)) {
            return admitted(located.account());
        }
        // What is remembered may be the password from before a change.
        Optional<Person> fresh =
                now.personNow(located.place(), folded(addressOf(name, person))).person();
        if (fresh.isPresent()
                && !fresh.get().password().equals(person.password())
                && isRight(fresh.get(), asAddress, password)) {
            return admitted(located.account());
        }
        if (person.password().isEmpty()) {
            return new Login.Refused("no password in " + source);
        }
        return new Login.Refused(
                Schemes.isKnown(person.password())
                        ? "wrong password for " + source
                        : "the form of the password in " + source + " is not known here");
    }

    private boolean isRight(Person person, String address, String password) {
        Secrets kept = person.password().isEmpty() ? Secrets.NONE : new Secrets(person.password(), null);
        return checks.check(kept, address, password) && !person.password().isEmpty();
    }

    /// What was looked up: the name itself where it is an address, else completed with the person's domain.
    private static Address addressOf(String name, Person person) {
        return name.indexOf('@') >= 0
                ? Address.of(name.strip())
                : new Address(name.strip(), person.address().domain());
    }

    /// The stored SCRAM-SHA-256 keys of a name; for unknown names made-up but constant ones (RFC 5802 §9: no oracle).
    /// Who cannot sign in (suspended, no password, no keys) looks like an unknown name.
    public ScramKeys scramSha256(String name) {
        Optional<Account> account = byLoginName(name).filter(known -> known.state() == State.ACTIVE);
        Optional<Secrets.Scram> keys =
                account.map(Account::id).map(secrets::get).flatMap(Secrets::scramKeys);
        Secrets.Scram shown = keys.orElseGet(() -> checks.madeUp(scramSeed(), folded(name.strip())));
        return new ScramKeys(
                shown.salt(),
                shown.iterations(),
                shown.storedKey(),
                shown.serverKey(),
                keys.isPresent() ? account : Optional.empty());
    }

    /// Made once and kept: an unknown name must show the same salt after a restart.
    private byte[] scramSeed() {
        byte[] seed = scramSeed.get("");
        if (seed.length > 0) {
            return seed;
        }
        byte[] fresh = new byte[32];
        random.nextBytes(fresh);
        change((snapshot, batch) -> {
            if (snapshot.get(PARTITION, OWN, SCRAM_SEED).isEmpty()) {
                batch.put(
                        OWN, SCRAM_SEED, new RowWriter(FORMAT, 40).octets(fresh).row());
            }
            return true;
        });
        return scramSeed.get("");
    }

    /// A secret of the server itself, 32 octets: made when it is first asked for, the same ever after.
    ///
    /// @throws Unavailable when the store cannot tell
    public byte[] ownSecret(String name) {
        byte[] key = name.getBytes(StandardCharsets.US_ASCII);
        byte[] fresh = new byte[32];
        random.nextBytes(fresh);
        while (true) {
            try (Snapshot snapshot = store.snapshot()) {
                Optional<byte[]> row = snapshot.get(PARTITION, OWN, key);
                if (row.isPresent()) {
                    return RowReader.of(row.get(), FORMAT).octets();
                }
            }
            change((snapshot, batch) -> {
                if (snapshot.get(PARTITION, OWN, key).isEmpty()) {
                    batch.put(OWN, key, new RowWriter(FORMAT, 40).octets(fresh).row());
                }
                return true;
            });
        }
    }

    /// RFC 5802 §3: what a server keeps of a password.
    public record ScramKeys(
            byte[] salt, int iterations, byte[] storedKey, byte[] serverKey, Optional<Account> account) {
        /// The keys are as good as the password.
        @Override
        public String toString() {
            return "ScramKeys[" + account + "]";
        }
    }

    // ---- changing ------------------------------------------------------------------------------------------------

    /// One change: `work` reads what is there and fills the batch; done again when another change came first. An empty
    /// batch changes nothing.
    private <T> T change(BiFunction<Snapshot, Batch, T> work) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Batch batch;
            T answer;
            try (Snapshot snapshot = store.snapshot()) {
                batch = new Batch(PARTITION, snapshot.version(PARTITION));
                answer = work.apply(snapshot, batch);
            }
            if (batch.isEmpty()) {
                return answer;
            }
            if (store.commit(batch) instanceof Commit.Done done) {
                version.accumulateAndGet(done.versions().getFirst(), Math::max);
                return answer;
            }
        }
        throw new Unavailable("try again", "others change the directory all the time");
    }

    private static Account require(Snapshot snapshot, AccountId id) {
        return readAccount(snapshot, id)
                .orElseThrow(() -> new Refused("there is no account with the id " + id + "; it may have been removed"));
    }

    // ---- domains ---------------------------------------------------------------------------------------------------

    public List<Domain> domains() {
        List<Domain> all = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(PARTITION, DOMAIN, NOTHING, NOTHING, (_, value) -> {
                all.add(Domain.of(RowReader.of(value, FORMAT).text()));
                return true;
            });
        }
        return all;
    }

    public void addDomain(Domain domain) {
        if (domain.isLiteral()) {
            throw new Refused(domain + " is an address literal, not a domain; give a name such as example.com");
        }
        change((snapshot, batch) -> {
            if (snapshot.get(PARTITION, DOMAIN, utf8(domain.ascii())).isPresent()) {
                throw new Refused("the domain " + domain + " exists already");
            }
            return batch.put(
                    DOMAIN,
                    utf8(domain.ascii()),
                    new RowWriter(FORMAT, 64).text(domain.name()).row());
        });
    }

    /// Refused while it has accounts or aliases.
    public void removeDomain(Domain domain) {
        change((snapshot, batch) -> {
            if (snapshot.get(PARTITION, DOMAIN, utf8(domain.ascii())).isEmpty()) {
                throw noSuchDomain(domain);
            }
            requireNone(snapshot, ADDRESS, domain, "accounts");
            requireNone(snapshot, ALIAS, domain, "aliases");
            return batch.delete(DOMAIN, utf8(domain.ascii()));
        });
    }

    private static void requireNone(Snapshot snapshot, Space space, Domain domain, String what) {
        snapshot.scan(PARTITION, space, utf8(domain.ascii() + '\0'), utf8(domain.ascii() + '\1'), (key, _) -> {
            throw new Refused("the domain " + domain + " still has " + what + ", such as " + printed(key)
                    + "; remove them first");
        });
    }

    /// The address of a key.
    private static String printed(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        int cut = text.indexOf('\0');
        return text.substring(cut + 1) + "@" + text.substring(0, cut);
    }

    private static Refused noSuchDomain(Domain domain) {
        return new Refused("the domain " + domain + " is not in the directory; `domain list` shows those that are");
    }

    /// A domain is ours when it is in the directory or the configuration names it.
    private void requireDomain(Snapshot snapshot, Domain domain) {
        if (snapshot.get(PARTITION, DOMAIN, utf8(domain.ascii())).isEmpty()
                && !primaryDomains.get().contains(domain)) {
            throw new Refused("the domain " + domain + " is not one of this server; add it first with `domain add "
                    + domain + "`");
        }
    }

    private static Optional<Account> readKeeper(Snapshot snapshot, String domain) {
        Optional<Account> first = snapshot.get(PARTITION, KEEPER, utf8(domain))
                .flatMap(row -> readAccount(
                        snapshot, new AccountId(RowReader.of(row, FORMAT).fixed())))
                .filter(account -> account.address().domain().ascii().equals(domain));
        if (first.isPresent()) {
            return first;
        }
        List<Account> found = new ArrayList<>();
        page(snapshot, ADDRESS, Optional.of(Domain.of(domain)), "", (_, value) -> {
            AccountId id = new AccountId(RowReader.of(value, FORMAT).fixed());
            // Not somebody of a source outside who only happened to be first.
            if (snapshot.get(PARTITION, ORIGIN, key(id)).isEmpty()) {
                readAccount(snapshot, id).ifPresent(found::add);
            }
            return found.isEmpty();
        });
        return found.stream().findFirst();
    }

    // ---- accounts ------------------------------------------------------------------------------------------------

    /// At most `most` accounts in the order of their addresses (the domain counts first), those after `after` (empty:
    /// from the first), of one domain or of all.
    public List<Account> accounts(Optional<Domain> domain, String after, int most) {
        List<Account> found = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            page(snapshot, ADDRESS, domain, after, (_, value) -> {
                readAccount(snapshot, new AccountId(RowReader.of(value, FORMAT).fixed()))
                        .ifPresent(found::add);
                return found.size() < most;
            });
        }
        return found;
    }

    private static void page(
            Snapshot snapshot, Space space, Optional<Domain> domain, String after, Snapshot.Visitor visitor) {
        byte[] from = domain.map(one -> utf8(one.ascii() + '\0')).orElse(NOTHING);
        byte[] to = domain.map(one -> utf8(one.ascii() + '\1')).orElse(NOTHING);
        if (!after.isEmpty()) {
            byte[] last = utf8(keyOf(after));
            byte[] next = Arrays.copyOf(last, last.length + 1);
            from = Arrays.compareUnsigned(next, from) > 0 ? next : from;
        }
        if (to.length == 0 || Arrays.compareUnsigned(from, to) < 0) {
            snapshot.scan(PARTITION, space, from, to, visitor);
        }
    }

    /// The key of an address or of `@domain`.
    private static String keyOf(String name) {
        return name.startsWith("@") ? Domain.of(name.substring(1)).ascii() + '\0' : key(Address.of(name));
    }

    /// An empty password: nobody can sign in until one is set.
    public Account addAccount(Address address, String displayName, String password, long quotaOctets) {
        checkDisplayName(displayName);
        checkQuota(quotaOctets);
        Secrets kept = password.isEmpty() ? Secrets.NONE : checks.secrets(checkPassword(password));
        return change((snapshot, batch) -> {
            requireDomain(snapshot, address.domain());
            requireFree(snapshot, address);
            AccountId id = freshId(snapshot);
            Account account = new Account(id, folded(address), displayName, State.ACTIVE, quotaOctets);
            batch.put(ADDRESS, utf8(key(address)), accountNumber(id));
            batch.put(ACCOUNT, key(id), AccountRow.encode(account));
            batch.put(SECRETS, key(id), kept.encode());
            byte[] domain = utf8(address.domain().ascii());
            if (snapshot.get(PARTITION, KEEPER, domain).isEmpty()) {
                batch.put(KEEPER, domain, accountNumber(id));
            }
            return account;
        });
    }

    private static byte[] accountNumber(AccountId id) {
        return new RowWriter(FORMAT, 8).fixed(id.number()).row();
    }

    private AccountId freshId(Snapshot snapshot) {
        while (true) {
            AccountId id = new AccountId(random.nextLong(1, NUMBERS));
            // Not even one whose mail is still being erased.
            if (readAccount(snapshot, id).isEmpty() && snapshot.version(id.partition()) == 0) {
                return id;
            }
        }
    }

    private static void requireFree(Snapshot snapshot, Address address) {
        if (snapshot.get(PARTITION, ADDRESS, utf8(key(address))).isPresent()) {
            throw new Refused("there is an account " + address + " already");
        }
        if (snapshot.get(PARTITION, ALIAS, utf8(key(address))).isPresent()) {
            throw new Refused(address + " is an alias; remove it first with `alias remove " + address + "`");
        }
    }

    private static void checkDisplayName(String name) {
        if (name.length() > LONGEST_DISPLAY_NAME) {
            throw new Refused("a display name has at most " + LONGEST_DISPLAY_NAME + " characters");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new Refused("a display name has no control characters");
        }
    }

    private static void checkQuota(long octets) {
        if (octets < 0) {
            throw new Refused("a quota is a number of octets, 0 for none");
        }
    }

    private static String checkPassword(String password) {
        if (password.length() > Passwords.LONGEST) {
            throw new Refused("a password has at most " + Passwords.LONGEST + " characters");
        }
        // RFC 4616 §2: NUL ends it on the wire; RFC 4013 §2.3 forbids the other controls.
        if (password.chars().anyMatch(Character::isISOControl)) {
            throw new Refused("a password has no control characters, no line end at its end for example");
        }
        return password;
    }

    /// An empty password: nobody can sign in any more.
    public void setPassword(AccountId id, String password) {
        Secrets kept = password.isEmpty() ? Secrets.NONE : checks.secrets(checkPassword(password));
        setSecrets(id, kept);
    }

    /// Takes over what another server kept of a password: `{ARGON2ID}$argon2id$…` or `{PLAIN}…`. SCRAM works only
    /// after `{PLAIN}`: its keys cannot be made from another hash.
    public void setPasswordHash(AccountId id, String stored) {
        if (!Passwords.isKnown(stored)) {
            throw new Refused("this form of password is not known; those of Dovecot and crypt(3) are");
        }
        setSecrets(id, checks.secretsOf(stored));
    }

    private void setSecrets(AccountId id, Secrets kept) {
        change((snapshot, batch) -> {
            require(snapshot, id);
            if (!sources.areInternal()) {
                snapshot.get(PARTITION, ORIGIN, key(id)).ifPresent(row -> {
                    throw new Refused("the password of this account is kept by "
                            + RowReader.of(row, FORMAT).text() + "; change it there");
                });
            }
            return batch.put(SECRETS, key(id), kept.encode());
        });
    }

    public Account setState(AccountId id, State state) {
        return replace(id, old -> new Account(id, old.address(), old.displayName(), state, old.quotaOctets()));
    }

    public Account setQuota(AccountId id, long octets) {
        checkQuota(octets);
        return replace(id, old -> new Account(id, old.address(), old.displayName(), old.state(), octets));
    }

    public Account setDisplayName(AccountId id, String displayName) {
        checkDisplayName(displayName);
        return replace(id, old -> new Account(id, old.address(), displayName, old.state(), old.quotaOctets()));
    }

    private Account replace(AccountId id, java.util.function.UnaryOperator<Account> with) {
        return change((snapshot, batch) -> {
            Account changed = with.apply(require(snapshot, id));
            batch.put(ACCOUNT, key(id), AccountRow.encode(changed));
            return changed;
        });
    }

    /// Gives it another primary address; the old one may stay as an alias.
    public Account rename(AccountId id, Address address) {
        return change((snapshot, batch) -> {
            Account old = require(snapshot, id);
            Account renamed = new Account(id, folded(address), old.displayName(), old.state(), old.quotaOctets());
            if (!key(old.address()).equals(key(address))) {
                requireDomain(snapshot, address.domain());
                requireFree(snapshot, address);
                batch.delete(ADDRESS, utf8(key(old.address())));
                batch.put(ADDRESS, utf8(key(address)), accountNumber(id));
            }
            batch.put(ACCOUNT, key(id), AccountRow.encode(renamed));
            return renamed;
        });
    }

    /// Takes the account out of the directory. Its mail is erased by `Mailboxes.erase`.
    public void removeAccount(AccountId id) {
        change((snapshot, batch) -> {
            Account account = require(snapshot, id);
            batch.delete(ADDRESS, utf8(key(account.address())));
            batch.delete(ACCOUNT, key(id));
            batch.delete(ORIGIN, key(id));
            byte[] domain = utf8(account.address().domain().ascii());
            if (snapshot.get(PARTITION, KEEPER, domain)
                    .filter(row -> Arrays.equals(row, accountNumber(id)))
                    .isPresent()) {
                batch.delete(KEEPER, domain);
            }
            return batch.delete(SECRETS, key(id));
        });
    }

    // ---- aliases ---------------------------------------------------------------------------------------------------

    /// An address, or a whole domain where `local part` is empty.
    public record Alias(String name, List<Address> targets) {
        public Alias {
            targets = List.copyOf(targets);
        }
    }

    /// `name` is an address or `@domain`.
    public Alias addAlias(String name, List<Address> targets) {
        if (targets.isEmpty()) {
            throw new Refused("an alias leads to at least one address");
        }
        if (targets.size() > MOST_TARGETS) {
            throw new Refused("an alias leads to at most " + MOST_TARGETS
                    + " addresses; make several and one that leads to them, or use a file in alias_maps");
        }
        Domain domain = aliasDomain(name);
        byte[] key = utf8(keyOf(name));
        byte[] row = encodeTargets(targets);
        if (row.length > Store.LONGEST_VALUE) {
            throw new Refused("these addresses are too long together; make several aliases of them");
        }
        return change((snapshot, batch) -> {
            requireDomain(snapshot, domain);
            if (snapshot.get(PARTITION, ALIAS, key).isPresent()) {
                throw new Refused("there is an alias " + name + " already; remove it first");
            }
            if (snapshot.get(PARTITION, ADDRESS, key).isPresent()) {
                throw new Refused(name + " is an account; an address is either an account or an alias");
            }
            batch.put(ALIAS, key, row);
            return new Alias(printed(key), targets);
        });
    }

    private static Domain aliasDomain(String name) {
        return name.startsWith("@")
                ? Domain.of(name.substring(1))
                : Address.of(name).domain();
    }

    /// In the order of their names, as [#accounts].
    public List<Alias> aliases(Optional<Domain> domain, String after, int most) {
        List<Alias> found = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            page(snapshot, ALIAS, domain, after, (key, value) -> {
                found.add(new Alias(printed(key), decodeTargets(value)));
                return found.size() < most;
            });
        }
        return found;
    }

    public void removeAlias(String name) {
        byte[] key = utf8(keyOf(name));
        change((snapshot, batch) -> {
            if (snapshot.get(PARTITION, ALIAS, key).isEmpty()) {
                throw new Refused("there is no alias " + name + "; `alias list` shows those that are");
            }
            return batch.delete(ALIAS, key);
        });
    }

    /// Ends the threads that hash passwords; the store is closed by who opened it.
    @Override
    public void close() {
        notices.close();
        checks.close();
        sources.close();
    }
}
