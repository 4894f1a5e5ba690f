package tamanoir.server.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.server.observe.Trace;

/// Whether the lists in the DNS still are what they were: a list that has 127.0.0.1 has everybody (a domain that was
/// sold), one that lacks 127.0.0.2 has nobody (RFC 5782 §5). A list that has everybody is not asked until it is well
/// again. Tested at the start and once an hour; who asks about a client waits only for the very first test of a list.
/// Used by many threads.
public final class ListHealth {
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final InetAddress NEVER = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ALWAYS = InetAddress.ofLiteral("127.0.0.2");

    /// What a list answers about: addresses, or names, which have test names of their own (RFC 5782 §5).
    public enum About {
        ADDRESSES,
        NAMES
    }

    /// What was found, in words for an administrator; empty when all is well.
    private record Finding(boolean trusted, String trouble) {}

    /// One list: when its last test began, and what that found; `first` opens when the first one is over.
    private static final class Watched {
        final DnsList list;
        final About about;
        final CountDownLatch first = new CountDownLatch(1);
        volatile Finding finding = new Finding(true, "");
        /// Guarded by this object, as is its change; memory only.
        private Instant begun = Instant.MIN;

        Watched(DnsList list, About about) {
            this.list = list;
            this.about = about;
        }

        /// True for one of those who ask when a test is due.
        synchronized boolean takesTurn(Instant now) {
            boolean due = begun.equals(Instant.MIN) || !now.isBefore(begun.plus(INTERVAL));
            if (due) {
                begun = now;
            }
            return due;
        }
    }

    private final Dns dns;
    private final InstantSource clock;
    private final Trace trace;
    private final Map<String, Watched> lists = new ConcurrentHashMap<>();
    private final Map<String, Instant> refusals = new ConcurrentHashMap<>();

    public ListHealth(Dns dns, InstantSource clock, Trace trace) {
        this.dns = dns;
        this.clock = clock;
        this.trace = trace;
    }

    /// This list will be asked, and is tested from now on.
    public void watch(DnsList list, About about) {
        lists.computeIfAbsent(list.domain(), _ -> new Watched(list, about));
    }

    /// Tests the lists whose hour has come, side by side; returns at once.
    public void testDue() {
        lists.values().forEach(this::testIfDue);
    }

    private void testIfDue(Watched one) {
        if (one.takesTurn(clock.instant())) {
            Thread.ofVirtual().name("test of " + one.list.domain()).start(() -> {
                try {
                    note(one, test(one));
                } finally {
                    one.first.countDown();
                }
            });
        }
    }

    /// Whether its answers count. Waits for the first test, as long as a question to the list may take.
    /// A list that nobody watches is believed.
    public boolean isTrusted(DnsList list) {
        Watched one = lists.get(list.domain());
        if (one == null) {
            return true;
        }
        testIfDue(one);
        try {
            one.first.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return one.finding.trusted;
    }

    private void note(Watched one, Finding fresh) {
        Finding known = one.finding;
        one.finding = fresh;
        if (fresh.trouble.equals(known.trouble)) {
            return;
        }
        if (fresh.trouble.isEmpty()) {
            trace.info("DNS list is well again", "list", one.list.domain());
        } else {
            trace.warn("DNS list", "list", one.list.domain(), "trouble", fresh.trouble);
        }
    }

    private Finding test(Watched one) {
        DnsList list = one.list;
        boolean names = one.about == About.NAMES;
        Answer<InetAddress> never = dns.a(names ? list.query("invalid") : list.query(NEVER));
        if (never instanceof Answer.Found<InetAddress> found
                && found.records().stream().anyMatch(list::isListing)) {
            return new Finding(
                    false,
                    "it lists " + (names ? "the name \"invalid\"" : "127.0.0.1")
                            + ", and so everybody; it is not asked until it stops");
        }
        return switch (dns.a(names ? list.query("test") : list.query(ALWAYS))) {
            case Answer.Found<InetAddress> found ->
                found.records().stream().anyMatch(list::isListing)
                        ? new Finding(true, "")
                        : new Finding(
                                true,
                                "it answers " + found.records().getFirst().getHostAddress()
                                        + ": it does not answer this resolver; use one of your own");
            case Answer.NoSuchName<InetAddress> _, Answer.NoData<InetAddress> _ ->
                new Finding(
                        true,
                        "it does not list its test " + (names ? "name \"test\"" : "address 127.0.0.2")
                                + ": is it still in service?");
            case Answer.Failed<InetAddress> failed -> new Finding(true, "it cannot be asked: " + failed.reason());
        };
    }

    /// A list says that it does not answer us (127.255.255.0/24, 127.0.1.255): told once an hour.
    public void refusesUs(DnsList list, InetAddress answer) {
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

    /// For `tamanoir status`, one line a list in trouble, by name.
    public List<String> troubles() {
        List<String> all = new ArrayList<>();
        new TreeMap<>(lists).forEach((domain, one) -> {
            if (!one.finding.trouble.isEmpty()) {
                all.add("DNS list " + domain + ": " + one.finding.trouble);
            }
        });
        return all;
    }
}
