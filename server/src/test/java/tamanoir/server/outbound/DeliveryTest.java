package tamanoir.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.BodyType;
import tamanoir.mail.smtp.Envelope.Notify;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Envelope.Return;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.intake.GenericAddresses;
import tamanoir.server.net.Network;
import tamanoir.server.net.TlsClient;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TestCertificates;

/// Deliveries to servers on loopback that answer as each test says.
class DeliveryTest {
    @TempDir
    Path home;

    private final Network network = new Network();
    private final FakeDns dns = new FakeDns();
    private final MemoryStore store = new MemoryStore();
    private final Sink sink = new Sink();
    private final List<AutoCloseable> others = new ArrayList<>();
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> passwords = new HashMap<>();
    private TlsClient tls = new TlsClient();
    private PassingChecks checks = PassingChecks.NONE;
    private Optional<Outbound> made = Optional.empty();

    DeliveryTest() {
        parameters.put("smtp_tcp_port", Integer.toString(sink.port()));
        parameters.put("myhostname", "mail.example.com");
        dns.mx("example.net", 10, "mx.example.net").address("mx.example.net", "127.0.0.1");
    }

    @AfterEach
    void end() throws Exception {
        made.ifPresent(Outbound::close);
        sink.close();
        for (AutoCloseable other : others) {
            other.close();
        }
        network.close();
        store.close();
    }

    private Outbound out() {
        if (made.isEmpty()) {
            OutboundSettings settings = OutboundSettings.of(Config.of(home, parameters));
            LookupTable table = new LookupTable() {
                @Override
                public Optional<String> lookup(String key) {
                    return Optional.ofNullable(passwords.get(key));
                }

                @Override
                public boolean wantsWholeKeyOnly() {
                    return false;
                }

                @Override
                public String name() {
                    return "test:passwords";
                }
            };
            Ourselves ourselves = new Ourselves(Set.of("mail.example.com"), Set.of(), Set.of(25));
            made = Optional.of(new Outbound(
                    network,
                    dns,
                    store.blobs(),
                    new Outbound.Manner(settings, ourselves, tls, tls, List.of(table), checks),
                    new Random(1)));
        }
        return made.get();
    }

    private static final String PLAIN = "From: a@example.com\r\nSubject: hi\r\n\r\nHello\r\n.dot\r\n";

    private Map<String, Outcome> send(Envelope envelope, Octets content, NextHop hop, boolean lmtp) {
        Body body = content.length() <= Body.SMALL ? new Body.Small(content) : large(content);
        QueuedMessage message = new QueuedMessage(
                new QueueId(1 << 20), Instant.now(), envelope, Octets.of("Received: here\r\n"), body, false, "");
        Map<Recipient, Outcome> outcomes = out().towards(List.of(hop), lmtp).deliver(message, envelope.recipients());
        Map<String, Outcome> byAddress = new HashMap<>();
        outcomes.forEach((r, o) -> byAddress.put(r.address().toString(), o));
        assertThat(byAddress).hasSize(envelope.recipients().size());
        return byAddress;
    }

