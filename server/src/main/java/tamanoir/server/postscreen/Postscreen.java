package tamanoir.server.postscreen;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.PostscreenParameters.PostscreenAction;
import tamanoir.server.net.Connection;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Step;
import tamanoir.server.postscreen.ListScore.Score;
import tamanoir.server.postscreen.PassList.Passes;

/// Keeps machines that send junk from talking at all (POSTSCREEN_README). In order: the access list, passes
/// from earlier visits, then the greeting is held back while lists in the DNS are asked; what is about
/// commands is watched in the session itself. Used by many connections; immutable but for the count of
/// those that wait.
public final class Postscreen {
    static final Reply PROTOCOL = Reply.of(550, "5.5.1", "Protocol error");
    static final Reply RULE_BREAKER = Reply.of(550, "5.7.0", "Error: I can break rules, too. Goodbye.");
    private static final Reply DENIED = Reply.of(550, "5.3.2", "Service currently unavailable");
    private static final Reply ELSEWHERE = Reply.of(450, "4.3.2", "Service currently unavailable");
    private static final Reply CROWDED = Reply.of(421, "4.3.2", "All server ports are busy");

    /// More than this share of the places taken is stress: nobody waits long then.
    private static final double STRESS = 0.7;

    private final PostscreenSettings settings;
    private final PassList passList;
    private final Dns dns;
    private final ListHealth health;
    private final Trace trace;
    private final AtomicInteger waiting = new AtomicInteger();
    private final boolean active;

    /// `strangers` tells a port where strangers bring mail; on all others nobody is tested.
    public Postscreen(PostscreenSettings settings, boolean strangers, Notebook notebook, Dns dns, ListHealth health) {
        this.settings = settings;
        this.trace = new Trace("postscreen", "");
        this.passList = new PassList(notebook, settings.retention(), settings.cleanup(), trace);
        this.dns = dns;
        this.health = health;
        this.active = strangers && settings.isActive();
    }

    PostscreenSettings settings() {
        return settings;
    }

    Instant now() {
        return passList.now();
    }

    void tell(String event) {
        trace.info(event);
    }

    /// Tests the lists in the DNS that were not tested for an hour, for `tamanoir status`.
    public List<String> troubles() {
        if (!active) {
            return List.of();
        }
        health.test(settings.sites().stream().map(ListScore.Site::list).toList());
        return health.troubles();
    }

    // ---- explanations --------------------------------------------------------------------------------------------

    /// What is known of a client before it says anything, for `tamanoir explain`: the access list, and
    /// where that does not decide, the lists in the DNS. Nothing is remembered. Empty where nobody is
    /// tested.
    public List<Step> explain(InetAddress address) {
        if (!active) {
            return List.of();
        }
        Optional<AccessList.Decision> decision;
        try {
            decision = settings.access().judge(address);
        } catch (Unavailable e) {
            return List.of(step("postscreen_access_list", "defer", e.detail(), ELSEWHERE.toString()));
        }
        List<Step> steps = new ArrayList<>();
        String denied = settings.denied().toString().toLowerCase(Locale.ROOT);
        steps.add(
                decision.isEmpty()
                        ? step("postscreen_access_list", "no opinion", "no rule names it", "")
                        : decision.get().permit()
                                ? step(
                                        "postscreen_access_list",
                                        "permit",
                                        decision.get().rule(),
                                        "")
                                : step(
                                        "postscreen_access_list",
                                        "denied, action " + denied,
                                        decision.get().rule(),
                                        DENIED.toString()));
        if (decision.isEmpty() && !settings.sites().isEmpty()) {
            ListScore lists = new ListScore(settings.sites(), dns, address, health);
            lists.await(settings.listTimeout());
            Score score = lists.score();
            boolean listed = score.rank() >= settings.threshold();
            steps.add(step(
                    "postscreen_dnsbl_sites",
                    listed ? "listed" : "not listed",
                    "rank " + score.rank() + ", threshold " + settings.threshold()
                            + score.largest()
                                    .map(list -> ", most by " + list.domain())
                                    .orElse(""),
                    ""));
        }
        return steps;
    }

    private static Step step(String rule, String outcome, String why, String reply) {
        return new Step(0, "postscreen", rule, "", outcome, why, reply);
    }

    // ---- one client ----------------------------------------------------------------------------------------------

    /// Everything that happens before the greeting. When this returns, the client has waited.
    ///
    /// @throws IOException when it has gone meanwhile
    public Screening greet(Connection connection) throws IOException {
        InetAddress address = connection.peer().getAddress();
        if (!active) {
            return Screening.none(this, address);
        }
        String client = text(connection.peer());
        Screening screening = new Screening(this, client, address);
        tell("CONNECT from " + client + " to " + text(connection.local()));
        if (isDecided(screening, client, address)) {
            return screening;
        }
        Passes passes = passList.of(address);
        Instant now = now();
        boolean greets = !passes.counts(Trial.GREET, now);
        boolean lists = !settings.sites().isEmpty() && !passes.counts(Trial.DNSBL, now);
        for (Trial trial : Trial.values()) {
            boolean ofCommands = trial != Trial.GREET && trial != Trial.DNSBL;
            if (passes.counts(trial, now)) {
                screening.remembers(Map.of(trial, passes.until().get(trial)));
            } else if (ofCommands && settings.ttls().containsKey(trial)) {
                screening.opens(trial);
            }
        }
        if (!greets && !lists && !screening.isWatching() && screening.refusal().isEmpty()) {
            tell("PASS OLD " + client);
            screening.waveThrough();
            return screening;
        }
        if (!settings.earningAddresses().test(connection.local().getAddress())) {
            // A backup MX that only spammers try first: nobody earns a pass here (postscreen_allowlist_interfaces).
            tell("ALLOWLIST VETO " + client);
            screening.refuse(ELSEWHERE);
        }
        if (greets || lists) {
            holdBack(connection, screening, client, greets, lists);
        }
        if (screening.farewell().isEmpty() && !screening.isWatching()) {
            screening.settle();
        }
        return screening;
    }

