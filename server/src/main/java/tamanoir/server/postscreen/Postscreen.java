package tamanoir.server.postscreen;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.Cidr;
import tamanoir.server.config.PostscreenParameters.PostscreenAction;
import tamanoir.server.dns.ListHealth;
import tamanoir.server.net.Connection;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Step;
import tamanoir.server.postscreen.ListScore.Score;
import tamanoir.server.postscreen.PassList.Passes;

/// Keeps machines that send junk from talking at all (POSTSCREEN_README). In order: the access list, passes
/// from earlier visits, then the greeting is held back while lists in the DNS are asked; what is about
/// commands is watched in the session itself. Used by many connections; immutable but for the counts
/// of those that wait.
public final class Postscreen {
    static final Reply PROTOCOL = Reply.of(550, "5.5.1", "Protocol error");
    static final Reply RULE_BREAKER = Reply.of(550, "5.7.0", "Error: I can break rules, too. Goodbye.");
    private static final Reply DENIED = Reply.of(550, "5.3.2", "Service currently unavailable");
    private static final Reply ELSEWHERE = Reply.of(450, "4.3.2", "Service currently unavailable");
    private static final Reply TOO_MANY = Reply.of(421, "4.7.0", "Error: too many connections");
    private static final Reply CROWDED = Reply.of(421, "4.3.2", "All server ports are busy");

    /// More than this share of the places taken is stress: nobody waits long then.
    private static final double STRESS = 0.7;

    private final PostscreenSettings settings;
    private final PassList passList;
    private final Dns dns;
    private final ListHealth health;
    private final Trace trace;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<InetAddress, Integer> underTest = new ConcurrentHashMap<>();
    private final boolean active;