    private Body large(Octets content) {
        try (Blobs.Spool spool = store.blobs().spool()) {
            spool.write(content.array(), content.arrayOffset(), content.length());
            return new Body.Large(spool.keep(), content.length());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Envelope envelope(String sender, String... recipients) {
        return Envelope.of(
                sender.isEmpty() ? ReversePath.NULL : ReversePath.of(Address.of(sender)),
                Arrays.stream(recipients).map(r -> Recipient.of(Address.of(r))).toList());
    }

    private static Envelope international(String sender, String... recipients) {
        Envelope plain = envelope(sender, recipients);
        return new Envelope(
                plain.sender(),
                plain.recipients(),
                true,
                BodyType.EIGHT_BIT_MIME,
                Return.UNSPECIFIED,
                Optional.empty(),
                false);
    }

    private Map<String, Outcome> send(String... recipients) {
        return send(envelope("ann@example.com", recipients), Octets.of(PLAIN), NextHop.of("example.net", false), false);
    }

    private Map<String, Outcome> sendText(String content) {
        return send(
                envelope("ann@example.com", "bob@example.net"),
                Octets.latin1(content),
                NextHop.of("example.net", false),
                false);
    }

    private static String text(@Nullable Outcome outcome) {
        if (outcome == null) {
            return "no outcome";
        }
        return outcome.getClass().getSimpleName() + " " + outcome.relay() + " " + outcome.reply();
    }

    private String bob(Map<String, Outcome> outcomes) {
        return text(outcomes.get("bob@example.net"));
    }

    // ---- the ordinary way

    @Test
    void aMessageIsSentAsItIsWithItsEnvelope() {
        assertThat(bob(send("bob@example.net")))
                .isEqualTo("Sent mx.example.net[127.0.0.1]:" + sink.port() + " 250 2.0.0 queued");
        assertThat(sink.commands.getFirst()).isEqualTo("EHLO mail.example.com");
        assertThat(sink.taken).singleElement().satisfies(t -> {
            assertThat(t.mail())
                    .isEqualTo("MAIL FROM:<ann@example.com> SIZE=" + ("Received: here\r\n" + PLAIN).length());
            assertThat(t.recipients()).containsExactly("RCPT TO:<bob@example.net>");
            assertThat(t.data()).isEqualTo("Received: here\r\n" + PLAIN);
        });
    }

    /// generic(5): addresses that mean something here only are others in envelope and header; other text stays.
    @Test
    void genericMapsChangeAddressesOnTheWayOut() {
        Config config = Config.of(
                home,
                Map.of(
                        "myorigin", "example.com",
                        "mydestination", "example.com",
                        "recipient_delimiter", "+",
                        "propagate_unmatched_extensions", "canonical, virtual, generic",
                        "smtp_generic_maps", "inline:{ {ann=ann@isp.example} {@inner.example=@outer.example} }"));
        Trace trace = new Trace("test", "");
        PassingChecks patterns = (message, t, id) -> List.of(new PassingChecks.Change(0, 16, Octets.EMPTY));
        checks = GenericAddresses.of(config, new Tables(home, Clock.systemUTC(), trace), patterns);
        Map<String, Outcome> outcomes = send(
                envelope("ann+x@example.com", "bob@inner.example"),
                Octets.of("From: Ann <ann@example.com> (ann@example.com)\r\nTo: bob@inner.example\r\n"
                        + "Subject: ann@example.com\r\n\r\nann@example.com\r\n"),
                NextHop.of("example.net", false),
                false);
        assertThat(text(outcomes.get("bob@inner.example"))).startsWith("Sent");
        assertThat(sink.taken).singleElement().satisfies(t -> {
            assertThat(t.mail()).startsWith("MAIL FROM:<ann+x@isp.example>");
            assertThat(t.recipients()).containsExactly("RCPT TO:<bob@outer.example>");
            assertThat(t.data())
                    .isEqualTo("From: Ann <ann@isp.example> (ann@example.com)\r\nTo: bob@outer.example\r\n"
                            + "Subject: ann@example.com\r\n\r\nann@example.com\r\n");
        });
    }

    @Test
    void withoutPipeliningEachCommandWaitsForItsAnswer() {
        sink.keywords = List.of();
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.taken.getFirst().mail()).isEqualTo("MAIL FROM:<ann@example.com>");
    }

    @Test
    void aServerThatKnowsOnlyHeloIsServed() {
        sink.script = c -> c.startsWith("EHLO") ? Optional.of("502 what") : Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.commands).contains("HELO mail.example.com");
    }

    @Test
    void eachRecipientHasItsOwnOutcome() {
        sink.script = c -> c.contains("<no@")
                ? Optional.of("550-5.1.1 no such\r\n550 5.1.1 user")
                : c.contains("<later@") ? Optional.of("450 4.2.1 busy") : Optional.empty();
        Map<String, Outcome> outcomes = send("bob@example.net", "no@example.net", "later@example.net");
        assertThat(bob(outcomes)).startsWith("Sent");
        assertThat(text(outcomes.get("no@example.net")))
                .endsWith("550 5.1.1 no such user")
                .startsWith("Failed");
        assertThat(text(outcomes.get("later@example.net")))
                .startsWith("Deferred")
                .endsWith("450 4.2.1 busy");
    }

