package tamanoir.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.QueueSettings.NotifyClass;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Routing.Transport;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;

/// The queue over the memory store, with deliverers that do what the test says and a clock that the test turns.
class QueueTest {
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final MemoryStore store = new MemoryStore();
    private final List<Sent> reports = new ArrayList<>();
    private final List<String> attempts = new ArrayList<>();
    /// What the next hop answers, by address; who is not here is sent.
    private final Map<String, Outcome> answers = new HashMap<>();
    private QueueSettings settings = settings(Set.of(), Duration.ZERO, false, Set.of());
    private Queue queue = new Queue(store, settings, now::get);
    private boolean intakeIsDown;

    private record Sent(Envelope envelope, String text) {}

    private static QueueSettings settings(
            Set<NotifyClass> classes, Duration warning, boolean soft, Set<String> deferred) {
        QueueSettings d = QueueSettings.defaults("mail.example.com");
        return new QueueSettings(
                d.hostname(),
                d.mailName(),
                java.time.ZoneOffset.UTC,
                d.minimalBackoff(),
                d.maximalBackoff(),
                d.runDelay(),
                d.lifetime(),
                Duration.ofDays(2),
                warning,
                soft,
                deferred,
                d.activeLimit(),
                d.octetsInHand(),
                d.bounceSizeLimit(),
                false,
                false,
                classes,
                d.bounceNoticeRecipient(),
                d.doubleBounceNoticeRecipient(),
                d.delayNoticeRecipient(),
                d.doubleBounceSender());
    }

    @AfterEach
    void end() {
        queue.close();
        store.close();
    }

    private synchronized Map<Recipient, Outcome> deliver(QueuedMessage message, List<Recipient> recipients) {
        Map<Recipient, Outcome> outcomes = new HashMap<>();
        for (Recipient recipient : recipients) {
            String address = recipient.address().toString();
            attempts.add(address);
            outcomes.put(
                    recipient,
                    answers.getOrDefault(
                            address,
                            new Outcome.Sent("mx.example.net[192.0.2.1]:25", Reply.of(250, "2.0.0", "ok"), false)));
        }
        return outcomes;
    }

    private synchronized Optional<QueueId> report(Envelope envelope, Octets message) {
        if (intakeIsDown) {
            throw new Unavailable("later", "the test says so");
        }
        reports.add(new Sent(envelope, message.utf8()));
        return Optional.of(queue.newId());
    }

    private Route route(ReversePath sender, Recipient recipient) {
        String domain = recipient.address().domain().ascii();
        return switch (domain) {
            case "error.example" -> new Route.Fail(Reply.of(550, "5.1.2", "no such domain"));
            case "discard.example" -> new Route.Discard("thrown away");
            case "retry.example" -> new Route.Postpone(Reply.of(450, "4.4.1", "not now"));
            default -> new Route.Deliver(Transport.named("smtp"), domain, this::deliver);
        };
    }

    private void start() {
        queue.start(this::route, this::report);
    }

    private void restart() {
        queue.close();
        queue = new Queue(store, settings, now::get);
        start();
    }

    private void turn(Duration by) {
        now.updateAndGet(t -> t.plus(by));
        settle();
    }

    private void settle() {
        queue.wake();
        assertThat(queue.awaitQuiet(PATIENCE)).isTrue();
    }

