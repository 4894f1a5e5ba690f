package tamanoir.server.policy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/// How strangers are greylisted (`greylist_*`). A limit of 0 is never reached. Immutable.
public record GreylistSettings(
        boolean everywhere,
        Duration delay,
        Duration retryTime,
        Duration passTime,
        int clientLimit,
        int historyLimit,
        Duration historyTime,
        int ipv4Prefix,
        int ipv6Prefix,
        Predicate<InetAddress> exceptions,
        String text,
        int cacheLimit,
        Duration cleanup) {}
