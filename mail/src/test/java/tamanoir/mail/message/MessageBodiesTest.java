package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.mail.message.Mails.mail;
import static tamanoir.mail.message.Mails.parse;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;

/// RFC 8621 §4.1.4.
class MessageBodiesTest {
    private static String shown(Part root) {
        MessageBodies bodies = MessageBodies.of(root);
        return "text " + types(bodies.text()) + " html " + types(bodies.html()) + " attachments "
                + types(bodies.attachments());
    }

    private static String types(List<Part> parts) {
        return parts.stream().map(p -> p.contentType().mediaType()).collect(Collectors.joining(" ", "[", "]"));
    }

    private static String multipart(String subtype, String... parts) {
        String boundary = "b" + String.join("", parts).hashCode();
        StringBuilder text =
                new StringBuilder("Content-Type: multipart/" + subtype + "; boundary=\"" + boundary + "\"\n\n");
        for (String part : parts) {
            text.append("--").append(boundary).append('\n').append(part).append('\n');
        }
        return text.append("--").append(boundary).append("--\n").toString();
    }

    private static final String PLAIN = "Content-Type: text/plain\n\nplain\n";
    private static final String HTML = "Content-Type: text/html\n\n<p>html\n";
    private static final String IMAGE = "Content-Type: image/png\nContent-ID: <i@x>\n\nPNG\n";

    /// B47.
    @Test
    void aMessageThatIsOnlyAnAttachmentHasOne() {
        Part root = parse("Content-Type: application/zip; name=\"report.zip\"\n\nPK\n");
        assertThat(shown(root)).isEqualTo("text [] html [] attachments [application/zip]");
        assertThat(root.fileName()).contains("report.zip");
        MessageFacts facts = MessageFacts.of(root);
        assertThat(facts.hasAttachment()).isTrue();
        assertThat(facts.preview()).isEmpty();
        assertThat(facts.subject()).isEmpty();
    }

    /// B47.
    @Test
    void aPatchBetweenTextsIsListed() {
        String patch = "Content-Type: text/x-patch\nContent-Disposition: inline; filename=a.patch\n\n--- a\n";
        Part root = parse(multipart("mixed", PLAIN, patch, PLAIN));
        assertThat(shown(root))
                .isEqualTo("text [text/plain text/plain] html [text/plain text/plain] attachments [text/x-patch]");
        // Inline, so it is no paper clip.
        assertThat(MessageFacts.of(root).hasAttachment()).isFalse();
    }

    /// B47.
    @Test
    void aMessageWithoutHeaderIsItsText() {
        for (String text : List.of("<b>data", "<b>data\n", "\n<b>data", "folded first\n")) {
            Octets mail = mail(text);
            MessageFacts facts = Mails.askEverything(mail);
            assertThat(facts.subject()).isEmpty();
            assertThat(facts.preview()).isNotEmpty();
            Part root = MessageParser.parse(mail);
            assertThat(root.body().latin1()).endsWith(mail.latin1().stripLeading());
            assertThat(shown(root)).isEqualTo("text [text/plain] html [text/plain] attachments []");
        }
    }

    /// B47.
    @Test
    void anEmptyMessageIsAMessage() {
        for (String text : List.of("", "\n", "\n\n", "Subject: x", "Subject: x\n", "Subject: x\n\n")) {
            MessageFacts facts = Mails.askEverything(mail(text));
            assertThat(facts.structure().contentType().mediaType()).isEqualTo("text/plain");
            assertThat(facts.size()).isEqualTo(mail(text).length());
            assertThat(facts.preview()).isEmpty();
        }
    }

    /// B47.
    @Test
    void theRootOfRelatedMayBeAnImage() {
        assertThat(shown(parse(multipart("related", IMAGE, HTML))))
                .isEqualTo("text [image/png] html [image/png] attachments [text/html]");
    }

    /// B47.
    @Test
    void aCalendarAsThirdAlternativeIsAnAttachment() {
        String calendar = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n";
        Part root = parse(multipart("alternative", PLAIN, HTML, calendar));
        assertThat(shown(root)).isEqualTo("text [text/plain] html [text/html] attachments [text/calendar]");
    }

    /// The example of RFC 8621 §4.1.4.
    @Test
    void theExampleOfTheRfc() {
        String a = "Content-Type: text/plain\nContent-Disposition: inline\n\nA\n";
        String b = "Content-Type: text/plain\nContent-Disposition: inline\n\nB\n";
        String c = "Content-Type: image/jpeg\nContent-Disposition: inline\n\nC\n";
        String d = "Content-Type: text/plain\nContent-Disposition: inline\n\nD\n";
        String e = "Content-Type: text/html\n\nE\n";
        String f = "Content-Type: image/jpeg\n\nF\n";
        String g = "Content-Type: image/jpeg\nContent-Disposition: attachment\n\nG\n";
        String h = "Content-Type: application/x-excel\n\nH\n";
        String j = "Content-Type: message/rfc822\n\nSubject: J\n";
        String k = "Content-Type: text/plain\nContent-Disposition: inline\n\nK\n";
        Part root = parse(multipart(
                "mixed",
                a,
                multipart(
                        "mixed",
                        multipart("alternative", multipart("mixed", b, c, d), multipart("related", e, f)),
                        g,
                        h,
                        j),
                k));
        assertThat(shown(root))
                .isEqualTo("text [text/plain text/plain image/jpeg text/plain text/plain]"
                        + " html [text/plain text/html text/plain]"
                        + " attachments [image/jpeg image/jpeg image/jpeg application/x-excel message/rfc822]");
    }

    @Test
    void onlyHtmlIsAlsoTheText() {
        assertThat(shown(parse(multipart("alternative", HTML))))
                .isEqualTo("text [text/html] html [text/html] attachments []");
        assertThat(shown(parse(multipart("alternative", PLAIN))))
                .isEqualTo("text [text/plain] html [text/plain] attachments []");
        assertThat(shown(parse(multipart("mixed", multipart("alternative", PLAIN, multipart("related", HTML, IMAGE))))))
                .isEqualTo("text [text/plain] html [text/html] attachments [image/png]");
    }
}