    /// `strangers` tells a port where strangers bring mail; on all others nobody is tested.
    public Postscreen(PostscreenSettings settings, boolean strangers, Notebook notebook, Dns dns, ListHealth health) {
        this.settings = settings;
        this.trace = new Trace("postscreen", "");
        this.passList = new PassList(notebook, settings.retention(), settings.cleanup(), trace);
        this.dns = dns;
        this.health = health;
        this.active = strangers && settings.isActive();
        if (active) {
            settings.sites().forEach(site -> health.watch(site.list(), ListHealth.About.ADDRESSES));
        }
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

    /// How long the next command of a client may take.
    public Optional<Duration> commandTime(Screening screening) {
        return screening.isWatching()
                ? Optional.of(isStressed() ? settings.hurriedCommandTime() : settings.commandTime())
                : Optional.empty();
    }

    private boolean isStressed() {
        return waiting.get() > settings.mostWaiting() * STRESS;
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
            ListScore lists = new ListScore(settings.sites(), dns, address, health, () -> {});
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
                screening.remembers(trial, passes.until().getOrDefault(trial, now));
            } else if (ofCommands && settings.ttls().containsKey(trial)) {
                screening.opens(trial);
            }
        }
        if (!greets && !lists && !screening.isWatching()) {
            tell("PASS OLD " + client);
            screening.waveThrough();
            return screening;
        }
        if (!settings.earningAddresses().test(connection.local().getAddress())) {
            // A backup MX that only spammers try first: nobody earns a pass here (postscreen_allowlist_interfaces).
            tell("ALLOWLIST VETO " + client);
            screening.refuse(ELSEWHERE, "ALLOWLIST VETO");
        }
        try {
            screening.counts();
            if (greets || lists) {
                holdBack(connection, screening, client, greets, lists);
            }
            if (screening.farewell().isEmpty() && !screening.isWatching()) {
                screening.settle();
            }
        } catch (IOException e) {
            screening.ends(); // what it passed before it went stays passed
            throw e;
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
            screening.refuse(ELSEWHERE, "access list: " + e.detail());
            return true;
        }
        if (decision.isEmpty()) {
            return false;
        }
        String rule = ": " + decision.get().rule();
        if (decision.get().permit()) {
            tell("ALLOWLISTED " + client + rule);
            screening.waveThrough();
            return true;
        }
        PostscreenAction action = settings.denied();
        screening.fail(action, "DENYLISTED " + client + rule, DENIED);
        return action == PostscreenAction.DROP;
    }

    /// How many tests one client may have at a time (postscreen_client_connection_count_limit), and all together.
    private boolean isCrowded(Screening screening, InetAddress address, int places) {
        if (settings.perClient() > 0 && underTest.getOrDefault(address, 0) > settings.perClient()) {
            screening.turnAway(TOO_MANY);
            return true;
        }
        if (places > settings.mostWaiting()) {
            screening.turnAway(CROWDED);
            return true;
        }
        return false;
    }

    private void holdBack(Connection connection, Screening screening, String client, boolean greets, boolean lists)
            throws IOException {
        int places = waiting.incrementAndGet();
        try {
            InetAddress address = connection.peer().getAddress();
            if (isCrowded(screening, address, places)) {
                return;
            }
            long begin = System.nanoTime();
            long end = begin + (isStressed() ? settings.hurriedWait() : settings.greetWait()).toNanos();
            ListScore score = new ListScore(
                    lists ? settings.sites() : List.of(), dns, address, health, greets ? connection::wake : () -> {});
            if (greets && !settings.banner().isEmpty()) {
                connection.write("220-" + settings.banner() + "\r\n");
            }
            boolean early = greets && talksEarly(connection, client, score, begin, end);
            if (early && settings.allowlistThreshold() < 0) {
                score.await(left(end)); // a friend may be forgiven
            }
            if (early && !isFriend(score.score())) {
                screening.fail(
                        Trial.GREET,
                        "PREGREET " + connection.buffered() + " after " + seconds(begin) + " from " + client + ": "
                                + Screening.printable(connection.ahead(100)),
                        PROTOCOL);
                if (screening.farewell().isPresent()) {
                    return;
                }
                rest(end);
            }
            if (!greets) {
                Duration most = left(end);
                score.await(most.compareTo(settings.listTimeout()) < 0 ? most : settings.listTimeout());
            }
            judge(screening, client, score.score(), greets && !early, lists);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /// Waits with the client. It may have gone when the time is over, which is no crime (postscreen(8)). A friend is
    /// not kept waiting once the lists have said so.
    private boolean talksEarly(Connection connection, String client, ListScore score, long begin, long end)
            throws IOException {
        try {
            while (!connection.isStopping() && end - System.nanoTime() > 0) {
                if (connection.awaitInput(left(end))) {
                    return true;
                }
                if (score.isComplete() && isFriend(score.score())) {
                    return false;
                }
            }
            return false;
        } catch (EOFException e) {
            tell("HANGUP after " + seconds(begin) + " from " + client + " in tests before SMTP handshake");
            throw e;
        }
    }

    /// Who talked early waits as long as everybody else: the lists are still asked.
    private static void rest(long end) {
        try {
            Thread.sleep(left(end));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String seconds(long begin) {
        return String.format(Locale.ROOT, "%.2g", Math.max(0.001, (System.nanoTime() - begin) / 1e9));
    }

    private boolean isFriend(Score score) {
        return settings.allowlistThreshold() < 0 && score.rank() <= settings.allowlistThreshold();
    }

    private void judge(Screening screening, String client, Score score, boolean waited, boolean lists) {
        Instant now = now();
        Instant until = now.plus(settings.clamped(score.ttl()));
        if (lists && isFriend(score)) {
            // The point of an allow list: neither the wait nor the later tests, for as long as its answer counts.
            for (Trial trial : Trial.values()) {
                if (!screening.hasPassed(trial)) {
                    screening.passed(trial, until);
                }
            }
            return;
        }
        if (waited) {
            screening.passed(Trial.GREET, now.plus(settings.ttls().get(Trial.GREET)));
        }
        if (!lists) {
            return;
        }
        if (score.rank() >= settings.threshold()) {
            String site = score.largest().map(settings::shown).orElse("a DNS list");
            String address = client.substring(1, client.indexOf(']'));
            screening.fail(
                    Trial.DNSBL,
                    "DNSBL rank " + score.rank() + " for " + client,
                    Reply.of(550, "5.7.1", "Service unavailable; client [" + address + "] blocked using " + site));
            return;
        }
        screening.passed(Trial.DNSBL, until);
    }

    /// Writes passes down; answers whether the client was here before.
    boolean pass(InetAddress address, Map<Trial, Instant> until) {
        boolean known = passList.of(address).known();
        passList.keep(address, until);
        return known;
    }

    void enters(InetAddress address) {
        underTest.merge(address, 1, Integer::sum);
    }

    void leaves(InetAddress address) {
        underTest.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    /// `[192.0.2.1]:25`.
    private static String text(InetSocketAddress address) {
        return "[" + Cidr.text(address.getAddress()) + "]:" + address.getPort();
    }
}