    @Test
    void whenEveryRecipientIsRefusedNothingIsSentAndTheSessionGoesOn() {
        sink.script = c -> c.startsWith("RCPT TO:<no@") ? Optional.of("550 5.1.1 no") : Optional.empty();
        assertThat(text(send("no@example.net").get("no@example.net"))).startsWith("Failed");
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.taken).hasSize(1);
        assertThat(sink.connections.get()).isEqualTo(1);
        assertThat(sink.commands).contains("RSET");
    }

    @Test
    void aServerThatTakesDataWithoutRecipientsGetsAnEmptyEnd() {
        sink.script = c -> c.startsWith("RCPT TO:<no@")
                ? Optional.of("550 5.1.1 no")
                : c.equals("DATA") && sink.taken.isEmpty() ? Optional.of("354 well") : Optional.empty();
        assertThat(text(send("no@example.net").get("no@example.net"))).startsWith("Failed");
        assertThat(sink.taken).isEmpty();
        sink.script = c -> Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
    }

    @Test
    void dsnParametersArePassedOn() {
        sink.keywords = List.of("PIPELINING", "DSN");
        Recipient recipient = new Recipient(
                Address.of("bob@example.net"),
                Address.of("bob@example.net"),
                Set.of(Notify.SUCCESS, Notify.FAILURE),
                Optional.of("rfc822;Bob+2Bx@example.org"));
        Envelope envelope = new Envelope(
                ReversePath.of(Address.of("ann@example.com")),
                List.of(recipient, Recipient.of(Address.of("carl+x@example.net"))),
                false,
                BodyType.UNSPECIFIED,
                Return.HEADERS,
                Optional.of("QQ+2B1"),
                false);
        Outcome outcome = send(envelope, Octets.of(PLAIN), NextHop.of("example.net", false), false)
                .get("bob@example.net");
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Sent.class, s -> assertThat(s.dsnTaken()).isTrue());
        assertThat(sink.commands("MAIL")).containsExactly("MAIL FROM:<ann@example.com> RET=HDRS ENVID=QQ+2B1");
        assertThat(sink.commands("RCPT"))
                .containsExactly(
                        "RCPT TO:<bob@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Bx@example.org",
                        "RCPT TO:<carl+x@example.net> ORCPT=rfc822;carl+2Bx@example.net");
    }

    @Test
    void aMessageLargerThanTheServerTakesFailsUnsent() {
        sink.keywords = List.of("SIZE 20");
        assertThat(bob(send("bob@example.net"))).startsWith("Failed").contains("552 5.3.4");
        assertThat(sink.commands("MAIL")).isEmpty();
    }

    // ---- many recipients

    @Test
    void tooManyAtOnceGoInAnotherTransaction_B08() {
        for (String code : List.of("452 4.5.3 too many", "552 too many")) {
            AtomicInteger count = new AtomicInteger();
            sink.script = c -> {
                if (c.startsWith("MAIL")) {
                    count.set(0);
                }
                return c.startsWith("RCPT") && count.incrementAndGet() > 3 ? Optional.of(code) : Optional.empty();
            };
            sink.taken.clear();
            String[] many = new String[10];
            for (int i = 0; i < many.length; i++) {
                many[i] = "u" + i + "@example.net";
            }
            Map<String, Outcome> outcomes = send(many);
            assertThat(outcomes.values()).allMatch(o -> o instanceof Outcome.Sent);
            assertThat(sink.taken).extracting(t -> t.recipients().size()).containsExactly(3, 3, 3, 1);
        }
    }

    @Test
    void aServerThatTakesNobodyBecauseOfTooManyIsDeferred_B08() {
        sink.script = c -> c.startsWith("RCPT") ? Optional.of("552 too many") : Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Deferred").contains("452 4.5.3");
    }

    // ---- lines

    @Test
    void longLinesAreFoldedWhereThatIsAllowed_B09() {
        StringBuilder references = new StringBuilder("References:");
        while (references.length() < 1500) {
            references.append(" <").append(references.length()).append("@example.com>");
        }
        String eight = "x" + "\u00fc".repeat(2000);
        String content = references + "\r\nMIME-Version: 1.0\r\n\r\n" + "a".repeat(1 << 20) + "\r\n";
        Outcome outcome = send(
                        envelope("ann@example.com", "bob@example.net"),
                        Octets.join(Octets.of(content), Octets.of(eight + "\r\n")),
                        NextHop.of("example.net", false),
                        false)
                .get("bob@example.net");
        assertThat(outcome).isInstanceOf(Outcome.Sent.class);
        String data = sink.taken.getFirst().data();
        for (String line : data.split("\r\n")) {
            assertThat(line.length()).isLessThanOrEqualTo(998);
        }
        String header = data.substring(0, data.indexOf("\r\n\r\n"));
        assertThat(header.replace("\r\n ", " ")).contains(references);
        String utf8 = new String(data.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(utf8).doesNotContain("\ufffd");
        assertThat(utf8.substring(utf8.indexOf("\r\n\r\n") + 4).replace("\r\n ", ""))
                .isEqualTo("a".repeat(1 << 20) + "\r\n" + eight + "\r\n");
    }

    @Test
    void aHeaderWordWithoutABlankIsLeftWhole_B09() {
        String content = "X-Long: " + "y".repeat(3000) + " z\r\n\r\nbody\r\n";
        assertThat(bob(sendText(content))).startsWith("Sent");
        assertThat(sink.taken.getFirst().data()).contains("y".repeat(3000));
    }

    @Test
    void onlyProperLineEndsLeave_B10() {
        assertThat(bob(sendText("Subject: x\n\na\nb\r\r\nc\rd\r\n.\n..\r\nlast\r")))
                .startsWith("Sent");
        assertThat(sink.taken.getFirst().data())
                .isEqualTo("Received: here\r\nSubject: x\r\n\r\na\r\nb \r\nc d\r\n.\r\n..\r\nlast \r\n");
    }

    @Test
    void dotsAreDoubledWhateverTheSizeAndSeams() {
        StringBuilder body = new StringBuilder("Subject: dots\r\n\r\n");
        while (body.length() < 300_000) {
            body.append(".\r\n..two\r\nx".repeat(3)).append("\r\n");
        }
        assertThat(bob(sendText(body.toString()))).startsWith("Sent");
        assertThat(sink.taken.getFirst().data()).isEqualTo("Received: here\r\n" + body);
    }

    @Test
    void aMessageWithoutALastLineEndGetsOne() {
        assertThat(bob(sendText("Subject: x\r\n\r\nend"))).startsWith("Sent");
        assertThat(sink.taken.getFirst().data()).endsWith("\r\nend\r\n");
    }

    // ---- 8 bits

    @Test
    void eightBitsAreAnnouncedWhereTheyAreTaken() {
        assertThat(bob(sendText("Subject: x\r\n\r\ngr\u00fcn\r\n"))).startsWith("Sent");
        assertThat(sink.commands("MAIL").getFirst()).contains(" BODY=8BITMIME");
        assertThat(sink.taken.getFirst().data()).endsWith("gr\u00fcn\r\n");
    }

    @Test
    void eightBitPartsAreEncodedForAServerOfSevenBits() {
        sink.keywords = List.of("PIPELINING");
        String content = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\npre\u00fc\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\ngr\u00fcn = ok \r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
                + "Subject: inner\r\nContent-Type: image/png\r\n\r\n\u0089PNG\r\n--b\r\n\r\nplain\r\n--b--\r\n";
        assertThat(bob(sendText(content))).startsWith("Sent");
        String data = sink.taken.getFirst().data();
        assertThat(data.chars().allMatch(c -> c < 128)).isTrue();
        assertThat(data)
                .contains("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\npre?")
                .contains("Content-Transfer-Encoding: quoted-printable\r\n\r\ngr=FCn =3D ok=20\r\n--b\r\n")
                .contains("Subject: inner\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getEncoder().encodeToString("\u0089PNG".getBytes(StandardCharsets.ISO_8859_1)))
                .contains("--b\r\n\r\nplain\r\n--b--\r\n");
    }

    @Test
    void conversionCanBeSwitchedOff() {
        parameters.put("disable_mime_output_conversion", "yes");
        sink.keywords = List.of();
        assertThat(bob(sendText("Subject: x\r\n\r\ngr\u00fcn\r\n"))).startsWith("Sent");
        assertThat(sink.taken.getFirst().data()).endsWith("gr\u00fcn\r\n");
    }

    @Test
    void binaryMimeGoesInAChunkWhereItIsTakenAndIsEncodedElsewhere() {
        String content = "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Transfer-Encoding: binary\r\n\r\n\u0000\n\r\u00ff.\n";
        Envelope plain = envelope("ann@example.com", "bob@example.net");
        Envelope binary = new Envelope(
                plain.sender(),
                plain.recipients(),
                false,
                BodyType.BINARY_MIME,
                Return.UNSPECIFIED,
                Optional.empty(),
                false);
        sink.keywords = List.of("PIPELINING", "8BITMIME", "CHUNKING", "BINARYMIME");
        send(binary, Octets.latin1(content), NextHop.of("example.net", false), false);
        assertThat(sink.taken.getFirst().data()).isEqualTo("Received: here\r\n" + content);
        assertThat(sink.commands("MAIL").getFirst()).contains("BODY=BINARYMIME");
        made.ifPresent(Outbound::close);
        made = Optional.empty();
        sink.keywords = List.of("PIPELINING", "8BITMIME");
        send(binary, Octets.latin1(content), NextHop.of("example.net", false), false);
        assertThat(sink.taken.getLast().data()).contains("Content-Transfer-Encoding: base64\r\n\r\nAAoN/y4K\r\n");
    }

    // ---- international mail

    @Test
    void smtpUtf8ThatIsNotNeededIsNotAskedFor_B14a() {
        sink.keywords = List.of("PIPELINING", "SMTPUTF8", "8BITMIME");
        Outcome outcome = send(
                        international("a@example.com", "bob@example.net"),
                        Octets.of(PLAIN),
                        NextHop.of("example.net", false),
                        false)
                .get("bob@example.net");
        assertThat(outcome).isInstanceOf(Outcome.Sent.class);
        assertThat(sink.commands("MAIL").getFirst()).doesNotContain("SMTPUTF8");
    }

    @Test
    void anInternationalHeaderIsNeverSentRaw_B14b() {
        Octets content = Octets.of("From: \u00c4nn <a@example.com>\r\n\r\nx\r\n");
        Envelope envelope = international("a@example.com", "bob@example.net");
        String refused = text(
                send(envelope, content, NextHop.of("example.net", false), false).get("bob@example.net"));
        assertThat(refused).startsWith("Failed").contains("5.6.7");
        assertThat(sink.commands("MAIL")).isEmpty();
        sink.keywords = List.of("SMTPUTF8", "8BITMIME");
        made.ifPresent(Outbound::close);
        made = Optional.empty();
        assertThat(text(send(envelope, content, NextHop.of("example.net", false), false)
                        .get("bob@example.net")))
                .startsWith("Sent");
        assertThat(sink.commands("MAIL").getLast()).contains(" SMTPUTF8");
    }

    @Test
    void anInternationalDomainTravelsAsALabels_B14c() {
        dns.mx("xn--bcher-kva.example", 10, "mx.example.net");
        Outcome outcome = send(
                        international("a@example.com", "user@b\u00fccher.example"),
                        Octets.of(PLAIN),
                        NextHop.of("example.net", false),
                        false)
                .get("user@b\u00fccher.example");
        assertThat(outcome).isInstanceOf(Outcome.Sent.class);
        assertThat(sink.commands("RCPT")).containsExactly("RCPT TO:<user@xn--bcher-kva.example>");
    }

    @Test
    void anInternationalRecipientFailsAloneWhereItIsNotTaken_B14d() {
        Map<String, Outcome> outcomes = send(
                international("a@example.com", "us\u00e9r@example.net", "bob@example.net"),
                Octets.of(PLAIN),
                NextHop.of("example.net", false),
                false);
        assertThat(text(outcomes.get("us\u00e9r@example.net")))
                .startsWith("Failed")
                .contains("553 5.6.7");
        assertThat(bob(outcomes)).startsWith("Sent");
        assertThat(sink.commands("RCPT")).containsExactly("RCPT TO:<bob@example.net>");
    }

    // ---- servers that are not well

    private Sink second(String address) {
        Sink other = new Sink(address, sink.port());
        others.add(other);
        return other;
    }

    @Test
    void whatTheFirstServerPutsOffTheNextOneGets() {
        second("127.0.0.2");
        dns.mx("example.net", 20, "mx2.example.net").address("mx2.example.net", "127.0.0.2");
        for (String greeting : List.of("421 4.3.2 not now", "554 5.7.1 go away")) {
            sink.greeting = greeting;
            assertThat(bob(send("bob@example.net"))).startsWith("Sent mx2.example.net[127.0.0.2]");
            made.ifPresent(Outbound::close);
            made = Optional.empty();
        }
    }

    @Test
    void aDeadServerGivesWayToTheLivingOne_B13() {
        dns.mx("dead.example", 10, "dead1.example").mx("dead.example", 10, "alive.example");
        dns.address("dead1.example", "127.0.0.9").address("alive.example", "127.0.0.1");
        for (int i = 0; i < 5; i++) {
            Outcome outcome = send(
                            envelope("a@example.com", "bob@dead.example"),
                            Octets.of(PLAIN),
                            NextHop.of("dead.example", false),
                            false)
                    .get("bob@dead.example");
            assertThat(text(outcome)).startsWith("Sent alive.example");
        }
    }

    @Test
    void nobodyListeningIsDeferredWithPostfixWords() {
        dns.forget("mx.example.net").address("mx.example.net", "127.0.0.9");
        assertThat(bob(send("bob@example.net")))
                .startsWith("Deferred none 451 4.4.1 connect to mx.example.net[127.0.0.9]:" + sink.port() + ": ")
                .containsIgnoringCase("refused");
    }

    @Test
    void aServerThatHangsUpIsDeferredAndSaidWhere() {
        sink.script = c -> c.equals(".") ? Optional.of(Sink.HANG_UP) : Optional.empty();
        assertThat(bob(send("bob@example.net")))
                .startsWith("Deferred")
                .contains("4.4.2 lost connection with mx.example.net[127.0.0.1]")
                .contains("while sending end of data -- message may be sent more than once");
    }

    @Test
    void aSilentServerIsLeftWhenItsTimeIsUp() {
        parameters.put("smtp_helo_timeout", "1s");
        sink.silent = true;
        assertThat(bob(send("bob@example.net")))
                .contains("4.4.2 conversation with")
                .contains("timed out while receiving the initial server greeting");
    }

    @Test
    void nonsenseAndEndlessRepliesAreNotBelieved() {
        for (String nonsense : List.of("hello", "99 x", "600 x", "25", "2500 x", "250x", "250-" + "y".repeat(5000))) {
            sink.script = c -> c.startsWith("MAIL") ? Optional.of(nonsense) : Optional.empty();
            assertThat(bob(send("bob@example.net"))).as(nonsense).startsWith("Deferred");
        }
    }

    @Test
    void controlsInARepplyMakeNoLineOfTheirOwn() {
        sink.script = c -> c.startsWith("RCPT") ? Optional.of("550 5.1.1 a\u0007b\u0085c\u2028d") : Optional.empty();
        assertThat(bob(send("bob@example.net"))).endsWith("550 5.1.1 a?b?c?d");
    }

    @Test
    void notMoreThanTwoSessionsAreTried() {
        sink.script = c -> c.startsWith("MAIL") ? Optional.of("451 4.3.0 no") : Optional.empty();
        for (int i = 2; i < 6; i++) {
            Sink other = second("127.0.0." + i);
            other.script = sink.script;
            dns.mx("example.net", 10 + i, "m" + i + ".example").address("m" + i + ".example", "127.0.0." + i);
        }
        assertThat(bob(send("bob@example.net"))).startsWith("Deferred");
        int connections = sink.connections.get();
        for (AutoCloseable other : others) {
            connections += ((Sink) other).connections.get();
        }
        assertThat(connections).isEqualTo(2);
    }

    @Test
    void aFallbackRelayGetsWhatNoExchangerTakes() {
        Sink fallback = new Sink();
        others.add(fallback);
        parameters.put("smtp_fallback_relay", "[127.0.0.1]:" + fallback.port());
        dns.forget("mx.example.net").address("mx.example.net", "127.0.0.9");
        assertThat(bob(send("bob@example.net"))).startsWith("Sent 127.0.0.1[127.0.0.1]:" + fallback.port());
    }

    @Test
    void dnsTroubleIsDeferredAndNullMxFails_B11_B12() {
        dns.fails("MX", "trouble.example").mx("nomail.example", 0, ".");
        assertThat(text(send(
                                envelope("a@example.com", "b@trouble.example"),
                                Octets.of(PLAIN),
                                NextHop.of("trouble.example", false),
                                false)
                        .get("b@trouble.example")))
                .startsWith("Deferred none 451 4.4.3");
        assertThat(text(send(
                                envelope("a@example.com", "b@nomail.example"),
                                Octets.of(PLAIN),
                                NextHop.of("nomail.example", false),
                                false)
                        .get("b@nomail.example")))
                .startsWith("Failed none 556 5.1.10");
        assertThat(sink.connections.get()).isZero();
    }

    // ---- reuse

    @Test
    void aSessionIsUsedForTheNextMessage() {
        for (int i = 0; i < 5; i++) {
            assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        }
        assertThat(sink.connections.get()).isEqualTo(1);
        assertThat(sink.taken).hasSize(5);
    }

    @Test
    void aSessionThatHasGoneIsReplacedWithoutNotice() {
        send("bob@example.net");
        sink.hangUp();
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.connections.get()).isEqualTo(2);
    }

    @Test
    void aSessionIsGivenUpAfterItsCount() {
        parameters.put("smtp_connection_reuse_count_limit", "2");
        for (int i = 0; i < 4; i++) {
            send("bob@example.net");
        }
        assertThat(sink.connections.get()).isEqualTo(2);
    }

    @Test
    void withoutTheCacheEverySessionIsNew() {
        parameters.put("smtp_connection_cache_on_demand", "no");
        send("bob@example.net");
        send("bob@example.net");
        assertThat(sink.connections.get()).isEqualTo(2);
        // Nobody waits for a goodbye, so it may still be on its way.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (sink.commands("QUIT").isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        assertThat(sink.commands("QUIT")).isNotEmpty();
    }

    // ---- TLS

    private final TestCertificates authority = new TestCertificates();

    private void offerTls(String... names) throws GeneralSecurityException, IOException {
        TestCertificates.Issued issued = authority.issue("EC", names);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("k", issued.key(), new char[0], issued.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        sink.tls = Optional.of(context);
        Path file = TestCertificates.pem(home.resolve("ca.pem"), authority.authority());
        tls = new TlsClient(
                new TlsClient.Settings(List.of(file), List.of(), ">=TLSv1.2", List.of(), 100, Duration.ofHours(1)));
    }

    @Test
    void tlsIsUsedWhereItIsOfferedWhoeverTheServerIs() throws Exception {
        offerTls("quite.another.example");
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.commands)
                .containsSubsequence("EHLO mail.example.com", "STARTTLS", "(TLS)", "EHLO mail.example.com");
    }

    @Test
    void aBrokenHandshakeIsFollowedByClearTextWhereTlsIsOnlyWelcome() throws Exception {
        offerTls("mx.example.net");
        sink.breakTls = true;
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.connections.get()).isEqualTo(2);
    }

    @Test
    void demandedTlsThatIsNotThereIsDeferred() throws Exception {
        parameters.put("smtp_tls_security_level", "encrypt");
        assertThat(bob(send("bob@example.net")))
                .startsWith("Deferred")
                .contains("4.7.4 TLS is required, but was not offered by host");
        offerTls("mx.example.net");
        sink.breakTls = true;
        made = Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Deferred").contains("4.7.5 Cannot start TLS");
        assertThat(sink.commands("MAIL")).isEmpty();
    }

    @Test
    void verifiedTlsLooksAtTheName() throws Exception {
        parameters.put("smtp_tls_security_level", "verify");
        offerTls("quite.another.example");
        assertThat(bob(send("bob@example.net")))
                .startsWith("Deferred")
                .contains("4.7.5 Server certificate not verified");
        offerTls("mx.example.net");
        made = Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
    }

    @Test
    void levelNoneLeavesTlsAlone() throws Exception {
        parameters.put("smtp_tls_security_level", "none");
        parameters.put("smtp_tls_note_starttls_offer", "yes");
        offerTls("mx.example.net");
        assertThat(bob(send("bob@example.net"))).startsWith("Sent");
        assertThat(sink.commands).doesNotContain("STARTTLS");
    }

    @Test
    void mailThatRequiresTlsGoesOnlyWhereThatIsPromised() throws Exception {
        Envelope plain = envelope("ann@example.com", "bob@example.net");
        Envelope strict = new Envelope(
                plain.sender(),
                plain.recipients(),
                false,
                BodyType.UNSPECIFIED,
                Return.UNSPECIFIED,
                Optional.empty(),
                true);
        offerTls("example.net");
        String refused = bob(send(strict, Octets.of(PLAIN), NextHop.of("example.net", false), false));
        assertThat(refused).startsWith("Failed").contains("5.7.30");
        sink.keywords = List.of("REQUIRETLS");
        assertThat(bob(send(strict, Octets.of(PLAIN), NextHop.of("example.net", false), false)))
                .startsWith("Sent");
        assertThat(sink.commands("MAIL")).containsExactly("MAIL FROM:<ann@example.com> REQUIRETLS");
    }

    // ---- logging in

    @Test
    void passwordsAreFoundByTheNexthopAsWritten() throws Exception {
        offerTls("mx.example.net");
        parameters.put("smtp_sasl_auth_enable", "yes");
        sink.keywords = List.of("AUTH PLAIN LOGIN");
        String hop = "[127.0.0.1]:" + sink.port();
        passwords.put(hop, "ann:se:cret");
        passwords.put("127.0.0.1", "wrong:one");
        sink.script = c -> c.startsWith("AUTH")
                ? Optional.of(c.equals("AUTH PLAIN " + base64("\0ann\0se:cret")) ? "235 2.7.0 yes" : "535 5.7.8 no")
                : Optional.empty();
        assertThat(bob(send(
                        envelope("a@example.com", "bob@example.net"), Octets.of(PLAIN), NextHop.of(hop, false), false)))
                .startsWith("Sent");
        assertThat(sink.commands("AUTH")).hasSize(1);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPasswordIsNotShownInClear() {
        parameters.put("smtp_sasl_auth_enable", "yes");
        parameters.put("smtp_tls_security_level", "none");
        sink.keywords = List.of("AUTH PLAIN LOGIN");
        passwords.put("example.net", "ann:secret");
        assertThat(bob(send("bob@example.net"))).startsWith("Deferred").contains("no mechanism that may be used");
        assertThat(sink.commands("AUTH")).isEmpty();
    }

    @Test
    void aRefusedLoginIsDeferredOrFailsAsConfigured() {
        parameters.put("smtp_sasl_auth_enable", "yes");
        parameters.put("smtp_sasl_security_options", "noanonymous");
        sink.keywords = List.of("AUTH LOGIN");
        passwords.put("mx.example.net", "ann:secret");
        sink.script = c -> c.startsWith("AUTH LOGIN")
                ? Optional.of("334 " + base64("Username:"))
                : c.equals(base64("ann"))
                        ? Optional.of("334 " + base64("Password:"))
                        : c.equals(base64("secret")) ? Optional.of("535 5.7.8 no") : Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Deferred").contains("SASL authentication failed");
        parameters.put("smtp_sasl_auth_soft_bounce", "no");
        made = Optional.empty();
        assertThat(bob(send("bob@example.net"))).startsWith("Failed").contains("5.7.8");
    }

    // ---- LMTP

    @Test
    void lmtpAnswersForEachRecipient_B40() {
        sink.lmtp = true;
        sink.script = c -> c.startsWith("EHLO")
                ? Optional.of("500 LHLO please")
                : c.startsWith(". RCPT TO:<full@") ? Optional.of("552 5.2.2 full") : Optional.empty();
        Map<String, Outcome> outcomes = send(
                envelope("ann@example.com", "bob@example.net", "full@example.net"),
                Octets.of(PLAIN),
                NextHop.of("inet:127.0.0.1:" + sink.port(), true),
                true);
        assertThat(bob(outcomes)).startsWith("Sent");
        assertThat(text(outcomes.get("full@example.net"))).startsWith("Failed").endsWith("552 5.2.2 full");
        assertThat(sink.commands.getFirst()).isEqualTo("LHLO mail.example.com");
    }
}
