package tamanoir.server.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.Config;
import tamanoir.server.config.StoreParameters;
import tamanoir.server.net.ClientNetwork;

/// Slows guessing down, at every door alike: after some wrong passwords each further attempt, from the same address
/// block or for the same name, has to wait twice as long as the one before. Every ban expires by itself; none touches
/// who is signed in already.
///
/// Nobody is locked out of his own account by others' guesses: the wait for a name is short, and whoever signed in from
/// a block before is judged by what is tried for his name from there alone. A wrong password that is tried again, as a
/// forgotten phone does every minute, counts once.
///
/// In memory and bounded; gone with the process. Used by any number of threads.
public final class Bans {
    /// An IPv6 client is its /64, since who has one of those has all of it.
    public static final int IPV6_PREFIX = 64;

    private static final int MOST = 100_000;

    /// Attempts under way at a time for one name, and from one block: guesses side by side are no way around.
    private static final int MOST_OF_NAME = 20;

    private static final int MOST_OF_BLOCK = 200;

    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final Duration REMEMBERED = Duration.ofDays(1);
    private static final Duration FRIEND = Duration.ofDays(30);

    /// What main.cf says.
    ///
    /// @param free so many wrong passwords cost no wait; 0 switches bans off
    /// @param longest how long a block has to wait at most
    /// @param longestOfName how long a name has to wait at most
    /// @param exempt clients that are never banned
    public record Rules(int free, Duration longest, Duration longestOfName, Predicate<InetAddress> exempt) {
        public static final Rules DEFAULT = new Rules(10, Duration.ofHours(1), Duration.ofMinutes(1), _ -> false);

        public static Rules of(Config config) {
            List<Cidr> exempt = config.get(StoreParameters.AUTH_BAN_EXEMPT_NETWORKS).stream()
                    .map(Cidr::of)
                    .toList();
            return new Rules(
                    config.get(StoreParameters.AUTH_BAN_FAILURE_LIMIT),
                    config.get(StoreParameters.AUTH_BAN_TIME),
                    config.get(StoreParameters.AUTH_BAN_NAME_TIME),
                    client -> exempt.stream().anyMatch(net -> net.contains(client)));
        }
    }

    /// Who has to wait. `subject` is an address block or a name; `reason` says what the last wrong attempt was.
    public record Ban(String subject, int failures, Instant until, String reason) {}

    private record Failures(int count, Instant until, String reason, long lastSecret) {}

    /// `n name`, `a block`, `p name block`.
    private record Keys(String name, String block, String pair) {
        static Keys of(String name, InetAddress client) {
            String folded = name.strip().toLowerCase(Locale.ROOT);
            String block =
                    ClientNetwork.of(client, IPV6_PREFIX).text() + (client.getAddress().length == 16 ? "/64" : "");
            return new Keys("n " + folded, "a " + block, "p " + folded + " " + block);
        }
    }

    private final Supplier<Rules> rules;
    private final InstantSource clock;
    private final byte[] hashKey = new byte[32];
    private final Cache<String, Failures> failures =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();
    private final Cache<String, Integer> underWay = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();
    /// Names and blocks that belong together, since a password was right.
    private final Cache<String, Boolean> friends =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(FRIEND).build();

    /// The rules are asked each time, as the configuration may be reloaded.
    public Bans(Supplier<Rules> rules, InstantSource clock) {
        this.rules = rules;
        this.clock = clock;
        new SecureRandom().nextBytes(hashKey);
    }

    /// How long this client has to wait before it may try this name; zero when it may now. Then [#failed] or
    /// [#succeeded] says how it went.
    public Duration begin(String name, InetAddress client) {
        Rules now = rules.get();
        if (now.free == 0 || now.exempt.test(client)) {
            return Duration.ZERO;
        }
        Keys keys = Keys.of(name, client);
        boolean friend = friends.getIfPresent(keys.pair) != null;
        Duration wait = friend ? wait(keys.pair) : longer(wait(keys.block), wait(keys.name));
        if (wait.isPositive()) {
            return wait;
        }
        if (!friend && (isBusy(keys.name, MOST_OF_NAME) || isBusy(keys.block, MOST_OF_BLOCK))) {
            return BUSY;
        }
        underWay.asMap().merge(keys.name, 1, Integer::sum);
        underWay.asMap().merge(keys.block, 1, Integer::sum);
        return Duration.ZERO;
    }

