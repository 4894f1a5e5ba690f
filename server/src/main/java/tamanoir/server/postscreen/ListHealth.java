package tamanoir.server.postscreen;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.server.dns.DnsList;
import tamanoir.server.observe.Trace;

/// Whether the lists in the DNS still are what they were: a list that has 127.0.0.1 has everybody (a domain that was
/// sold), one that lacks 127.0.0.2 has nobody (RFC 5782 §5). Tested at the first use and once an hour; a list that has
/// everybody is not asked until it is well again. Used by many threads.
public final class ListHealth {
    private static final InetAddress NEVER = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ALWAYS = InetAddress.ofLiteral("127.0.0.2");
    private static final Duration INTERVAL = Duration.ofHours(1);

    /// What was found, in words for an administrator; empty when all is well.
    private record Finding(Instant at, boolean trusted, String trouble) {}

    private final Dns dns;
    private final InstantSource clock;
    private final Trace trace;
    private final Map<String, Finding> findings = new ConcurrentHashMap<>();
    private final Map<String, Instant> refusals = new ConcurrentHashMap<>();

    public ListHealth(Dns dns, InstantSource clock, Trace trace) {
        this.dns = dns;
        this.clock = clock;
        this.trace = trace;
    }

    /// Never waits longer than two questions to the list, which run beside those about clients.
    boolean isTrusted(DnsList list) {
        Finding known = findings.get(list.domain());
        if (known == null || !clock.instant().isBefore(known.at.plus(INTERVAL))) {
            Finding fresh = test(list);
            findings.put(list.domain(), fresh);
            if (!fresh.trouble.isEmpty() && (known == null || !known.trouble.equals(fresh.trouble))) {
                trace.warn("DNS list", "list", list.domain(), "trouble", fresh.trouble);
            }
            return fresh.trusted;
        }
        return known.trusted;
    }

    private Finding test(DnsList list) {
        Answer<InetAddress> never = dns.a(list.query(NEVER));
        if (never instanceof Answer.Found<InetAddress> found
                && found.records().stream().anyMatch(list::isListing)) {
            return new Finding(
                    clock.instant(), false, "it lists 127.0.0.1, and so everybody; it is not asked until it stops");
        }
        return switch (dns.a(list.query(ALWAYS))) {
            case Answer.Found<InetAddress> found ->
                found.records().stream().anyMatch(list::isListing)
                        ? new Finding(clock.instant(), true, "")
                        : new Finding(
                                clock.instant(),
                                true,
                                "it answers " + found.records().getFirst().getHostAddress()
                                        + ": it does not answer this resolver; use one of your own");
            case Answer.NoSuchName<InetAddress> _, Answer.NoData<InetAddress> _ ->
                new Finding(
                        clock.instant(), true, "it does not list its test address 127.0.0.2: is it still in service?");
            case Answer.Failed<InetAddress> failed ->
                new Finding(clock.instant(), true, "it cannot be asked: " + failed.reason());
        };
    }

    /// A list says that it does not answer us (127.255.255.0/24, 127.0.1.255): told once an hour.
    void refusesUs(DnsList list, InetAddress answer) {
        Instant now = clock.instant();
        Instant told = refusals.get(list.domain());
        if (told == null || !now.isBefore(told.plus(INTERVAL))) {
            refusals.put(list.domain(), now);
            trace.warn(
                    "DNS list",
                    "list",
                    list.domain(),
                    "trouble",
                    "it answers " + answer.getHostAddress() + ", which is no listing: it refuses this resolver");
        }
    }

    /// Tests those that were not tested for an hour.
    public void test(Collection<DnsList> lists) {
        lists.forEach(this::isTrusted);
    }

    /// For `tamanoir status`, one line a list in trouble.
    public List<String> troubles() {
        List<String> all = new ArrayList<>();
        findings.forEach((domain, finding) -> {
            if (!finding.trouble.isEmpty()) {
                all.add("DNS list " + domain + ": " + finding.trouble);
            }
        });
        return all;
    }
}
