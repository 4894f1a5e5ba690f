package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcVerifier;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.DkimFolder;
import tamanoir.server.authresults.DkimFolder.Kept;
import tamanoir.server.authresults.DkimFolder.Stage;
import tamanoir.server.delivery.Srs;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Body;
import tamanoir.server.testkit.TurnableClock;

/// Mail that goes on to another server, and what comes back (B19).
class ForwardingTest {
    private static final String MESSAGE = "From: a@example.net\r\nSubject: on\r\n\r\nbody\r\n";

    @TempDir
    private Path home;

    private static String send(MailOnLoopback up, String from, String to) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail(from, MESSAGE, to);
        }
    }

    private MailOnLoopback up(Map<String, String> more) throws IOException {
        Path aliases = Files.writeString(home.resolve("aliases"), "away: bob@sink.example\n");
        Path virtual = Files.writeString(home.resolve("virtual"), "gone@example.org bob@sink.example\n");
        Map<String, String> values = new java.util.HashMap<>(
                Map.of("alias_maps", "hash:" + aliases, "virtual_alias_maps", "hash:" + virtual));
        values.putAll(more);
        return new MailOnLoopback(home, values);
    }

    private static Srs srs(TurnableClock clock) {
        return new Srs(
                Optional.of(Domain.of("example.com")),
                Duration.ofDays(21),
                () -> "0123456789abcdef".getBytes(StandardCharsets.US_ASCII),
                clock);
    }

    private static Address forwarded(Srs srs, String sender) {
        return srs.forward(ReversePath.of(Address.of(sender))) instanceof ReversePath.Sender(Address made)
                ? made
                : Address.of("nobody@example.com");
    }

    // ---- the form ------------------------------------------------------------------------------------------------

    @Test
    void aSenderComesBackAsItWasWhateverTheCase() {
        TurnableClock clock = new TurnableClock(Instant.parse("2026-11-25T12:00:00Z"));
        Srs srs = srs(clock);
        for (String sender : List.of("a@strict.example", "a=b+c@x.example", "SRS0x@x.example", "-=-@x.example")) {
            Address made = forwarded(srs, sender);
            assertThat(made.toString()).startsWith("SRS0=").endsWith("@example.com");
            assertThat(srs.claims(made)).isTrue();
            assertThat(srs.reverse(made)).contains(Address.of(sender));
            Address low = Address.of(made.toString().toLowerCase(Locale.ROOT));
            assertThat(srs.reverse(low).map(one -> one.toString().toLowerCase(Locale.ROOT)))
                    .contains(sender.toLowerCase(Locale.ROOT));
        }
        assertThat(srs.forward(ReversePath.NULL)).isEqualTo(ReversePath.NULL);
        assertThat(Srs.OFF.forward(ReversePath.of(Address.of("a@b.example"))))
                .isEqualTo(ReversePath.of(Address.of("a@b.example")));
    }

    @Test
    void aChainOfForwardersDoesNotGrowAndBouncesGoToTheFirst() {
        TurnableClock clock = new TurnableClock(Instant.parse("2026-11-25T12:00:00Z"));
        Srs srs = srs(clock);
        String first = "SRS0=AAAA=BC=author.example=a@one.example";
        Address second = forwarded(srs, first);
        assertThat(second.localPart()).startsWith("SRS1=").endsWith("=one.example==AAAA=BC=author.example=a");
        assertThat(srs.reverse(second)).contains(Address.of(first));
        Address third = forwarded(srs, "SRS1=XXXX=one.example==AAAA=BC=author.example=a@two.example");
        assertThat(third).isEqualTo(second);
        Address other = forwarded(srs, "SRS0+AAAA=BC=author.example=a@one.example");
        assertThat(srs.reverse(other)).contains(Address.of("SRS0+AAAA=BC=author.example=a@one.example"));
    }

    @Test
    void whatWasForgedOrIsOldIsNobody() {
        TurnableClock clock = new TurnableClock(Instant.parse("2026-11-25T12:00:00Z"));
        Srs srs = srs(clock);
        Address made = forwarded(srs, "a@strict.example");
        assertThat(srs.reverse(Address.of(made.toString().replace("=a@", "=b@"))))
                .isEmpty();
        assertThat(srs.reverse(Address.of(made.toString().replace("strict", "victim"))))
                .isEmpty();
        for (String bad : List.of("SRS0=", "SRS0=x", "SRS0=AAAAAAAAAA=AA=b.example=a", "SRS1=AAAAAAAAAA==", "SRS0=€")) {
            assertThat(srs.reverse(new Address(bad, Domain.of("example.com"))))
                    .as(bad)
                    .isEmpty();
        }
        clock.advance(Duration.ofDays(20));
        assertThat(srs.reverse(made)).isPresent();
        clock.advance(Duration.ofDays(3));
        assertThat(srs.reverse(made)).isEmpty();
    }

    // ---- in the server -------------------------------------------------------------------------------------------

    @Test
    void senderOfForwardsIsKeptUnlessAskedFor() throws IOException {
        try (MailOnLoopback up = up(Map.of())) {
            assertThat(send(up, "a@strict.example", "away@example.com")).startsWith("250");
            assertThat(up.owed()).containsExactly("a@strict.example -> bob@sink.example");
        }
    }

    @Test
    void aForwardLeavesWithOurSenderAndItsBounceComesBack() throws IOException {
        try (MailOnLoopback up = up(Map.of("srs_domain", "example.com"))) {
            up.account("ann@example.com");
            assertThat(send(up, "a@strict.example", "away@example.com")).startsWith("250");
            assertThat(up.owed())
                    .singleElement()
                    .asString()
                    .matches("SRS0=.*=strict.example=a@example.com -> bob@sink.example");
            String made = up.owed().getFirst().replaceAll(" -> .*", "");
            assertThat(send(up, "", made.toLowerCase(Locale.ROOT))).startsWith("250");
            assertThat(up.owed()).contains(" -> a@strict.example");
            assertThat(send(up, "", made.replace("strict", "victim"))).startsWith("550 5.1.1");
            assertThat(send(up, "", "SRS0=AAAAAAAAAA=AA=victim.example=a@example.com"))
                    .startsWith("550 5.1.1");
            assertThat(up.owed()).hasSize(2);
        }
    }

    @Test
    void aVirtualAliasToAnotherServerDoesTheSame() throws IOException {
        try (MailOnLoopback up = up(Map.of("srs_domain", "example.com"))) {
            assertThat(send(up, "a@strict.example", "gone@example.org")).startsWith("250");
            assertThat(up.owed())
                    .singleElement()
                    .asString()
                    .matches("SRS0=.*=strict.example=a@example.com -> bob@sink.example");
        }
    }

    @Test
    void ourOwnSendersAndTheNullSenderStay() throws IOException {
        try (MailOnLoopback up = up(Map.of("srs_domain", "example.com"))) {
            up.account("ann@example.com");
            assertThat(send(up, "ann@example.com", "away@example.com")).startsWith("250");
            assertThat(send(up, "", "away@example.com")).startsWith("250");
            assertThat(up.owed())
                    .containsExactlyInAnyOrder("ann@example.com -> bob@sink.example", " -> bob@sink.example");
        }
    }

    // ---- seals (RFC 8617) ----------------------------------------------------------------------------------------

    /// What the queue will send to this recipient.
    private static Part leaving(MailOnLoopback up, String to) {
        return MessageParser.parse(octets(up, to));
    }

    private static Octets octets(MailOnLoopback up, String to) {
        for (Queue.Listed entry : up.queue.list(Optional.empty(), 100)) {
            if (entry.recipients().stream()
                    .anyMatch(r -> r.recipient().address().toString().equals(to))) {
                QueuedMessage message = up.queue.show(entry.id()).orElseThrow();
                return Octets.join(message.prefix(), ((Body.Small) message.body()).octets());
            }
        }
        throw new AssertionError("nothing for " + to);
    }

    private static ArcResult chain(MailOnLoopback up, Part message) throws IOException {
        return ArcVerifier.verify(
                HeaderFields.of(message.header()),
                new ByteArrayInputStream(message.body().toByteArray()),
                up.dns);
    }

    private static void key(MailOnLoopback up, Path home) throws IOException {
        Kept key = new DkimFolder(home.resolve("dkim"))
                .make(Domain.of("example.com"), "r1", Algorithm.RSA_SHA256, Stage.SIGNING);
        up.dns.txt(key.name(), key.record());
    }

    @Test
    void aForwardIsSealedByTheDomainThatItCameToAndTheNextSealGoesOnTop() throws IOException {
        Path aliases = Files.writeString(home.resolve("aliases"), "away: bob@sink.example\nagain: eve@sink.example\n");
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of("alias_maps", "hash:" + aliases))) {
            key(up, home);
            assertThat(send(up, "a@strict.example", "away@example.com")).startsWith("250");
            Part first = leaving(up, "bob@sink.example");
            assertThat(chain(up, first))
                    .returns(Result.PASS, ArcResult::result)
                    .returns(List.of("example.com"), ArcResult::sealers);
            assertThat(first.header().latin1()).contains("ARC-Authentication-Results: i=1; mail.example.com;");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                String whole = octets(up, "bob@sink.example").latin1();
                assertThat(client.mail("a@strict.example", whole, "again@example.com"))
                        .startsWith("250");
            }
            assertThat(chain(up, leaving(up, "eve@sink.example")))
                    .as(octets(up, "eve@sink.example").latin1())
                    .returns(Result.PASS, ArcResult::result)
                    .returns(2, ArcResult::instances);
        }
    }

    @Test
    void nothingIsSealedWithoutAKeyNorWhenItIsOff() throws IOException {
        try (MailOnLoopback up = up(Map.of())) {
            assertThat(send(up, "a@strict.example", "away@example.com")).startsWith("250");
            assertThat(leaving(up, "bob@sink.example").header().latin1()).doesNotContain("ARC-");
        }
        try (MailOnLoopback up = up(Map.of("arc_seal", "no"))) {
            key(up, home);
            assertThat(send(up, "a@strict.example", "away@example.com")).startsWith("250");
            assertThat(leaving(up, "bob@sink.example").header().latin1()).doesNotContain("ARC-");
        }
    }

    @Test
    void aVirtualAliasIsSealedToo() throws IOException {
        Path virtual = Files.writeString(home.resolve("virtual"), "gone@example.com bob@sink.example\n");
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of("virtual_alias_maps", "hash:" + virtual))) {
            key(up, home);
            assertThat(send(up, "a@strict.example", "gone@example.com")).startsWith("250");
            assertThat(chain(up, leaving(up, "bob@sink.example")).result()).isEqualTo(Result.PASS);
            assertThat(up.owed()).containsExactly("a@strict.example -> bob@sink.example");
        }
    }

    @Test
    void aDomainThatIsNotOursIsRefused() {
        assertThatThrownBy(() -> up(Map.of("srs_domain", "elsewhere.example")).close())
                .isInstanceOf(BadSyntax.class)
                .hasMessageContaining("srs_domain = elsewhere.example");
    }
}
