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
/// Counts one network as anvil(8) does: its unit begins with its first event, and after the unit it begins
/// anew. Exempt clients are not counted. Used by many connections; the map is concurrent and holds values
/// only.
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

    /// How often since when.
    private record Window(long began, int count) {}

    private static final int MOST_CLIENTS = 100_000;

    private final Map<Event, Integer> limits;
    private final Duration unit;
    private final int ipv4Prefix;
    private final int ipv6Prefix;
    private final Predicate<InetAddress> exempt;
    private final Map<Key, Window> windows = new ConcurrentHashMap<>();

    /// `limits` names the events that are limited, each with how many are allowed in one `unit`; the
    /// prefixes are the bits of an address that make one client.
    public Rates(
            Map<Event, Integer> limits, Duration unit, int ipv4Prefix, int ipv6Prefix, Predicate<InetAddress> exempt) {
        this.limits = limits.isEmpty() ? Map.of() : new EnumMap<>(limits);
        this.unit = unit;
        this.ipv4Prefix = ipv4Prefix;
        this.ipv6Prefix = ipv6Prefix;
        this.exempt = exempt;
    }

    /// No limits at all.
    public static Rates unlimited() {
        return new Rates(Map.of(), Duration.ofMinutes(1), 32, 84, _ -> true);
    }

    /// Counts one event; false when the client has had its share of this unit.
    boolean allows(Client client, Event event) {
        Integer limit = limits.get(event);
        if (limit == null || limit == 0 || exempt.test(client.address())) {
            return true;
        }
        long now = System.nanoTime();
        if (windows.size() >= MOST_CLIENTS) {
            windows.values().removeIf(window -> isOver(window, now));
            if (windows.size() >= MOST_CLIENTS) {
                windows.clear(); // an attack by everybody at once: rates tell nobody apart then
            }
        }
        return windows.merge(
                                new Key(event, ClientNetwork.of(client.address(), ipv4Prefix, ipv6Prefix)),
                                new Window(now, 1),
                                (old, fresh) -> isOver(old, now) ? fresh : new Window(old.began, old.count + 1))
                        .count
                <= limit;
    }

    private boolean isOver(Window window, long now) {
        return now - window.began >= unit.toNanos();
    }
}
