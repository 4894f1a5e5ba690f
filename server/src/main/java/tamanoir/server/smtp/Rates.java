package tamanoir.server.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tamanoir.server.net.ClientNetwork;
import tamanoir.server.policy.Client;

/// How often a client may do things in one time unit (`smtpd_client_*_rate_limit`, `anvil_rate_time_unit`).
///
/// Counts one IPv4 address or one IPv6 network; exempt clients are not counted. Used by many connections; the map is
/// concurrent, each count is its own monitor-free array guarded by the map's compute. Forgets a client with the unit.
public final class Rates {
    /// What is counted.
    public enum Event {
        CONNECTION,
        MESSAGE,
        RECIPIENT,
        AUTH,
        NEW_TLS_SESSION
    }

    private record Key(Event event, ClientNetwork client) {}

    private static final int MOST_CLIENTS = 100_000;

    private final Map<Event, Integer> limits;
    private final Duration unit;
    private final int prefixLength;
    private final Predicate<InetAddress> exempt;
    private final Map<Key, Integer> counts = new ConcurrentHashMap<>();
    private volatile long until = System.nanoTime();

    /// `limits` names the events that are limited, each with how many are allowed in one `unit`.
    public Rates(Map<Event, Integer> limits, Duration unit, int prefixLength, Predicate<InetAddress> exempt) {
        this.limits = limits.isEmpty() ? Map.of() : new EnumMap<>(limits);
        this.unit = unit;
        this.prefixLength = prefixLength;
        this.exempt = exempt;
    }

    /// No limits at all.
    public static Rates unlimited() {
        return new Rates(Map.of(), Duration.ofMinutes(1), 84, _ -> true);
    }

    /// Counts one event; false when the client has had its share of this unit.
    boolean allows(Client client, Event event) {
        Integer limit = limits.get(event);
        if (limit == null || limit == 0 || exempt.test(client.address())) {
            return true;
        }
        long now = System.nanoTime();
        if (now - until >= 0 || counts.size() > MOST_CLIENTS) {
            counts.clear();
            until = now + unit.toNanos();
        }
        return counts.merge(new Key(event, ClientNetwork.of(client.address(), prefixLength)), 1, Integer::sum) <= limit;
    }
}