    private QueueId enter(String sender, String... recipients) {
        List<Recipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            all.add(Recipient.of(Address.of(recipient)));
        }
        return enter(Envelope.of(sender.isEmpty() ? ReversePath.NULL : ReversePath.of(Address.of(sender)), all));
    }

    private QueueId enter(Envelope envelope) {
        return enter(envelope, false);
    }

    private QueueId enter(Envelope envelope, boolean hold) {
        QueuedMessage message = new QueuedMessage(
                queue.newId(),
                now.get(),
                envelope,
                Octets.of("Received: by test\r\n"),
                new Body.Small(Octets.of("Subject: plan\r\n\r\nhello\r\n")),
                hold,
                hold ? "header check" : "");
        store.commit(queue.rows(message));
        queue.entered(message);
        return message.id();
    }

    private static Outcome deferred(String text) {
        return new Outcome.Deferred("mx.example.net[192.0.2.1]:25", Reply.of(450, "4.2.0", text));
    }

    private static Outcome failed(String text) {
        return new Outcome.Failed("mx.example.net[192.0.2.1]:25", Reply.of(550, "5.1.1", text));
    }

    private synchronized List<String> attempts() {
        List<String> copy = List.copyOf(attempts);
        attempts.clear();
        return copy;
    }

    private int rows() {
        int[] rows = {0};
        try (var snapshot = store.snapshot()) {
            snapshot.partitions('Q', shard -> {
                for (var space : List.of(QueueRows.ENTRY, QueueRows.RECIPIENT, QueueRows.DUE, QueueRows.BODY)) {
                    snapshot.scan(shard, space, new byte[0], new byte[0], (key, value) -> {
                        rows[0]++;
                        return true;
                    });
                }
                return true;
            });
        }
        return rows[0];
    }

    @Test
    void aMessageEntersIsDeliveredAndLeavesNothingBehind() {
        start();
        enter("ann@example.com", "bob@example.net", "carl@example.org");
        settle();
        assertThat(attempts()).containsExactlyInAnyOrder("bob@example.net", "carl@example.org");
        assertThat(rows()).isZero();
        assertThat(reports).isEmpty();
        assertThat(queue.status().sent()).isEqualTo(2);
    }

    @Test
    void aDeferredRecipientIsTriedAgainAloneWhenItsTimeComes() {
        answers.put("bob@example.net", deferred("greylisted"));
        start();
        enter("ann@example.com", "bob@example.net", "carl@example.net");
        settle();
        assertThat(attempts()).hasSize(2);
        turn(Duration.ofSeconds(299));
        assertThat(attempts()).isEmpty();
        turn(Duration.ofSeconds(1));
        assertThat(attempts()).containsExactly("bob@example.net");
        answers.clear();
        turn(Duration.ofMinutes(5));
        assertThat(attempts()).containsExactly("bob@example.net");
        assertThat(rows()).isZero();
        assertThat(reports).isEmpty();
    }

    @Test
    void whatWasDeliveredIsNotDeliveredAgainAfterARestart() {
        answers.put("bob@example.net", deferred("later"));
        start();
        enter("ann@example.com", "bob@example.net", "carl@example.org");
        settle();
        attempts();
        answers.clear();
        restart();
        settle();
        assertThat(attempts()).isEmpty();
        turn(Duration.ofMinutes(5));
        assertThat(attempts()).containsExactly("bob@example.net");
        assertThat(rows()).isZero();
    }

    @Test
    void whatEnteredBeforeTheStartIsDeliveredAfterIt() {
        enter("ann@example.com", "bob@example.net");
        restart();
        settle();
        assertThat(attempts()).containsExactly("bob@example.net");
    }

    @Test
    void aFailureIsReportedOnceForAllItsRecipients() {
        answers.put("bob@example.net", failed("no such user"));
        answers.put("carl@example.org", failed("nobody"));
        start();
        enter("ann@example.com", "bob@example.net", "carl@example.org", "dora@example.net");
        settle();
        assertThat(reports).hasSize(1);
        Sent report = reports.getFirst();
        assertThat(report.envelope().sender()).isEqualTo(ReversePath.NULL);
        assertThat(report.envelope().recipients()).hasSize(1);
        Recipient to = report.envelope().recipients().getFirst();
        assertThat(to.address()).isEqualTo(Address.of("ann@example.com"));
        assertThat(to.notifications()).containsExactly(Notify.NEVER);
        assertThat(report.text())
                .contains("Final-Recipient: rfc822; bob@example.net\r\n")
                .contains("Final-Recipient: rfc822; carl@example.org\r\n")
                .doesNotContain("dora")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n")
                .contains("Received: by test\r\nSubject: plan\r\n\r\nhello\r\n");
        assertThat(rows()).isZero();
    }

    @Test
    void mailThatIsTooOldIsReturnedWithTheLastReason() {
        answers.put("bob@example.net", deferred("still full"));
        start();
        enter("ann@example.com", "bob@example.net");
        settle();
        int tries = 0;
        while (reports.isEmpty() && tries < 200) {
            turn(Duration.ofSeconds(4000));
            tries++;
        }
        assertThat(Duration.ofSeconds(4000L * tries))
                .isBetween(Duration.ofDays(5), Duration.ofDays(5).plusHours(3));
        assertThat(reports.getFirst().text())
                .contains("Status: 4.4.7\r\n")
                .contains("Action: failed\r\n")
                .contains("still full")
                .contains("Delivery was tried again and again");
        assertThat(rows()).isZero();
        assertThat(queue.status().expired()).isEqualTo(1);
    }

    @Test
    void theSenderIsToldOfADelayOnceWhereItIsConfigured() {
        queue.settings(settings(Set.of(), Duration.ofHours(4), false, Set.of()));
        answers.put("bob@example.net", deferred("busy"));
        start();
        enter("ann@example.com", "bob@example.net");
        settle();
        for (int i = 0; i < 20; i++) {
            turn(Duration.ofHours(2));
        }
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().text())
                .contains("Action: delayed\r\n")
                .contains("Will-Retry-Until: Mon, 30 Nov 2026 12:00:00 +0000\r\n")
                .contains("Subject: Delayed Mail (still being retried)\r\n");
    }

    @Test
    void noReportAboutAReport_B15() {
        answers.put("ann@example.com", failed("not me"));
        start();
        enter("", "ann@example.com");
        settle();
        assertThat(reports).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void thePostmasterHearsOfADoubleBounceWhereWantedAndNobodyOfItsFailure_B15() {
        queue.settings(settings(Set.of(NotifyClass.DOUBLE_BOUNCE), Duration.ZERO, false, Set.of()));
        answers.put("ann@example.com", failed("not me"));
        answers.put("postmaster@mail.example.com", failed("nor me"));
        start();
        enter("", "ann@example.com");
        settle();
        assertThat(reports).hasSize(1);
        Envelope notice = reports.getFirst().envelope();
        assertThat(notice.sender().toString()).isEqualTo("double-bounce@mail.example.com");
        assertThat(notice.recipients().getFirst().address().toString()).isEqualTo("postmaster@mail.example.com");
        enter(notice);
        settle();
        assertThat(reports).hasSize(1);
        assertThat(rows()).isZero();
    }

    @Test
    void notifyAndRetAreObeyed() {
        for (String who : List.of("never", "success", "fail")) {
            answers.put(who + "@example.net", failed("no"));
        }
        start();
        enter(new Envelope(
                ReversePath.of(Address.of("ann@example.com")),
                List.of(
                        recipient("never@example.net", Notify.NEVER),
                        recipient("success@example.net", Notify.SUCCESS),
                        recipient("fail@example.net", Notify.FAILURE),
                        recipient("good@example.net", Notify.SUCCESS),
                        recipient("quiet@example.net")),
                false,
                BodyType.UNSPECIFIED,
                Return.HEADERS,
                Optional.of("QQ+2B1"),
                false));
        settle();
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().text())
                .contains("Original-Envelope-Id: QQ+1\r\n")
                .contains("Final-Recipient: rfc822; fail@example.net\r\n")
                .contains("Final-Recipient: rfc822; good@example.net\r\n")
                .contains("Action: relayed\r\n")
                .contains("text/rfc822-headers")
                .doesNotContain("never@", "success@", "quiet@", "hello");
    }

    private static Recipient recipient(String address, Notify... notify) {
        Address parsed = Address.of(address);
        return new Recipient(parsed, parsed, Set.of(notify), Optional.empty());
    }

    @Test
    void successIsNotReportedWhenTheNextHopTookTheRequest() {
        answers.put("good@example.net", new Outcome.Sent("mx[192.0.2.1]:25", Reply.of(250, "2.0.0", "ok"), true));
        start();
        enter(Envelope.of(
                ReversePath.of(Address.of("ann@example.com")), List.of(recipient("good@example.net", Notify.SUCCESS))));
        settle();
        assertThat(reports).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void aReportThatCannotBeTakenNowIsMadeLaterAndNothingIsTriedAgain() {
        intakeIsDown = true;
        answers.put("bob@example.net", failed("no"));
        start();
        enter("ann@example.com", "bob@example.net");
        settle();
        assertThat(attempts()).hasSize(1);
        assertThat(rows()).isPositive();
        restart();
        intakeIsDown = false;
        turn(Duration.ofMinutes(5));
        assertThat(attempts()).isEmpty();
        assertThat(reports).hasSize(1);
        assertThat(rows()).isZero();
    }

    @Test
    void softBounceKeepsWhatWouldBounce() {
        queue.settings(settings(Set.of(), Duration.ZERO, true, Set.of()));
        answers.put("bob@example.net", failed("no such user"));
        start();
        QueueId id = enter("ann@example.com", "bob@example.net");
        settle();
        assertThat(reports).isEmpty();
        assertThat(queue.find(id)
                        .orElseThrow()
                        .recipients()
                        .getFirst()
                        .lastReply()
                        .orElseThrow()
                        .toString())
                .isEqualTo("450 4.1.1 no such user");
    }

    @Test
    void errorDiscardAndRetryRoutesNeedNoDeliverer() {
        start();
        enter("ann@example.com", "x@error.example");
        enter("ann@example.com", "x@discard.example");
        QueueId waiting = enter("ann@example.com", "x@retry.example");
        settle();
        assertThat(attempts()).isEmpty();
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().text()).contains("Diagnostic-Code: X-Postfix; no such domain\r\n");
        assertThat(queue.list(Optional.empty(), 10))
                .singleElement()
                .satisfies(l -> assertThat(l.id()).isEqualTo(waiting));
    }

    @Test
    void deferredTransportsWaitForAFlush() {
        queue.settings(settings(Set.of(), Duration.ZERO, false, Set.of("smtp")));
        start();
        QueueId id = enter("ann@example.com", "bob@example.net");
        settle();
        turn(Duration.ofHours(2));
        assertThat(attempts()).isEmpty();
        assertThat(queue.flush(id)).isTrue();
        settle();
        assertThat(attempts()).containsExactly("bob@example.net");
    }

    @Test
    void administratorsListShowFlushHoldReleaseAndDelete() {
        answers.put("bob@example.net", deferred("later"));
        answers.put("carl@example.org", deferred("later"));
        start();
        QueueId bob = enter("ann@example.com", "bob@example.net");
        QueueId carl = enter("ann@example.com", "carl@example.org");
        settle();
        attempts();

        List<Queue.Listed> all = queue.list(Optional.empty(), 10);
        assertThat(all).extracting(Queue.Listed::id).containsExactly(bob, carl);
        assertThat(all.getFirst().standing()).isEqualTo(Queue.Standing.DEFERRED);
        assertThat(all.getFirst().next()).contains(START.plusSeconds(300));
        assertThat(queue.list(Optional.of(bob), 10))
                .extracting(Queue.Listed::id)
                .containsExactly(carl);
        QueuedMessage shown = queue.show(bob).orElseThrow();
        assertThat(shown.body().load(store.blobs()).utf8()).contains("hello");

        assertThat(queue.flush("example.org")).isEqualTo(1);
        settle();
        assertThat(attempts()).containsExactly("carl@example.org");

        assertThat(queue.hold(bob, "asked by the postmaster")).isTrue();
        assertThat(queue.find(bob).orElseThrow().standing()).isEqualTo(Queue.Standing.HOLD);
        turn(Duration.ofHours(5));
        assertThat(attempts()).containsExactly("carl@example.org");
        assertThat(queue.flush(bob)).isFalse();
        assertThat(queue.flush()).isEqualTo(1);
        restart();
        settle();
        attempts();
        assertThat(queue.find(bob).orElseThrow().holdReason()).isEqualTo("asked by the postmaster");
        assertThat(queue.status().held()).isEqualTo(1);
        answers.clear();
        assertThat(queue.release(carl)).isFalse();
        assertThat(queue.release(bob)).isTrue();
        settle();
        assertThat(attempts()).containsExactly("bob@example.net");

        assertThat(queue.delete(carl)).isTrue();
        assertThat(queue.delete(carl)).isFalse();
        assertThat(rows()).isZero();
        assertThat(reports).isEmpty();
    }

    @Test
    void aMessageOnHoldWaitsForItsRelease() {
        start();
        QueueId id = enter(Envelope.of(ReversePath.NULL, List.of(Recipient.of(Address.of("bob@example.net")))), true);
        turn(Duration.ofDays(30));
        assertThat(attempts()).isEmpty();
        assertThat(queue.find(id).orElseThrow().holdReason()).isEqualTo("header check");
        queue.release(id);
        settle();
        assertThat(attempts()).containsExactly("bob@example.net");
        assertThat(rows()).isZero();
    }

    @Test
    void anOrderForAnActiveEntryIsObeyedWhenItsTurnEnds() throws InterruptedException {
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Deliverer slow = (message, recipients) -> {
            under.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Map.of(recipients.getFirst(), deferred("later"));
        };
        queue.start((s, r) -> new Route.Deliver(Transport.named("smtp"), "x", slow), this::report);
        QueueId id = enter("ann@example.com", "bob@example.net");
        assertThat(under.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.find(id).orElseThrow().standing()).isEqualTo(Queue.Standing.ACTIVE);
        assertThat(queue.delete(id)).isTrue();
        go.countDown();
        settle();
        assertThat(rows()).isZero();
    }

    @Test
    void aMessageWithTenThousandRecipientsIsKeptInPartsAndDeliveredInSlices_B08() {
        List<Recipient> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(Recipient.of(Address.of("user" + i + "@example.net")));
        }
        List<Integer> slices = new ArrayList<>();
        Deliverer counting = (message, recipients) -> {
            synchronized (slices) {
                slices.add(recipients.size());
            }
            return deliver(message, recipients);
        };
        queue.start((s, r) -> new Route.Deliver(Transport.named("smtp"), "example.net", counting), this::report);
        enter(Envelope.of(ReversePath.of(Address.of("ann@example.com")), many));
        settle();
        assertThat(attempts()).hasSize(10_000).doesNotHaveDuplicates();
        assertThat(slices).allMatch(size -> size <= 50);
        assertThat(rows()).isZero();
    }

    @Test
    void aDeadDestinationIsLeftAloneForAWhileAndTheOthersAreServed() {
        answers.put(
                "bob@dead.example",
                new Outcome.Deferred(Outcome.NOBODY, Reply.of(450, "4.4.1", "connect to dead: refused")));
        start();
        for (int i = 0; i < 30; i++) {
            enter("ann@example.com", "bob@dead.example");
        }
        enter("ann@example.com", "carl@example.org");
        settle();
        List<String> made = attempts();
        assertThat(made).contains("carl@example.org");
        assertThat(made.stream().filter(a -> a.endsWith("dead.example")).count())
                .isLessThan(15);
        assertThat(queue.list(Optional.empty(), 100))
                .hasSize(30)
                .allSatisfy(l -> assertThat(l.recipients()
                                .getFirst()
                                .lastReply()
                                .orElseThrow()
                                .toString())
                        .contains("connect to dead: refused"));
        answers.clear();
        turn(Duration.ofSeconds(301));
        assertThat(attempts()).hasSize(30);
        assertThat(rows()).isZero();
    }

    @Test
    void noMoreThanTheWindowRunsToOneDestination() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Deliverer watched = (message, recipients) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            LockSupport.parkNanos(1000);
            running.decrementAndGet();
            return deliver(message, recipients);
        };
        queue.start((s, r) -> new Route.Deliver(new Transport("smtp", 3, 2, 100, 50), "one", watched), this::report);
        for (int i = 0; i < 500; i++) {
            enter("ann@example.com", "bob@example.net");
        }
        settle();
        assertThat(attempts()).hasSize(500);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aDelivererThatThrowsLosesNothing() {
        AtomicInteger calls = new AtomicInteger();
        Deliverer broken = (message, recipients) -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("a bug");
            }
            return deliver(message, recipients);
        };
        queue.start((s, r) -> new Route.Deliver(Transport.named("smtp"), "x", broken), this::report);
        enter("ann@example.com", "bob@example.net");
        settle();
        assertThat(attempts()).isEmpty();
        turn(Duration.ofMinutes(5));
        assertThat(attempts()).containsExactly("bob@example.net");
        assertThat(rows()).isZero();
    }
}
