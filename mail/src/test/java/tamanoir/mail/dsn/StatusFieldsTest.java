package tamanoir.mail.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.dsn.DeliveryReport.Action;
import tamanoir.mail.dsn.DeliveryReport.Diagnostic;
import tamanoir.mail.dsn.DeliveryReport.Recipient;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class StatusFieldsTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    @Test
    void whatIsWrittenIsReadBackInBothForms() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            DeliveryReport report = randomReport(random);
            for (boolean utf8 : new boolean[] {true, false}) {
                if (utf8 || report.envelopeId().orElse("").chars().allMatch(c -> c < 128)) {
                    Octets written = StatusFields.write(report, ZONE, utf8);
                    assertThat(StatusFields.parse(written))
                            .as("seed %d round %d: %s", seed, round, written)
                            .isEqualTo(report);
                    for (String line : written.utf8().split("\r\n")) {
                        assertThat(line.length()).isLessThan(999);
                    }
                }
            }
        }
    }

    private static DeliveryReport randomReport(Random random) {
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            recipients.add(new Recipient(
                    address(random),
                    address(random),
                    List.of(Action.values()).get(random.nextInt(5)),
                    (random.nextBoolean() ? "5." : "4.") + random.nextInt(8) + "." + random.nextInt(30),
                    perhaps(random, "mx" + random.nextInt(9) + ".example.net"),
                    perhaps(random, new Diagnostic(random.nextBoolean() ? "smtp" : "X-Postfix", words(random))),
                    perhaps(random, Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000))),
                    perhaps(random, Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000)))));
        }
        return new DeliveryReport(
                "Postfix",
                "mail.example.com",
                perhaps(random, "QQ" + random.nextInt(1000)),
                "4BcD" + random.nextInt(100),
                perhaps(random, address(random)),
                Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000)),
                recipients);
    }

    private static String words(Random random) {
        StringBuilder words = new StringBuilder("550");
        for (int i = 0; i <= random.nextInt(40); i++) {
            words.append(' ').append("x".repeat(1 + random.nextInt(12)));
        }
        return words.toString();
    }

    private static TypedAddress address(Random random) {
        String[] locals = {"ann", "b.c+d", "\"odd one\"", "ü\u00dfer", "\u6d4b\u8bd5", "o'hara"};
        return TypedAddress.of(
                Address.of(locals[random.nextInt(locals.length)] + "@host" + random.nextInt(9) + ".example"));
    }

    private static <T> Optional<T> perhaps(Random random, T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    @Test
    void aLineBreakHiddenInOrcptOrEnvidStaysHidden_B07() {
        TypedAddress original = TypedAddress.ofOriginal("rfc822;u+0D+0AX-Evil:+201");
        DeliveryReport report = new DeliveryReport(
                "Postfix",
                "mail.example.com",
                Optional.of(OneLine.ofXtext("e+0D+0Aqueue-line")),
                "Q1",
                Optional.empty(),
                Instant.EPOCH,
                List.of(new Recipient(
                        TypedAddress.of(Address.of("user001@example.com")),
                        original,
                        Action.FAILED,
                        "5.1.1",
                        Optional.empty(),
                        Optional.of(new Diagnostic("smtp", "550 no\r\nFinal-Recipient: rfc822; x@y")),
                        Optional.empty(),
                        Optional.empty())));
        String text = StatusFields.write(report, ZONE, false).latin1();
        assertThat(text.lines().filter(l -> l.startsWith("Original-Recipient:")))
                .containsExactly("Original-Recipient: rfc822; u+0D+0AX-Evil:+201");
        assertThat(text.lines().filter(l -> l.startsWith("Final-Recipient:"))).hasSize(1);
        assertThat(text.lines().filter(l -> l.startsWith("X-Evil"))).isEmpty();
        assertThat(text.lines().filter(l -> l.startsWith("queue-line"))).isEmpty();
        assertThat(text).contains("Original-Envelope-Id: e+0D+0Aqueue-line\r\n");
    }

    @Test
    void plainOrcptIsShownDecoded() {
        assertThat(TypedAddress.ofOriginal("rfc822;Bob+2Bx@example.org").text()).isEqualTo("Bob+x@example.org");
        assertThat(TypedAddress.ofOriginal("utf-8;\\x{FC}@example.org").text()).isEqualTo("ü@example.org");
    }

    @Test
    void xtextIsShownDecodedOnlyWhereItIsHarmless() {
        assertThat(OneLine.ofXtext("a+2Bb?c+3F")).isEqualTo("a+b?c?");
        for (String kept : List.of("a+0Db", "a+C2+85b", "a+E2+80+A8b", "a+FFb", "+", "+G1", "+0", "+20")) {
            assertThat(OneLine.ofXtext(kept)).isEqualTo(kept);
        }
        assertThat(OneLine.of("a\r\nb\tc\u2028d")).isEqualTo("a??b c?d");
    }

    @Test
    void brokenReportsAreRefusedInWords() {
        for (String bad : List.of(
                "",
                "Reporting-MTA: dns; x\r\n",
                "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: odd\r\nStatus: 5.0.0\r\n",
                "Reporting-MTA: dns; x\r\n\r\nAction: failed\r\n",
                "Reporting-MTA: dns; x\r\nArrival-Date: yesterday\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.0.0\r\n")) {
            assertThatThrownBy(() -> StatusFields.parse(Octets.of(bad))).isInstanceOf(BadSyntax.class);
        }
    }
}
