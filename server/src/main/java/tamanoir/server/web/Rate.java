package tamanoir.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import tamanoir.server.directory.Bans;
import tamanoir.server.net.ClientNetwork;

/// Counts the requests of each client in the minute that runs. Bounded; used by any number of threads.
final class Rate {
    private static final int MOST = 100_000;

    private final InstantSource clock;
    private final Cache<Key, AtomicInteger> counts = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Duration.ofMinutes(2))
            .build();

    private record Key(ClientNetwork client, long minute) {}

    Rate(InstantSource clock) {
        this.clock = clock;
    }

    /// True when it is one too many; a limit of 0 is none.
    boolean exceeds(int limit, InetAddress client) {
        if (limit == 0) {
            return false;
        }
        Key key = new Key(
                ClientNetwork.of(client, Bans.IPV6_PREFIX), clock.instant().getEpochSecond() / 60);
        return counts.get(key, _ -> new AtomicInteger()).incrementAndGet() > limit;
    }
}
