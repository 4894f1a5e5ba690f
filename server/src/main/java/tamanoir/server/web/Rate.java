package tamanoir.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the requests of each client in the minute that runs. Bounded; used by any number of threads.
final class Rate {
    private static final int MOST = 100_000;

    private final InstantSource clock;
    private final Cache<String, AtomicInteger> counts =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private volatile long minute;

    Rate(InstantSource clock) {
        this.clock = clock;
    }

    /// True when it is one too many; a limit of 0 is none.
    boolean exceeds(int limit, InetAddress client) {
        if (limit == 0 || client.isLoopbackAddress()) {
            return false;
        }
        long now = clock.instant().getEpochSecond() / 60;
        if (now != minute) {
            minute = now;
            counts.invalidateAll();
        }
        byte[] octets = client.getAddress();
        String key = HexFormat.of().formatHex(client instanceof Inet6Address ? Arrays.copyOf(octets, 8) : octets);
        return counts.get(key, _ -> new AtomicInteger()).incrementAndGet() > limit;
    }
}
