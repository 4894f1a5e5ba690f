package tamanoir.server.directory;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Sha256;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// Passwords for one program each, made here: with a name, what they open, an end, and when they were last used. A lost
/// phone costs its own password and no other.
///
/// They are random (over 90 bits), so a plain hash keeps them safe, and asking for one costs nothing. Partition `C`,
/// number = account id. Used by any number of threads.
public final class AppPasswords {
    /// What a password opens.
    public enum Scope {
        IMAP(1),
        POP3(2),
        SMTP(4),
        SIEVE(8),
        JMAP(16);

        /// As rows have it; never used again for something else.
        private final int bit;

        Scope(int bit) {
            this.bit = bit;
        }

        /// The word of the command line.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws BadSyntax when there is no such scope
        public static Scope of(String word) {
            for (Scope scope : values()) {
                if (scope.word().equals(word.toLowerCase(Locale.ROOT))) {
                    return scope;
                }
            }
            throw new BadSyntax("\"" + word + "\" is no scope; allowed are "
                    + EnumSet.allOf(Scope.class).stream().map(Scope::word).collect(Collectors.joining(", ")));
        }
    }

    /// One of them, without its secret. `used` is empty before the first time, and tells the hour.
    public record AppPassword(
            int id, String name, Set<Scope> scopes, Instant made, Optional<Instant> expires, Optional<Instant> used) {
        public AppPassword {
            scopes = Set.copyOf(scopes);
        }
    }

    /// A new one. `secret` is shown once and kept nowhere.
    public record Made(AppPassword password, String secret) {
        @Override
        public String toString() {
            return "Made[" + password + "]";
        }
    }

    private record Row(AppPassword password, byte[] hash) {}

    private static final Space ROWS = new Space(0x01, Space.Family.META);
    private static final int FORMAT = 1;
    private static final int MOST = 100;
    private static final int LONGEST_NAME = 100;
    private static final int MOST_TRIES = 8;

    /// How exactly the last use is kept: each sign-in would be a commit otherwise.
    private static final Duration EXACT = Duration.ofHours(1);

    /// Without letters that are taken for others; 20 of 32 are 100 bits.
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int LETTERS_OF_SECRET = 20;
    private static final byte[] NOTHING = {};

    private final Store store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    AppPasswords(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    private static Partition partition(AccountId account) {
        return Partition.of('C', account.number());
    }

    private static byte[] key(int id) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }

    /// By their numbers, which count up and are never used again while a later one exists.
    public List<AppPassword> list(AccountId account) {
        try (Snapshot snapshot = store.snapshot()) {
            return rows(snapshot, account).stream().map(Row::password).toList();
        }
    }

    private static List<Row> rows(Snapshot snapshot, AccountId account) {
        List<Row> rows = new ArrayList<>();
        snapshot.scan(partition(account), ROWS, NOTHING, NOTHING, (key, row) -> {
            RowReader in = RowReader.of(row, FORMAT);
            String name = in.text();
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            long bits = in.number();
            for (Scope scope : Scope.values()) {
                if ((bits & scope.bit) != 0) {
                    scopes.add(scope);
                }
            }
            Instant made = Instant.ofEpochSecond(in.number());
            rows.add(new Row(
                    new AppPassword(
                            ByteBuffer.wrap(key).getInt(), name, scopes, made, time(in.number()), time(in.number())),
                    in.octets()));
            return true;
        });
        return rows;
    }

    private static Optional<Instant> time(long seconds) {
        return seconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
    }

    private static byte[] encode(AppPassword password, byte[] hash) {
        long bits = 0;
        for (Scope scope : password.scopes) {
            bits |= scope.bit;
        }
        return new RowWriter(FORMAT, 80)
                .text(password.name)
                .number(bits)
                .number(password.made.getEpochSecond())
                .number(password.expires.map(Instant::getEpochSecond).orElse(0L))
                .number(password.used.map(Instant::getEpochSecond).orElse(0L))
                .octets(hash)
                .row();
    }

    /// Makes one.
    ///
    /// @throws Refused when there are too many, or it would open nothing
    public Made add(AccountId account, String name, Set<Scope> scopes, Optional<Instant> expires) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new Refused("the name of an app password has 1 to " + LONGEST_NAME + " characters");
        }
        if (scopes.isEmpty()) {
            throw new Refused("an app password must open something: name a scope");
        }
        StringBuilder secret = new StringBuilder();
        for (int i = 0; i < LETTERS_OF_SECRET; i++) {
            secret.append(i > 0 && i % 5 == 0 ? "-" : "").append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try (Snapshot snapshot = store.snapshot()) {
                List<Row> rows = rows(snapshot, account);
                if (rows.size() >= MOST) {
                    throw new Refused("there are " + MOST + " app passwords already; remove some first");
                }
                int id = rows.isEmpty() ? 1 : rows.getLast().password.id + 1;
                AppPassword made =
                        new AppPassword(id, name.strip(), scopes, clock.instant(), expires, Optional.empty());
                Batch batch = new Batch(partition(account), snapshot.version(partition(account)))
                        .put(ROWS, key(id), encode(made, hash(secret.toString())));
                if (store.commit(batch) instanceof Commit.Done) {
                    return new Made(made, secret.toString());
                }
            }
        }
        throw new Unavailable("try again", "others change the app passwords of account " + account + " all the time");
    }

    /// False when there is none of that number.
    public boolean remove(AccountId account, int id) {
        try (Snapshot snapshot = store.snapshot()) {
            if (snapshot.get(partition(account), ROWS, key(id)).isEmpty()) {
                return false;
            }
        }
        store.commit(new Batch(partition(account), Batch.ANY_VERSION).delete(ROWS, key(id)));
        return true;
    }

    /// Forgets all of an account that goes.
    public void erase(AccountId account) {
        list(account).forEach(one -> remove(account, one.id));
    }

    /// Whether this is one of the account's that opens that now. Blanks and hyphens do not count: people type it from
    /// paper.
    boolean isRight(AccountId account, String password, Scope scope) {
        String plain = password.replaceAll("[ -]", "").toLowerCase(Locale.ROOT);
        if (plain.length() != LETTERS_OF_SECRET) {
            return false;
        }
        byte[] hash = hash(plain);
        Instant now = clock.instant();
        try (Snapshot snapshot = store.snapshot()) {
            for (Row row : rows(snapshot, account)) {
                if (MessageDigest.isEqual(row.hash, hash)
                        && row.password.scopes.contains(scope)
                        && row.password
                                .expires
                                .filter(end -> !now.isBefore(end))
                                .isEmpty()) {
                    note(account, snapshot, row, now);
                    return true;
                }
            }
        }
        return false;
    }

    /// When it was used, if that is worth a commit. Whoever changed something meanwhile wins.
    private void note(AccountId account, Snapshot snapshot, Row row, Instant now) {
        AppPassword was = row.password;
        if (was.used.filter(last -> now.isBefore(last.plus(EXACT))).isPresent()) {
            return;
        }
        AppPassword used = new AppPassword(was.id, was.name, was.scopes, was.made, was.expires, Optional.of(now));
        store.commit(new Batch(partition(account), snapshot.version(partition(account)))
                .put(ROWS, key(was.id), encode(used, row.hash)));
    }

    private static byte[] hash(String secret) {
        return Sha256.of(secret.replace("-", ""));
    }
}
