package tamanoir.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.IntSupplier;
import tamanoir.server.net.ClientNetwork;

/// Slows guessing down: after some wrong passwords each further one, from the same network or for the same name, has
/// to wait twice as long as the one before. In memory and bounded; used by any number of threads.
///
/// An attempt counts as wrong from its beginning and is forgiven when it was right, so that a hundred attempts at once
/// are no way around.
final class Throttle {
    /// An IPv6 client of the web is its /64, since who has one of those has all of it.
    static final int IPV6_PREFIX = 64;

    private static final int MOST = 100_000;

    /// For a name the longest wait is short: its owner must get in while somebody else guesses.
    private static final Duration LONGEST_OF_NAME = Duration.ofMinutes(1);

    private static final Duration LONGEST_OF_NETWORK = Duration.ofMinutes(15);

    private final IntSupplier free;
    private final InstantSource clock;
    private final Cache<String, Failures> failures = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    private record Failures(int count, Instant until) {}

    /// So many wrong passwords, less one, cost no wait; 0 switches it off.
    Throttle(IntSupplier free, InstantSource clock) {
        this.free = free;
        this.clock = clock;
    }

    /// How long this client has to wait before it may try; zero when it may now.
    Duration begin(String name, InetAddress client) {
        if (free.getAsInt() == 0) {
            return Duration.ZERO;
        }
        Duration byNetwork = wait(network(client));
        Duration byName = wait(named(name));
        Duration wait = byNetwork.compareTo(byName) > 0 ? byNetwork : byName;
        if (wait.isPositive()) {
            return wait;
        }
        count(network(client), LONGEST_OF_NETWORK);
        count(named(name), LONGEST_OF_NAME);
        return Duration.ZERO;
    }

    private Duration wait(String key) {
        Failures known = failures.getIfPresent(key);
        return known == null ? Duration.ZERO : Duration.between(clock.instant(), known.until);
    }

    private void count(String key, Duration longest) {
        failures.asMap().compute(key, (_, known) -> {
            int count = known == null ? 1 : known.count + 1;
            int beyond = count - free.getAsInt();
            Duration wait = beyond < 0
                    ? Duration.ZERO
                    : Duration.ofSeconds(Math.min(longest.toSeconds(), 1L << Math.min(20, beyond)));
            return new Failures(count, clock.instant().plus(wait));
        });
    }

    /// A right password forgives the name, and the network only this attempt: one known password must not pay for
    /// guesses at others.
    void succeeded(String name, InetAddress client) {
        failures.invalidate(named(name));
        failures.asMap()
                .computeIfPresent(
                        network(client),
                        (_, known) -> known.count <= 1 ? null : new Failures(known.count - 1, clock.instant()));
    }

    private static String named(String name) {
        return "n " + name.strip().toLowerCase(Locale.ROOT);
    }

    private static String network(InetAddress client) {
        return "a " + ClientNetwork.of(client, IPV6_PREFIX);
    }
}