    private boolean isBusy(String key, int most) {
        Integer count = underWay.getIfPresent(key);
        return count != null && count >= most;
    }

    private Duration wait(String key) {
        Failures known = failures.getIfPresent(key);
        return known == null ? Duration.ZERO : Duration.between(clock.instant(), known.until);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /// The attempt was wrong. `service` is where; `secret` is what was tried, empty where nobody knows: it is not kept,
    /// only whether the next one is the same.
    public void failed(String name, InetAddress client, String service, String secret) {
        Rules now = rules.get();
        if (now.free == 0 || now.exempt.test(client)) {
            return;
        }
        Keys keys = Keys.of(name, client);
        over(keys);
        long hash = secret.isEmpty() ? 0 : hash(keys.pair + '\0' + secret);
        String reason = service + ", name " + name.strip() + ", client " + client.getHostAddress();
        if (isAgain(keys.pair, hash)) {
            return;
        }
        count(keys.pair, now.free, now.longestOfName, reason, hash);
        if (friends.getIfPresent(keys.pair) == null) {
            count(keys.block, now.free, now.longest, reason, 0);
            count(keys.name, now.free, now.longestOfName, reason, 0);
        }
    }

    private boolean isAgain(String pair, long hash) {
        Failures known = failures.getIfPresent(pair);
        return hash != 0 && known != null && known.lastSecret == hash;
    }

    private void count(String key, int free, Duration longest, String reason, long secret) {
        failures.asMap().compute(key, (_, known) -> {
            int count = known == null ? 1 : known.count + 1;
            int beyond = count - free;
            Duration wait = beyond < 0
                    ? Duration.ZERO
                    : Duration.ofSeconds(Math.min(longest.toSeconds(), 1L << Math.min(20, beyond)));
            return new Failures(count, clock.instant().plus(wait), reason, secret);
        });
    }

    /// A right password forgives the name; the block it does not: one known password must not pay for guesses at
    /// others.
    public void succeeded(String name, InetAddress client) {
        Keys keys = Keys.of(name, client);
        over(keys);
        failures.invalidate(keys.name);
        failures.invalidate(keys.pair);
        friends.put(keys.pair, true);
    }

    private void over(Keys keys) {
        underWay.asMap().computeIfPresent(keys.name, (_, count) -> count <= 1 ? null : count - 1);
        underWay.asMap().computeIfPresent(keys.block, (_, count) -> count <= 1 ? null : count - 1);
    }

    private long hash(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hashKey, "HmacSHA256"));
            byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            long first = 0;
            for (byte octet : Arrays.copyOf(hash, Long.BYTES)) {
                first = (first << 8) | (octet & 0xFF);
            }
            return first | 1;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /// Who has to wait now, the longest first. A name that was tried is shown as it was, whether there is such an
    /// account
    /// or not.
    public List<Ban> list() {
        Instant now = clock.instant();
        List<Ban> bans = new ArrayList<>();
        failures.asMap().forEach((key, known) -> {
            if (known.until.isAfter(now) && !key.startsWith("p ")) {
                bans.add(new Ban(
                        key.substring(2),
                        known.count,
                        known.until.plusSeconds(1).truncatedTo(ChronoUnit.SECONDS),
                        known.reason));
            }
        });
        bans.sort(Comparator.comparing(Ban::until).reversed());
        return bans;
    }

    /// Forgets what was counted for an address block or a name, as [#list] shows it; false when nothing was.
    public boolean lift(String subject) {
        String folded = subject.strip().toLowerCase(Locale.ROOT);
        boolean found = failures.asMap().remove("n " + folded) != null;
        found |= failures.asMap().remove("a " + folded) != null;
        found |= failures.asMap()
                .keySet()
                .removeIf(key ->
                        key.startsWith("p " + folded + " ") || (key.startsWith("p ") && key.endsWith(" " + folded)));
        return found;
    }
}
