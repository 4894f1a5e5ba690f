package tamanoir.server.postscreen;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.server.dns.DnsList;
import tamanoir.server.dns.ListHealth;

/// Asks the lists of `postscreen_dnsbl_sites` about one client, all at once. What answers too late counts for nothing.
final class ListScore {
    /// A list and what being on it counts; below 0 for lists of friends.
    record Site(DnsList list, int weight) {
        /// `domain[=filter][*weight]`.
        ///
        /// @throws tamanoir.mail.text.BadSyntax when it is none
        static Site of(String text) {
            int star = text.lastIndexOf('*');
            if (star < 0) {
                return new Site(DnsList.of(text), 1);
            }
            String weight = text.substring(star + 1);
            if (!weight.matches("-?[0-9]{1,9}")) {
                throw new tamanoir.mail.text.BadSyntax("\"" + text + "\": the weight behind * is a whole number");
            }
            return new Site(DnsList.of(text.substring(0, star)), Integer.parseInt(weight));
        }
    }

    /// The sum, the list that counted most of what made it, and for how long the answers may be remembered.
    record Score(int rank, Optional<DnsList> largest, Duration ttl) {
        static final Score NOTHING = new Score(0, Optional.empty(), Duration.ZERO);
    }

    private record Counted(Site site, Duration ttl, boolean listed) {}

    private final List<Site> sites;
    private final AtomicReferenceArray<Counted> answers;
    private final CountDownLatch open;

    /// Begins to ask; [#score] takes what has come. `whenComplete` runs once all have answered.
    ListScore(List<Site> sites, Dns dns, InetAddress client, ListHealth health, Runnable whenComplete) {
        this.sites = sites;
        this.answers = new AtomicReferenceArray<>(sites.size());
        this.open = new CountDownLatch(sites.size());
        for (int i = 0; i < sites.size(); i++) {
            int at = i;
            Site site = sites.get(i);
            Thread.ofVirtual().name("dnsbl " + site.list().domain()).start(() -> {
                try {
                    if (health.isTrusted(site.list())) {
                        answers.set(at, ask(site, dns, client, health));
                    }
                } finally {
                    open.countDown();
                    if (open.getCount() == 0) {
                        whenComplete.run();
                    }
                }
            });
        }
    }

    private static Counted ask(Site site, Dns dns, InetAddress client, ListHealth health) {
        return switch (dns.a(site.list().query(client))) {
            case Answer.Found<InetAddress> found -> {
                List<InetAddress> counted =
                        found.records().stream().filter(site.list()::isListing).toList();
                if (counted.isEmpty()) {
                    health.refusesUs(site.list(), found.records().getFirst());
                }
                // However many answers match, a pattern counts once.
                yield new Counted(site, found.ttl(), counted.stream().anyMatch(site.list()::matches));
            }
            case Answer.NoData<InetAddress> _, Answer.NoSuchName<InetAddress> _ ->
                new Counted(site, Duration.ZERO, false);
            case Answer.Failed<InetAddress> _ -> new Counted(site, Duration.ZERO, false);
        };
    }

    boolean isComplete() {
        return open.getCount() == 0;
    }

    /// Waits for all answers, but not longer than `limit`.
    void await(Duration limit) {
        try {
            boolean _ = open.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// From what has come so far.
    Score score() {
        int rank = 0;
        Counted largest = null;
        Duration ttl = Duration.ofDays(365);
        boolean any = false;
        for (int i = 0; i < sites.size(); i++) {
            Counted counted = answers.get(i);
            if (counted == null || !counted.listed) {
                continue;
            }
            any = true;
            rank += counted.site.weight;
            ttl = counted.ttl.compareTo(ttl) < 0 ? counted.ttl : ttl;
            if (largest == null || counted.site.weight > largest.site.weight) {
                largest = counted;
            }
        }
        return any ? new Score(rank, Optional.ofNullable(largest).map(c -> c.site.list()), ttl) : Score.NOTHING;
    }
}
