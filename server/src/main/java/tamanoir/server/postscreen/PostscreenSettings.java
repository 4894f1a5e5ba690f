package tamanoir.server.postscreen;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.PostscreenParameters;
import tamanoir.server.config.PostscreenParameters.PostscreenAction;
import tamanoir.server.dns.DnsList;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.NetworkList;
import tamanoir.server.tables.Tables;
import tamanoir.server.tables.WordList;

/// What main.cf says about the tests before the greeting. Immutable.
///
/// `actions` and `ttls` are by test; a test of the commands that is not in `ttls` is not made. The time that a pass of
/// DNSBL counts lies between `leastTtl` and `mostTtl`.
public record PostscreenSettings(
        AccessList access,
        PostscreenAction denied,
        Map<Trial, PostscreenAction> actions,
        Map<Trial, Duration> ttls,
        List<ListScore.Site> sites,
        int threshold,
        int allowlistThreshold,
        Duration leastTtl,
        Duration mostTtl,
        Duration listTimeout,
        List<LookupTable> listNames,
        String banner,
        Duration greetWait,
        Duration hurriedWait,
        Predicate<InetAddress> earningAddresses,
        WordList forbidden,
        int commands,
        Duration commandTime,
        Duration hurriedCommandTime,
        Set<String> hiddenKeywords,
        Duration retention,
        Duration cleanup,
        int mostWaiting,
        int perClient) {
    public PostscreenSettings {
        actions = Map.copyOf(actions);
        ttls = Map.copyOf(ttls);
        sites = List.copyOf(sites);
        listNames = List.copyOf(listNames);
        hiddenKeywords = Set.copyOf(hiddenKeywords);
    }

    /// @throws BadSyntax when a list or an access rule is written wrongly; the text names the parameter
    public static PostscreenSettings of(Config config, Tables tables, Predicate<InetAddress> mynetworks) {
        Config stressed = config.underStress();
        Map<Trial, PostscreenAction> actions = new EnumMap<>(Trial.class);
        actions.put(Trial.GREET, config.get(PostscreenParameters.POSTSCREEN_GREET_ACTION));
        actions.put(Trial.DNSBL, config.get(PostscreenParameters.POSTSCREEN_DNSBL_ACTION));
        actions.put(Trial.PIPELINING, config.get(PostscreenParameters.POSTSCREEN_PIPELINING_ACTION));
        actions.put(Trial.NON_SMTP, config.get(PostscreenParameters.POSTSCREEN_NON_SMTP_COMMAND_ACTION));
        actions.put(Trial.BARE_NEWLINE, config.get(PostscreenParameters.POSTSCREEN_BARE_NEWLINE_ACTION));
        Map<Trial, Duration> ttls = new EnumMap<>(Trial.class);
        ttls.put(Trial.GREET, config.get(PostscreenParameters.POSTSCREEN_GREET_TTL));
        if (config.get(PostscreenParameters.POSTSCREEN_PIPELINING_ENABLE)) {
            ttls.put(Trial.PIPELINING, config.get(PostscreenParameters.POSTSCREEN_PIPELINING_TTL));
        }
        if (config.get(PostscreenParameters.POSTSCREEN_NON_SMTP_COMMAND_ENABLE)) {
            ttls.put(Trial.NON_SMTP, config.get(PostscreenParameters.POSTSCREEN_NON_SMTP_COMMAND_TTL));
        }
        if (config.get(PostscreenParameters.POSTSCREEN_BARE_NEWLINE_ENABLE)) {
            ttls.put(Trial.BARE_NEWLINE, config.get(PostscreenParameters.POSTSCREEN_BARE_NEWLINE_TTL));
        }
        List<ListScore.Site> sites = new ArrayList<>();
        for (String site : config.get(PostscreenParameters.POSTSCREEN_DNSBL_SITES)) {
            try {
                sites.add(ListScore.Site.of(site));
            } catch (BadSyntax e) {
                throw new BadSyntax("postscreen_dnsbl_sites: " + e.getMessage());
            }
        }
        return new PostscreenSettings(
                AccessList.of(config.get(PostscreenParameters.POSTSCREEN_ACCESS_LIST), tables, mynetworks),
                config.get(PostscreenParameters.POSTSCREEN_DENYLIST_ACTION),
                actions,
                ttls,
                sites,
                config.get(PostscreenParameters.POSTSCREEN_DNSBL_THRESHOLD),
                config.get(PostscreenParameters.POSTSCREEN_DNSBL_ALLOWLIST_THRESHOLD),
                config.get(PostscreenParameters.POSTSCREEN_DNSBL_MIN_TTL),
                config.get(PostscreenParameters.POSTSCREEN_DNSBL_MAX_TTL),
                config.get(PostscreenParameters.POSTSCREEN_DNSBL_TIMEOUT),
                tables.open(config.get(PostscreenParameters.POSTSCREEN_DNSBL_REPLY_MAP)),
                config.get(PostscreenParameters.POSTSCREEN_GREET_BANNER),
                config.get(PostscreenParameters.POSTSCREEN_GREET_WAIT),
                stressed.get(PostscreenParameters.POSTSCREEN_GREET_WAIT),
                earning(config, tables),
                WordList.of(config.get(PostscreenParameters.POSTSCREEN_FORBIDDEN_COMMANDS), tables),
                config.get(PostscreenParameters.POSTSCREEN_COMMAND_COUNT_LIMIT),
                config.get(PostscreenParameters.POSTSCREEN_COMMAND_TIME_LIMIT),
                stressed.get(PostscreenParameters.POSTSCREEN_COMMAND_TIME_LIMIT),
                words(config.get(PostscreenParameters.POSTSCREEN_DISCARD_EHLO_KEYWORDS)),
                config.get(PostscreenParameters.POSTSCREEN_CACHE_RETENTION_TIME),
                config.get(PostscreenParameters.POSTSCREEN_CACHE_CLEANUP_INTERVAL),
                config.get(PostscreenParameters.POSTSCREEN_PRE_QUEUE_LIMIT),
                config.get(PostscreenParameters.POSTSCREEN_CLIENT_CONNECTION_COUNT_LIMIT));
    }

    private static Set<String> words(List<String> words) {
        return words.stream().map(word -> word.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static Predicate<InetAddress> earning(Config config, Tables tables) {
        try {
            return NetworkList.of(config.get(PostscreenParameters.POSTSCREEN_ALLOWLIST_INTERFACES), tables, false)
                    ::matches;
        } catch (BadSyntax e) {
            throw new BadSyntax("postscreen_allowlist_interfaces: " + e.getMessage());
        }
    }

    /// Whether anything could come of the tests. With Postfix's defaults nothing does: every action is "ignore" and no
    /// list is asked, so nobody waits.
    boolean isActive() {
        return denied != PostscreenAction.IGNORE
                || actions.get(Trial.GREET) != PostscreenAction.IGNORE
                || !sites.isEmpty()
                || ttls.keySet().stream().anyMatch(test -> test != Trial.GREET);
    }

    Duration clamped(Duration ttl) {
        return ttl.compareTo(leastTtl) < 0 ? leastTtl : ttl.compareTo(mostTtl) > 0 ? mostTtl : ttl;
    }

    /// The name of a list for strangers: some carry a key that is nobody's business. A map that cannot be asked must
    /// not give it away.
    String shown(DnsList list) {
        try {
            return LookupTable.first(listNames, list.domain()).orElse(list.domain());
        } catch (Unavailable e) {
            return "a DNS list";
        }
    }
}
