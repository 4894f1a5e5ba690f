package tamanoir.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/// Slows guessing down: after some wrong passwords each further one, from the same network or for the same name, has
/// to wait twice as long as the one before. In memory and bounded; used by any number of threads.
final class Throttle {
    private static final int MOST = 100_000;
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final int free;
    private final InstantSource clock;
    private final Cache<String, Failures> failures = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    private record Failures(int count, Instant until) {}

    /// `free` wrong passwords cost no wait; 0 switches it off.
    Throttle(int free, InstantSource clock) {
        this.free = free;
        this.clock = clock;
    }

    /// How long this client has to wait for its next try; zero or less for not at all.
    Duration wait(String name, InetAddress client) {
        Duration byNetwork = wait(network(client));
        Duration byName = wait(named(name));
        return byNetwork.compareTo(byName) > 0 ? byNetwork : byName;
    }

    private Duration wait(String key) {
        Failures known = failures.getIfPresent(key);
        return known == null ? Duration.ZERO : Duration.between(clock.instant(), known.until);
    }

    void failed(String name, InetAddress client) {
        if (free > 0) {
            count(network(client));
            count(named(name));
        }
    }

    /// A right password forgives the name, not the network: one known password must not pay for guesses at others.
    void succeeded(String name) {
        failures.invalidate(named(name));
    }

    private void count(String key) {
        failures.asMap().compute(key, (_, known) -> {
            int count = known == null ? 1 : known.count + 1;
            Duration wait = count < free
                    ? Duration.ZERO
                    : Duration.ofSeconds(Math.min(LONGEST.toSeconds(), 1L << Math.min(20, count - free)));
            return new Failures(count, clock.instant().plus(wait));
        });
    }

    private static String named(String name) {
        return "n " + name.toLowerCase(Locale.ROOT);
    }

    /// One IPv4 address, or the /64 of an IPv6 address: who has one has all of it.
    private static String network(InetAddress client) {
        byte[] octets = client.getAddress();
        return "a " + HexFormat.of().formatHex(client instanceof Inet6Address ? Arrays.copyOf(octets, 8) : octets);
    }
}
