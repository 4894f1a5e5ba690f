package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.mail.message.Mails.mail;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;

/// RFC 8970 §3.
class PreviewTest {
    private static String preview(String text) {
        return MessageFacts.of(mail(text)).preview();
    }

    @Test
    void aPreviewIsTheBeginningOfTheTextOnOneLine() {
        assertThat(preview("Subject: x\n\n  Dear  all,\n\n\tthis\nis it.\n")).isEqualTo("Dear all, this is it.");
        assertThat(preview("Subject: x\n\n" + "word ".repeat(200))).hasSize(256).endsWith("word w");
        assertThat(preview("Subject: x\n\n" + "w".repeat(1000))).hasSize(256);
    }

    @Test
    void quotesOfOthersAreSkippedUnlessThereIsNothingElse() {
        assertThat(preview("Subject: x\n\n> you said\n> so\nYes.\n")).isEqualTo("Yes.");
        assertThat(preview("Subject: x\n\n> you said\n> so\n")).isEqualTo("> you said > so");
    }

    @Test
    void tagsStylesAndFillersAreNotText() {
        assertThat(preview("Content-Type: text/html\n\n<html><head><title>t</title><style>p { x: y }</style></head>"
                        + "<body><!-- no --><p>Hello&nbsp;<b>you</b>&#33;</p><p a='>'>1 &lt; 2 &unknown; &amp</p>"
                        + "<script>alert(1)</script>&#8203;&zwnj;"))
                .isEqualTo("Hello you! 1 < 2 &unknown; &");
        assertThat(preview("Content-Type: text/html\n\na<br>b<td>c")).isEqualTo("a b c");
        assertThat(preview("Content-Type: text/html\n\n1 < 2 <3")).isEqualTo("1 < 2 <3");
        assertThat(preview("Content-Type: text/html\n\nx<style>never closed")).isEqualTo("x");
        assertThat(preview("Content-Type: text/html\n\nx<a href='never closed")).isEqualTo("x");
        assertThat(preview("Content-Type: text/html\n\nx<!-- never closed")).isEqualTo("x");
    }

    /// The cut after the first octets must not decide the charset of all of them.
    @Test
    void aCharacterOnTheCutIsLeftOut() {
        for (int shift = 0; shift < 4; shift++) {
            String text = "x".repeat(shift) + "\uD83D\uDE01\u00E9\u2603".repeat(2000);
            for (String charset : new String[] {"", "; charset=us-ascii", "; charset=utf-8"}) {
                Octets mail = Octets.of("Content-Type: text/plain" + charset + "\r\n\r\n" + text);
                assertThat(MessageFacts.of(mail).preview()).startsWith("x".repeat(shift) + "\uD83D\uDE01\u00E9\u2603");
                String coded =
                        Base64.getMimeEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                Octets base64 = Octets.of(
                        "Content-Type: text/plain" + charset + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded);
                assertThat(MessageFacts.of(base64).preview())
                        .startsWith("x".repeat(shift) + "\uD83D\uDE01\u00E9\u2603");
            }
        }
    }

    @Test
    void aShortBodyIsReadToItsEnd() {
        assertThat(preview("Content-Transfer-Encoding: base64\n\naGk")).isEqualTo("hi");
        assertThat(preview("Content-Transfer-Encoding: quoted-printable\n\nhi=4"))
                .isEqualTo("hi=4");
    }

    @Test
    void aPreviewIsCutBetweenCharacters() {
        String preview = MessageFacts.of(Octets.of("Subject: x\r\n\r\n" + "\uD83D\uDE01".repeat(400)))
                .preview();
        assertThat(preview.codePointCount(0, preview.length())).isEqualTo(256);
        assertThat(preview).doesNotContain("\uFFFD");
    }
}
