package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;

/// What the words and the header of a message that a program hands in become.
class SubmissionTest {
    private static final Config CONFIG = Config.of(Map.of("myhostname", "mail.example.com", "myorigin", "example.com"));

    private static Submission of(Optional<String> sender, String... recipients) {
        return new Submission(
                "cron",
                sender,
                Optional.empty(),
                List.of(recipients),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static String lines(String text, boolean dotEnds) {
        return Submission.lines(text.getBytes(StandardCharsets.UTF_8), dotEnds).utf8();
    }

    @Test
    void linesEndWithReturnAndFeed() {
        assertThat(lines("a\nb\r\nc", false)).isEqualTo("a\r\nb\r\nc\r\n");
        assertThat(lines("", true)).isEmpty();
        assertThat(lines("\n\r\n", true)).isEqualTo("\r\n\r\n");
    }

    @Test
    void aDotAloneEndsTheMessageUnlessToldOtherwise() {
        assertThat(lines("a\n.\nb\n", true)).isEqualTo("a\r\n");
        assertThat(lines("a\n.\r\nb\n", true)).isEqualTo("a\r\n");
        assertThat(lines("a\n.\nb\n", false)).isEqualTo("a\r\n.\r\nb\r\n");
        assertThat(lines("a\n..\n.b\n", true)).isEqualTo("a\r\n..\r\n.b\r\n");
    }

    @Test
    void recipientsAreThoseOfTheHeaderAndOfTheResentOneAlone() {
        assertThat(Submission.recipients(Octets.of("""
                        From: x@example.net\r
                        To: Ann <ann@example.net>, group: bob@example.net, local;\r
                        Cc: ann@example.net\r
                        Bcc: secret@example.net\r
                        \r
                        To: nobody@example.net\r
                        """)))
                .containsExactly("ann@example.net", "bob@example.net", "local", "secret@example.net");
        assertThat(Submission.recipients(Octets.of("To: ann@example.net\r\nResent-To: bob@example.net\r\n\r\n")))
                .containsExactly("bob@example.net");
    }

    @Test
    void bareNamesBelongToMyorigin() {
        Envelope envelope = of(Optional.empty(), "ann", "<bob@example.net>").envelope(CONFIG);
        assertThat(envelope.sender()).isEqualTo(ReversePath.of(tamanoir.mail.address.Address.of("cron@example.com")));
        assertThat(envelope.recipients().stream().map(r -> r.address().toString()))
                .containsExactly("ann@example.com", "bob@example.net");
    }

    @Test
    void theSenderMayBeNobody() {
        assertThat(of(Optional.of("<>"), "ann").envelope(CONFIG).sender()).isEqualTo(ReversePath.NULL);
        assertThat(of(Optional.of(""), "ann").envelope(CONFIG).sender()).isEqualTo(ReversePath.NULL);
    }

    @Test
    void reportsAreAskedForInWords() {
        Envelope envelope = new Submission(
                        "cron",
                        Optional.empty(),
                        Optional.empty(),
                        List.of("ann"),
                        Optional.of("a b+c"),
                        Optional.of("success,Failure"),
                        Optional.of("HDRS"))
                .envelope(CONFIG);
        assertThat(envelope.recipients().getFirst().notifications())
                .containsExactlyInAnyOrder(Envelope.Notify.SUCCESS, Envelope.Notify.FAILURE);
        assertThat(envelope.returned()).isEqualTo(Envelope.Return.HEADERS);
        assertThat(envelope.envelopeId()).contains("a+20b+2Bc");
        for (String words : List.of("always", "never,success")) {
            assertThatThrownBy(() -> new Submission(
                                    "cron",
                                    Optional.empty(),
                                    Optional.empty(),
                                    List.of("ann"),
                                    Optional.empty(),
                                    Optional.of(words),
                                    Optional.empty())
                            .envelope(CONFIG))
                    .isInstanceOf(BadSyntax.class)
                    .hasMessageStartingWith("-N ");
        }
    }

    @Test
    void aFullNameMakesTheFromFieldThatIsMissing() {
        Submission submission = new Submission(
                "cron",
                Optional.empty(),
                Optional.of("Cron Daemon"),
                List.of("ann"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(submission.completed(Octets.of("Subject: x\r\n\r\n"), CONFIG).utf8())
                .isEqualTo("From: Cron Daemon <cron@example.com>\r\nSubject: x\r\n\r\n");
        assertThat(submission
                        .completed(Octets.of("From: y@example.net\r\n\r\n"), CONFIG)
                        .utf8())
                .isEqualTo("From: y@example.net\r\n\r\n");
    }
}
