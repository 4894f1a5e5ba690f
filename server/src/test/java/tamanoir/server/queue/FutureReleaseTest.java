package tamanoir.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Queue.Cancel;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Routing.Transport;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Body;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Space;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// Mail that its sender asked to be kept for a while (RFC 4865), and what becomes of followed mail.
class FutureReleaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long OWNER = 4711;

    private final TurnableClock clock = new TurnableClock();
    private final MemoryStore store = new MemoryStore();
    private final List<String> delivered = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Outcome> answers = new HashMap<>();
    private Queue queue = new Queue(store, QueueSettings.defaults("mail.example.com"), clock);

    @AfterEach
    void end() {
        queue.close();
        store.close();
    }

    private void start() {
        queue.start(
                (sender, recipient) -> new Route.Deliver(
                        Transport.named("smtp"), recipient.address().domain().ascii(), this::deliver),
                (envelope, message) -> Optional.of(queue.newId()));
    }

    private void restart() {
        queue.close();
        queue = new Queue(store, QueueSettings.defaults("mail.example.com"), clock);
        start();
    }

    private Map<Recipient, Outcome> deliver(QueuedMessage message, List<Recipient> recipients) {
        Map<Recipient, Outcome> outcomes = new HashMap<>();
        for (Recipient recipient : recipients) {
            String address = recipient.address().toString();
            delivered.add(address);
            outcomes.put(
                    recipient,
                    answers.getOrDefault(
                            address,
                            new Outcome.Sent("mx.example.net[192.0.2.1]:25", Reply.of(250, "2.0.0", "taken"), false)));
        }
        return outcomes;
    }

    private QueueId enter(Duration wait, String... recipients) {
        List<Recipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            all.add(Recipient.of(Address.of(recipient)));
        }
        QueuedMessage message = new QueuedMessage(
                queue.newId(),
                clock.instant(),
                Envelope.of(ReversePath.of(Address.of("ann@example.com")), all),
                Octets.of("Received: by test\r\n"),
                new Body.Small(Octets.of("Subject: plan\r\n\r\nhello\r\n")),
                false,
                "",
                wait.isZero() ? Optional.empty() : Optional.of(clock.instant().plus(wait)),
                OWNER);
        store.commit(queue.rows(message));
        queue.entered(message);
        return message.id();
    }

    private void turn(Duration by) {
        clock.advance(by);
        queue.wake();
        assertThat(queue.awaitQuiet(PATIENCE)).isTrue();
    }

    private static List<String> states(Optional<Progress> progress) {
        return progress.orElseThrow().recipients().stream()
                .map(one -> one.original() + " " + one.state())
                .sorted()
                .toList();
    }

    @Test
    void itLeavesAtItsTimeAndNotBefore() {
        start();
        QueueId id = enter(Duration.ofHours(2), "bob@example.net");
        turn(Duration.ofMinutes(119));
        assertThat(delivered).isEmpty();
        assertThat(queue.progress(id).orElseThrow().waiting()).isTrue();
        turn(Duration.ofMinutes(1));
        assertThat(delivered).containsExactly("bob@example.net");
        assertThat(queue.progress(id).orElseThrow().waiting()).isFalse();
        assertThat(states(queue.progress(id))).containsExactly("bob@example.net RELAYED");
    }

    @Test
    void itWaitsAcrossARestartAndCanStillBeCalledBack() {
        start();
        QueueId first = enter(Duration.ofHours(2), "bob@example.net");
        enter(Duration.ofHours(2), "carl@example.net");
        restart();
        turn(Duration.ofHours(1));
        assertThat(delivered).isEmpty();
        assertThat(queue.cancel(first, List.of())).isEqualTo(Cancel.DONE);
        restart();
        turn(Duration.ofHours(1));
        assertThat(delivered).containsExactly("carl@example.net");
        assertThat(queue.list(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void flushingDoesNotSendItAndReleasingDoes() {
        start();
        QueueId id = enter(Duration.ofDays(1), "bob@example.net");
        assertThat(queue.flush()).isZero();
        assertThat(queue.flush(id)).isFalse();
        assertThat(queue.awaitQuiet(PATIENCE)).isTrue();
        assertThat(delivered).isEmpty();
        assertThat(queue.release(id)).isTrue();
        assertThat(queue.awaitQuiet(PATIENCE)).isTrue();
        assertThat(delivered).containsExactly("bob@example.net");
    }

    @Test
    void itsLifetimeBeginsWithItsRelease() {
        answers.put("bob@example.net", new Outcome.Deferred("mx", Reply.of(450, "4.2.0", "later")));
        start();
        QueueId id = enter(Duration.ofDays(30), "bob@example.net");
        turn(Duration.ofDays(30));
        assertThat(states(queue.progress(id))).containsExactly("bob@example.net PENDING");
        assertThat(queue.cancel(id, List.of())).isEqualTo(Cancel.TOO_LATE);
        restart();
        assertThat(queue.cancel(id, List.of())).isEqualTo(Cancel.TOO_LATE);
        turn(Duration.ofDays(5));
        assertThat(states(queue.progress(id))).containsExactly("bob@example.net FAILED");
    }

    @Test
    void whatBecameOfEachRecipientIsKeptUntilItHasBeenRead() {
        answers.put("carl@example.net", new Outcome.Failed("mx", Reply.of(550, "5.1.1", "no such user")));
        answers.put("dora@example.net", new Outcome.Sent("local", Reply.of(250, "2.0.0", "delivered"), false));
        List<QueueId> heard = Collections.synchronizedList(new ArrayList<>());
        queue.follow((id, owner) -> heard.add(id));
        start();
        QueueId id = enter(Duration.ZERO, "bob@example.net", "carl@example.net", "dora@example.net");
        turn(Duration.ZERO);
        assertThat(heard).contains(id);
        assertThat(states(queue.progress(id)))
                .containsExactly("bob@example.net RELAYED", "carl@example.net FAILED", "dora@example.net DELIVERED");
        restart();
        List<Long> owners = new ArrayList<>();
        queue.missed((missed, owner) -> owners.add(owner));
        assertThat(owners).containsExactly(OWNER, OWNER, OWNER);
        store.commit(queue.forget(id));
        assertThat(queue.progress(id)).isEmpty();
    }

    @Test
    void aMessageThatAnAdministratorDeletesHasFailed() {
        start();
        QueueId id = enter(Duration.ofHours(2), "bob@example.net");
        assertThat(queue.delete(id)).isTrue();
        assertThat(states(queue.progress(id))).containsExactly("bob@example.net FAILED");
    }

    @Test
    void calledBackItTakesTheOtherBatchWithItOrNeitherHappens() {
        start();
        QueueId id = enter(Duration.ofHours(2), "bob@example.net");
        Partition other = Partition.of('P', 1);
        Space space = new Space(1, Space.Family.META);
        assertThat(queue.cancel(id, List.of(new Batch(other, 5).put(space, new byte[0], new byte[1]))))
                .isEqualTo(Cancel.CONFLICT);
        assertThat(queue.progress(id).orElseThrow().waiting()).isTrue();
        assertThat(queue.cancel(id, List.of(new Batch(other, 0).put(space, new byte[0], new byte[1]))))
                .isEqualTo(Cancel.DONE);
        try (var snapshot = store.snapshot()) {
            assertThat(snapshot.version(other)).isEqualTo(1);
        }
        assertThat(queue.progress(id)).isEmpty();
    }

    @Test
    void aMessageOfManyPartsIsCalledBackWhole() {
        start();
        String[] many = new String[2_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "r" + i + "@example.net";
        }
        QueueId id = enter(Duration.ofHours(2), many);
        assertThat(queue.list(Optional.empty(), 10)).hasSizeGreaterThan(1);
        assertThat(queue.progress(id).orElseThrow().recipients()).hasSize(many.length);
        assertThat(queue.cancel(id, List.of())).isEqualTo(Cancel.DONE);
        assertThat(queue.list(Optional.empty(), 10)).isEmpty();
    }

    @Test
    void releaseAndCancelExcludeEachOther() throws InterruptedException {
        start();
        int sent = 0;
        int rounds = 400;
        for (int round = 0; round < rounds; round++) {
            delivered.clear();
            QueueId id = enter(Duration.ofSeconds(10), "bob@example.net");
            Instant due = clock.instant().plusSeconds(10);
            CountDownLatch go = new CountDownLatch(1);
            AtomicReference<Cancel> outcome = new AtomicReference<>(Cancel.CONFLICT);
            int lead = round % 50;
            Thread sender = Thread.ofVirtual().start(() -> {
                await(go);
                for (int i = 0; i < lead * 40; i++) {
                    Thread.onSpinWait();
                }
                outcome.set(queue.cancel(id, List.of()));
            });
            Thread time = Thread.ofVirtual().start(() -> {
                await(go);
                clock.set(due);
                queue.wake();
            });
            go.countDown();
            sender.join();
            time.join();
            assertThat(queue.awaitQuiet(PATIENCE)).isTrue();
            boolean canceled = outcome.get() == Cancel.DONE;
            assertThat(delivered).as("round " + round).hasSize(canceled ? 0 : 1);
            sent += canceled ? 0 : 1;
        }
        System.out.println("released " + sent + " of " + rounds + ", called back the others");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
