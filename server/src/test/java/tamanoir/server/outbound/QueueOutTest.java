package tamanoir.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.net.Network;
import tamanoir.server.net.TlsClient;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.Deliverer;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.QueueSettings;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.AddressLookup;
import tamanoir.server.tables.RecipientDelimiter;
import tamanoir.server.tables.Tables;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

/// The whole way out: from the rows in the store over routing and scheduler to a server on loopback, and reports back.
class QueueOutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final TurnableClock clock = new TurnableClock();
    private final Network network = new Network();
    private final FakeDns dns = new FakeDns();
    private final MemoryStore store = new MemoryStore();
    private final Map<String, String> parameters = new HashMap<>();
    private final List<String> local = new CopyOnWriteArrayList<>();
    private Sink sink = new Sink();
    private Optional<Queue> made = Optional.empty();
    private Optional<Outbound> out = Optional.empty();

    QueueOutTest() {
        parameters.put("smtp_tcp_port", Integer.toString(sink.port()));
        parameters.put("myhostname", "mail.example.com");
        parameters.put("smtp_connection_cache_on_demand", "no");
        dns.mx("example.net", 10, "mx.example.net").address("mx.example.net", "127.0.0.1");
    }

    @AfterEach
    void end() {
        made.ifPresent(Queue::close);
        out.ifPresent(Outbound::close);
        sink.close();
        network.close();
        store.close();
    }

    private Queue queue() {
        if (made.isEmpty()) {
            Config config = Config.of(home, parameters);
            Outbound outbound = new Outbound(
                    network,
                    dns,
                    store.blobs(),
                    new Outbound.Manner(
                            OutboundSettings.of(config),
                            new Ourselves(Set.of("mail.example.com"), Set.of(), Set.of(25)),
                            new TlsClient(),
                            new TlsClient(),
                            List.of()),
                    new Random(1));
            Deliverer mailboxes = (message, recipients) -> {
                Map<Recipient, Outcome> outcomes = new HashMap<>();
                for (Recipient recipient : recipients) {
                    local.add(message.body().load(store.blobs()).utf8());
                    outcomes.put(recipient, new Outcome.Sent("local", Reply.of(250, "2.0.0", "delivered"), false));
                }
                return outcomes;
            };
            Queue queue = new Queue(store, QueueSettings.of(config), clock);
            OutboundRouting routing = new OutboundRouting(
                    config,
                    new Routes(
                            config,
                            new Tables(home, clock, new Trace("test", "")),
                            new AddressLookup(RecipientDelimiter.of(""), domain -> false)),
                    domain -> domain.ascii().equals("example.com")
                            ? OutboundRouting.Kind.LOCAL
                            : OutboundRouting.Kind.OTHER,
                    address -> Optional.empty(),
                    mailboxes,
                    outbound);
            queue.start(routing, (envelope, message) -> Optional.of(enter(queue, envelope, message)));
            out = Optional.of(outbound);
            made = Optional.of(queue);
        }
        return made.get();
    }

    private QueueId enter(Queue queue, Envelope envelope, Octets content) {
        QueuedMessage message = new QueuedMessage(
                queue.newId(), clock.instant(), envelope, Octets.EMPTY, new Body.Small(content), false, "");
        store.commit(queue.rows(message));
        queue.entered(message);
        return message.id();
    }

    private QueueId enter(String sender, String recipient) {
        return enter(
                queue(),
                Envelope.of(
                        sender.isEmpty() ? ReversePath.NULL : ReversePath.of(Address.of(sender)),
                        List.of(Recipient.of(Address.of(recipient)))),
                Octets.of("Subject: plan\r\n\r\nhello\r\n"));
    }

    private void settle() {
        queue().wake();
        assertThat(queue().awaitQuiet(PATIENCE)).isTrue();
    }

    private void turn(Duration by) {
        clock.advance(by);
        settle();
    }

    @Test
    void theNextHopIsDownThenTheMessageWaitsIsTriedAgainAndArrives() {
        dns.forget("mx.example.net").address("mx.example.net", "127.0.0.9");
        enter("ann@example.com", "bob@example.net");
        settle();
        turn(Duration.ofMinutes(6));
        assertThat(sink.taken).isEmpty();
        assertThat(queue().status().entries()).isEqualTo(1);
        dns.forget("mx.example.net").address("mx.example.net", "127.0.0.1");
        turn(Duration.ofMinutes(20));
        assertThat(sink.taken)
                .singleElement()
                .satisfies(t -> assertThat(t.data()).endsWith("hello\r\n"));
        assertThat(queue().status().entries()).isZero();
        assertThat(local).isEmpty();
    }

    @Test
    void theNextHopStaysDownThenTheSenderGetsAReportItUnderstands() {
        dns.forget("mx.example.net").address("mx.example.net", "127.0.0.9");
        enter("ann@example.com", "bob@example.net");
        settle();
        for (int hour = 0; hour < 5 * 24 + 3; hour++) {
            turn(Duration.ofHours(1));
        }
        assertThat(local)
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .contains("Your message \"plan\"")
                        .contains("It could NOT be delivered to one recipient")
                        .contains("Delivery was tried again and again, until the time for it was over.")
                        .contains("Status: 4.4.7")
                        // Where the line folds depends on the length of the port.
                        .containsIgnoringWhitespaces("connect to mx.example.net[127.0.0.9]"));
        assertThat(queue().status().entries()).isZero();
    }

    @Test
    void aReportThatIsRefusedEndsThere_B15() {
        dns.mx("example.org", 10, "mx.example.net");
        sink.script = c -> c.startsWith("RCPT") ? Optional.of("550 5.1.1 no such user") : Optional.empty();
        enter("a@example.org", "bob@example.net");
        settle();
        assertThat(sink.commands("MAIL")).hasSize(2);
        assertThat(sink.commands("MAIL").getFirst()).startsWith("MAIL FROM:<a@example.org>");
        assertThat(sink.commands("MAIL").getLast()).startsWith("MAIL FROM:<>").doesNotContain("RET");
        assertThat(sink.commands("RCPT").getLast()).startsWith("RCPT TO:<a@example.org>");
        assertThat(queue().status().entries()).isZero();
    }

    @Test
    void theRelayhostGetsEverythingForOthersInEveryForm() {
        for (String relayhost : List.of(
                "[127.0.0.1]:" + sink.port(),
                "[mx.example.net]",
                "example.net",
                "example.net:" + sink.port(),
                "[127.0.0.9]:" + sink.port() + ", [127.0.0.1]:" + sink.port())) {
            parameters.put("relayhost", relayhost);
            made.ifPresent(Queue::close);
            made = Optional.empty();
            sink.taken.clear();
            enter("ann@example.com", "x@elsewhere.example");
            settle();
            assertThat(sink.taken).as(relayhost).hasSize(1);
        }
        enter("ann@example.com", "ann@example.com");
        settle();
        assertThat(local).hasSize(1);
    }

    @Test
    void errorDiscardAndUnknownTransports() {
        parameters.put("default_transport", "error:5.7.1 no mail to others");
        enter("ann@example.com", "x@elsewhere.example");
        settle();
        assertThat(local)
                .singleElement()
                .satisfies(r -> assertThat(r).contains("Status: 5.7.1").contains("no mail to others"));
        made.ifPresent(Queue::close);
        made = Optional.empty();
        parameters.put("default_transport", "discard:");
        enter("ann@example.com", "x@elsewhere.example");
        settle();
        assertThat(queue().status().entries()).isZero();
        made.ifPresent(Queue::close);
        made = Optional.empty();
        parameters.put("default_transport", "uucp:");
        enter("ann@example.com", "x@elsewhere.example");
        settle();
        assertThat(queue().status().entries()).isEqualTo(1);
        assertThat(sink.taken).isEmpty();
    }

    @Test
    void lmtpIsATransport() {
        sink.lmtp = true;
        parameters.put("default_transport", "lmtp:inet:127.0.0.1:" + sink.port());
        enter("ann@example.com", "x@elsewhere.example");
        settle();
        assertThat(sink.taken).hasSize(1);
        assertThat(sink.commands.getFirst()).startsWith("LHLO ");
    }
}
