package tamanoir.server.web;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tamanoir.mail.text.Sha256;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// Who is signed in, kept in the store so that a restart signs nobody out. The token is known to the browser alone:
/// a row has its SHA-256, so whoever reads the store gets in nowhere. Used by any number of threads.
final class WebSessions {
    static final Partition PARTITION = Partition.of('S', 0);
    /// Of browsers, and of programs that got a token to keep.
    static final Space SESSION = new Space(0x01, Space.Family.META);

    static final Space TOKENS = new Space(0x02, Space.Family.META);
    private static final int FORMAT = 1;
    private static final int TOKEN = 32;

    /// A use is written down when the last one written is older than this, in seconds.
    private static final long NOTED = 300;

    private final Store store;
    private final Space space;
    private final InstantSource clock;
    private final Consumer<WebSession> ended;
    private final SecureRandom random = new SecureRandom();

    /// `ended` hears of each that somebody ends.
    WebSessions(Store store, Space space, InstantSource clock, Consumer<WebSession> ended) {
        this.store = store;
        this.space = space;
        this.clock = clock;
        this.ended = ended;
    }

    /// @param key the hash of its token: the session's name in lists, good for nothing else
    /// @param client what the browser calls itself
    record WebSession(
            String key, AccountId account, Instant created, Instant lastUsed, String client, String address) {}

    /// Begins one; answers the token for the cookie.
    String begin(AccountId account, String client, String address) {
        byte[] secret = new byte[TOKEN];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Instant now = clock.instant();
        write(new WebSession(key(token), account, now, now, shortened(client), address));
        return token;
    }

    /// The session of a token, as long as it lives.
    Optional<WebSession> find(String token, Duration idle, Duration lifetime, String address) {
        Optional<WebSession> found;
        String key = key(token);
        try (Snapshot snapshot = store.snapshot()) {
            found = snapshot.get(PARTITION, space, HexFormat.of().parseHex(key)).map(row -> decode(key, row));
        }
        if (found.isEmpty()) {
            return found;
        }
        WebSession session = found.get();
        Instant now = clock.instant();
        if (isOver(session, idle, lifetime, now)) {
            end(session);
            return Optional.empty();
        }
        if (session.lastUsed().getEpochSecond() + NOTED < now.getEpochSecond()) {
            WebSession used = new WebSession(key, session.account(), session.created(), now, session.client(), address);
            write(used);
            return Optional.of(used);
        }
        return found;
    }

    private static boolean isOver(WebSession session, Duration idle, Duration lifetime, Instant now) {
        return session.created().plus(lifetime).isBefore(now)
                || session.lastUsed().plus(idle).isBefore(now);
    }

    /// Whether it is still there; a look that is not a use.
    boolean lives(WebSession session) {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.get(PARTITION, space, HexFormat.of().parseHex(session.key()))
                    .isPresent();
        }
    }

    /// Takes away those that nobody came back to.
    void sweep(Duration idle, Duration lifetime) {
        Instant now = clock.instant();
        List<WebSession> over = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(PARTITION, space, new byte[0], new byte[0], (key, row) -> {
                WebSession session = decode(HexFormat.of().formatHex(key), row);
                if (isOver(session, idle, lifetime, now)) {
                    over.add(session);
                }
                return true;
            });
        }
        over.forEach(this::end);
    }

    List<WebSession> of(AccountId account) {
        List<WebSession> all = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(PARTITION, space, new byte[0], new byte[0], (key, row) -> {
                WebSession session = decode(HexFormat.of().formatHex(key), row);
                if (session.account().equals(account)) {
                    all.add(session);
                }
                return true;
            });
        }
        return all;
    }

    void end(WebSession session) {
        Batch batch = new Batch(PARTITION, Batch.ANY_VERSION);
        batch.delete(space, HexFormat.of().parseHex(session.key()));
        store.commit(batch);
        ended.accept(session);
    }

    /// Ends the sessions of an account that `wanted` says.
    void end(AccountId account, Predicate<WebSession> wanted) {
        of(account).stream().filter(wanted).forEach(this::end);
    }

    private void write(WebSession session) {
        Batch batch = new Batch(PARTITION, Batch.ANY_VERSION);
        batch.put(
                space,
                HexFormat.of().parseHex(session.key()),
                new RowWriter(FORMAT, 96)
                        .fixed(session.account().number())
                        .number(session.created().getEpochSecond())
                        .number(session.lastUsed().getEpochSecond())
                        .octets(session.client().getBytes(StandardCharsets.UTF_8))
                        .octets(session.address().getBytes(StandardCharsets.UTF_8))
                        .row());
        store.commit(batch);
    }

    private static WebSession decode(String key, byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        return new WebSession(
                key,
                new AccountId(in.fixed()),
                Instant.ofEpochSecond(in.number()),
                Instant.ofEpochSecond(in.number()),
                new String(in.octets(), StandardCharsets.UTF_8),
                new String(in.octets(), StandardCharsets.UTF_8));
    }

    /// 16 octets of the hash are enough to tell sessions apart and to be beyond guessing.
    static String key(String token) {
        byte[] hash = Sha256.of(token);
        return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
    }

    private static String shortened(String client) {
        return client.length() <= 200 ? client : client.substring(0, 200);
    }
}
