package tamanoir.server.filter.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.FilterParameters.VirusAction;
import tamanoir.server.json.JsonText;

/// What scanners answer, and what becomes of it: transcripts of the real daemons.
class ScannersTest {
    private static Opinion rspamd(String json) {
        return Rspamd.opinion(new JsonText(1 << 20).read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void actionsOfRspamdDecide() {
        assertThat(rspamd("{\"action\":\"no action\",\"score\":1.5,\"required_score\":15,\"symbols\":{}}"))
                .isInstanceOfSatisfying(Opinion.Pass.class, pass -> {
                    assertThat(pass.add()).isEmpty();
                    assertThat(pass.verdict().orElseThrow().junk()).isFalse();
                });
        assertThat(rspamd("{\"action\":\"greylist\",\"score\":5}").toString()).contains("451 4.7.1 Greylisted");
        assertThat(rspamd("{\"action\":\"soft reject\",\"messages\":{\"smtp_message\":\"slow\\ndown\"}}")
                        .toString())
                .contains("451 4.7.1 slow down");
        assertThat(rspamd("{\"action\":\"reject\",\"score\":30}").toString())
                .contains("554 5.7.1 Spam message rejected");
        assertThat(rspamd("{\"action\":\"quarantine\"}")).isInstanceOf(Opinion.Hold.class);
        assertThat(rspamd("{\"action\":\"discard\"}")).isInstanceOf(Opinion.Discard.class);
        assertThat(rspamd("{\"action\":\"rewrite subject\",\"subject\":\"*** SPAM *** hi\",\"score\":9,"
                        + "\"symbols\":{\"BAYES_SPAM\":{\"score\":5.1},\"ZERO\":{\"score\":0}}}"))
                .isInstanceOfSatisfying(Opinion.Pass.class, pass -> {
                    assertThat(pass.subject()).contains("*** SPAM *** hi");
                    assertThat(pass.verdict().orElseThrow().reasons()).isEqualTo("BAYES_SPAM(5.1)");
                    assertThat(pass.add()).containsExactly(new Opinion.Field("X-Spam", "Yes", -1));
                });
    }

    @Test
    void headersOfRspamdComeAndGo() {
        assertThat(rspamd("{\"action\":\"add header\",\"milter\":{\"add_headers\":{"
                        + "\"X-Spamd-Bar\":{\"value\":\"+++\",\"order\":0},\"X-B\":\"b\",\"X-C\":[\"1\",{\"value\":\"2\",\"order\":1}],"
                        + "\"bad name\":\"x\"},\"remove_headers\":{\"X-Spam\":0}}}"))
                .isInstanceOfSatisfying(Opinion.Pass.class, pass -> {
                    assertThat(pass.remove()).containsExactly("X-Spam");
                    assertThat(pass.add())
                            .containsExactly(
                                    new Opinion.Field("X-Spamd-Bar", "+++", 0),
                                    new Opinion.Field("X-B", "b", 0),
                                    new Opinion.Field("X-C", "1", 0),
                                    new Opinion.Field("X-C", "2", 1));
                });
    }

    @Test
    void whatRspamdDoesNotSayIsBadSyntax() {
        for (String json : new String[] {"[]", "{}", "{\"error\":\"x\"}", "{\"action\":5}"}) {
            assertThatThrownBy(() -> rspamd(json)).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void spamdGivesAScoreAndTheNamesOfItsRules() {
        String answer =
                "SPAMD/1.1 0 EX_OK\r\nContent-length: 25\r\nSpam: True ; 15.3 / 5.0\r\n\r\nBAYES_99,GTUBE,HTML_MESSAGE\r\n";
        assertThat(Spamd.opinion(answer, Double.POSITIVE_INFINITY)).isInstanceOfSatisfying(Opinion.Pass.class, pass -> {
            assertThat(pass.verdict().orElseThrow().junk()).isTrue();
            assertThat(pass.add().getFirst()).isEqualTo(new Opinion.Field("X-Spam-Flag", "YES", 0));
            assertThat(pass.add().get(2).value())
                    .contains("score=15.3 required=5.0")
                    .contains("GTUBE");
        });
        assertThat(Spamd.opinion(answer, 10).toString()).contains("550 5.7.1");
        assertThat(Spamd.opinion(answer.replace("True ; 15.3", "False ; -1.0"), 10)
                        .toString())
                .contains("No, score=-1.0");
        for (String wrong : new String[] {
            "", "SPAMD/1.0 76 Bad header line", "SPAMD/1.1 0 EX_OK\r\n\r\n", "SPAMD/1.1 0 EX_OK\r\nSpam: x\r\n\r\n"
        }) {
            assertThatThrownBy(() -> Spamd.opinion(wrong, 10)).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void clamdNamesTheVirus() {
        assertThat(Clamd.opinion("stream: OK\0", VirusAction.REJECT)).isEqualTo(Opinion.NOTHING);
        assertThat(Clamd.opinion("stream: Eicar-Test FOUND\0", VirusAction.REJECT)
                        .toString())
                .contains("554 5.7.1 Error: this message holds a virus: Eicar-Test");
        assertThat(Clamd.opinion("stream: A FOUND", VirusAction.QUARANTINE)).isEqualTo(new Opinion.Hold("virus A"));
        assertThat(Clamd.opinion("stream: A FOUND", VirusAction.DISCARD)).isEqualTo(new Opinion.Discard("virus A"));
        for (String wrong : new String[] {"", "INSTREAM size limit exceeded. ERROR\0", "stream: x ERROR"}) {
            assertThatThrownBy(() -> Clamd.opinion(wrong, VirusAction.REJECT)).isInstanceOf(BadSyntax.class);
        }
    }

    @FuzzTest
    void anyAnswerOfAScannerIsAnOpinionOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        attempt(() -> Clamd.opinion(text, VirusAction.REJECT));
        attempt(() -> Spamd.opinion(text, 10));
        attempt(() -> Spamd.opinion("SPAMD/1.1 0 EX_OK\r\n" + text, 10));
        attempt(() -> Rspamd.opinion(new JsonText(1 << 20).read(data)));
    }

    private static void attempt(Runnable parse) {
        try {
            parse.run();
        } catch (BadSyntax e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