    /// The access list: the first rule that matches decides, for good.
    private boolean isDecided(Screening screening, String client, InetAddress address) {
        Optional<AccessList.Decision> decision;
        try {
            decision = settings.access().judge(address);
        } catch (Unavailable e) {
            trace.warn("access list", "client", client, "reason", e.detail());
            screening.refuse(ELSEWHERE);
            return true;
        }
        if (decision.isEmpty()) {
            return false;
        }
        if (decision.get().permit()) {
            tell("ALLOWLISTED " + client);
            screening.waveThrough();
            return true;
        }
        PostscreenAction action = settings.denied();
        screening.fail(action, "DENYLISTED " + client, DENIED);
        return action == PostscreenAction.DROP;
    }

    private void holdBack(Connection connection, Screening screening, String client, boolean greets, boolean lists)
            throws IOException {
        int places = waiting.incrementAndGet();
        try {
            if (places > settings.mostWaiting()) {
                tell("NOQUEUE: reject: CONNECT from " + client + ": all screening ports busy");
                screening.fail(PostscreenAction.DROP, "CROWDED " + client, CROWDED);
                return;
            }
            Duration wait = places > settings.mostWaiting() * STRESS ? settings.hurriedWait() : settings.greetWait();
            ListScore score = new ListScore(
                    lists ? settings.sites() : List.of(), dns, connection.peer().getAddress(), health);
            if (greets && !settings.banner().isEmpty()) {
                connection.write("220-" + settings.banner() + "\r\n");
                screening.teased();
            }
            boolean early = greets && talksEarly(connection, screening, client, wait);
            if (!greets) {
                score.await(wait.compareTo(settings.listTimeout()) < 0 ? wait : settings.listTimeout());
            }
            judge(screening, client, score.score(), greets && !early, lists);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /// Waits with the client. It may have gone when the time is over, which is no crime (postscreen(8)).
    private boolean talksEarly(Connection connection, Screening screening, String client, Duration wait)
            throws IOException {
        long begin = System.nanoTime();
        boolean early;
        try {
            early = connection.awaitInput(wait);
        } catch (EOFException e) {
            tell("HANGUP after " + seconds(begin) + " from " + client + " in tests before SMTP handshake");
            throw e;
        }
        if (early) {
            screening.fail(
                    Trial.GREET,
                    "PREGREET " + connection.buffered() + " after " + seconds(begin) + " from " + client + ": "
                            + Screening.printable(connection.ahead(100)),
                    PROTOCOL);
            if (screening.farewell().isEmpty()) {
                rest(begin, wait);
            }
        }
        return early;
    }

    /// Who talked early waits as long as everybody else: the lists are still asked.
    private static void rest(long begin, Duration wait) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, wait.toNanos() - (System.nanoTime() - begin))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String seconds(long begin) {
        return String.format(java.util.Locale.ROOT, "%.2g", Math.max(0.001, (System.nanoTime() - begin) / 1e9));
    }

    private void judge(Screening screening, String client, Score score, boolean waited, boolean lists) {
        Instant now = now();
        Duration ttl = settings.clamped(score.ttl());
        boolean friend = settings.allowlistThreshold() < 0 && score.rank() <= settings.allowlistThreshold();
        if (lists && score.rank() >= settings.threshold()) {
            String site = score.largest()
                    .map(list -> settings.shown(new ListScore.Site(list, 1)))
                    .orElse("a DNS list");
            String address = client.substring(1, client.indexOf(']'));
            screening.fail(
                    Trial.DNSBL,
                    "DNSBL rank " + score.rank() + " for " + client,
                    Reply.of(550, "5.7.1", "Service unavailable; client [" + address + "] blocked using " + site));
            return;
        }
        Map<Trial, Instant> until = new EnumMap<>(Trial.class);
        if (lists) {
            until.put(Trial.DNSBL, now.plus(ttl));
        }
        if (friend) {
            // Point of an allow list: neither the wait nor the later tests, for as long as its answer counts.
            for (Trial trial : Trial.values()) {
                until.put(trial, now.plus(ttl));
            }
            tell("DNSBL rank " + score.rank() + " for " + client + ": a friend");
        } else if (waited) {
            until.put(Trial.GREET, now.plus(settings.ttls().get(Trial.GREET)));
        }
        until.forEach(screening::passed);
    }

    /// Writes a pass down; `NEW` for who was never here.
    void pass(InetAddress address, String client, Map<Trial, Instant> until) {
        boolean known = passList.of(address).known();
        passList.keep(address, until);
        tell((known ? "PASS OLD " : "PASS NEW ") + client);
    }

    /// `[192.0.2.1]:25`.
    private static String text(InetSocketAddress address) {
        return "[" + Cidr.text(address.getAddress()) + "]:" + address.getPort();
    }
}
