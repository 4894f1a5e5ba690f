package tamanoir.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.mail.smtp.DotReader.BareLineFeed;

class DotReaderTest {
    record Read(String text, String rest, boolean done, boolean bareLineFeed) {}

    static Read read(BareLineFeed mode, String... pieces) {
        DotReader reader = new DotReader(mode);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        StringBuilder rest = new StringBuilder();
        try {
            for (String piece : pieces) {
                byte[] octets = piece.getBytes(StandardCharsets.ISO_8859_1);
                int taken = reader.feed(octets, 0, octets.length, text::write);
                rest.append(piece.substring(taken));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Read(
                text.toString(StandardCharsets.ISO_8859_1), rest.toString(), reader.isDone(), reader.sawBareLineFeed());
    }

    @Test
    void dotsAreUnstuffedAndTheRestIsLeftForTheNextCommand() {
        Read read = read(BareLineFeed.KEEP, "a\r\n..b\r\n.c\r\n...\r\n.\r\nQUIT\r\n");
        assertThat(read).isEqualTo(new Read("a\r\n.b\r\nc\r\n..\r\n", "QUIT\r\n", true, false));
    }

    @Test
    void anEmptyMessageIsADotAlone() {
        assertThat(read(BareLineFeed.KEEP, ".\r\n")).isEqualTo(new Read("", "", true, false));
    }

    /// B01; RFC 5321 §4.1.1.4: none of these ends the first message, however the octets are cut.
    @ParameterizedTest
    @ValueSource(strings = {"\\n.\\r\\n", "\\n.\\n", "\\r\\n.\\n", "\\r.\\r\\n", "\\r\\n.\\r", "\\r.\\r"})
    void nothingButTheFiveOctetsEndsAMessage(String escaped) {
        String end = escaped.replace("\\r", "\r").replace("\\n", "\n");
        String wire = "Subject: a\r\n\r\none" + end
                + "MAIL FROM:<evil@example.com>\r\nRCPT TO:<user002@example.com>\r\nDATA\r\n"
                + "Subject: b\r\n\r\ntwo\r\n.\r\nNOOP\r\n";
        for (BareLineFeed mode : BareLineFeed.values()) {
            Read whole = read(mode, wire);
            assertThat(whole.done()).isTrue();
            assertThat(whole.rest()).isEqualTo("NOOP\r\n");
            assertThat(whole.text()).contains("MAIL FROM:<evil@example.com>", "two\r\n");
            for (int cut = 1; cut < wire.length(); cut++) {
                assertThat(read(mode, wire.substring(0, cut), wire.substring(cut)))
                        .as("%s cut at %d", mode, cut)
                        .isEqualTo(whole);
            }
            assertThat(read(mode, wire.split("(?s)(?<=.)"))).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KEEP, 'a\nb\r\n\n.\r\n\r\n', true",
        "NORMALIZE, 'a\r\nb\r\n\r\n.\r\n\r\n', true",
    })
    void aBareLineFeedIsKeptOrMadeALine(BareLineFeed mode, String expected, boolean bare) {
        Read read = read(mode, "a\nb\r\n\n.\r\n\r\n.\r\n");
        assertThat(read.text()).isEqualTo(expected);
        assertThat(read.bareLineFeed()).isEqualTo(bare);
        assertThat(read.done()).isTrue();
    }

    @Test
    void theBulkScanAgreesWithTheSlowOneOnAnyInputAndAnyCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        char[] alphabet = {'\r', '\n', '.', 'x', '\u008a', '\u000b', '\u00ff'};
        for (int round = 0; round < 3_000; round++) {
            StringBuilder wire = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                wire.append(alphabet[random.nextInt(alphabet.length)]);
            }
            for (BareLineFeed mode : BareLineFeed.values()) {
                Read expected = slow(mode, wire.toString());
                int cut = random.nextInt(wire.length() + 1);
                assertThat(read(mode, wire.toString())).as("seed %d", seed).isEqualTo(expected);
                assertThat(read(mode, wire.substring(0, cut), wire.substring(cut)))
                        .as("seed %d cut %d", seed, cut)
                        .isEqualTo(expected);
            }
        }
    }

    /// The definition, by strings: lines are split at CRLF, a line `.` ends, a first dot goes.
    private static Read slow(BareLineFeed mode, String wire) {
        String text = "";
        String rest = wire;
        boolean done = false;
        while (!done) {
            int end = rest.indexOf("\r\n");
            String line = end < 0 ? rest : rest.substring(0, end + 2);
            if (line.equals(".\r\n")) {
                done = true;
            } else if (line.equals(".\r") || (line.equals(".") && end < 0)) {
                return finish(mode, text, "", false); // held back
            } else {
                text += line.startsWith(".") ? line.substring(1) : line;
            }
            rest = rest.substring(line.length());
            if (end < 0) {
                break;
            }
        }
        return finish(mode, text, rest, done);
    }

    private static Read finish(BareLineFeed mode, String text, String rest, boolean done) {
        boolean bare = text.replace("\r\n", "").contains("\n");
        return new Read(
                mode == BareLineFeed.NORMALIZE ? text.replace("\r\n", "\n").replace("\n", "\r\n") : text,
                rest,
                done,
                bare);
    }
}
