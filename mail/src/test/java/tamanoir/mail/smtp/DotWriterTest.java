package tamanoir.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.smtp.DotReader.BareLineFeed;

class DotWriterTest {
    static String write(int limit, String... pieces) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DotWriter writer = new DotWriter(wire::write, limit);
        try {
            for (String piece : pieces) {
                byte[] octets = piece.getBytes(StandardCharsets.ISO_8859_1);
                writer.write(octets, 0, octets.length);
            }
            writer.finish();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return wire.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void dotsAreDoubledAndAMissingLineEndIsAdded() {
        assertThat(write(0, "a\r\n.b\r\n..\r\nlast")).isEqualTo("a\r\n..b\r\n...\r\nlast\r\n.\r\n");
        assertThat(write(0, "")).isEqualTo(".\r\n");
        assertThat(write(0, ".")).isEqualTo("..\r\n.\r\n");
    }

    /// B10: RFC 5321 §2.3.8: CR and LF leave as a pair only.
    @Test
    void bareLineEndsLeaveAsPairsOrBlanks() {
        assertThat(write(0, "a\nb\r\r\nc\rd\r\n.\n")).isEqualTo("a\r\nb \r\nc d\r\n..\r\n.\r\n");
        assertThat(write(0, "a\r")).isEqualTo("a\r\n.\r\n");
    }

    @Test
    void whatIsWrittenIsReadAgainHoweverItIsCut() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] words = {"\r\n", ".", "..", "text", "\r\n.\r\n", "x\r\n"};
        for (int round = 0; round < 2_000; round++) {
            StringBuilder message = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                message.append(words[random.nextInt(words.length)]);
            }
            message.append("\r\n");
            int cut = random.nextInt(message.length() + 1);
            String wire = write(0, message.substring(0, cut), message.substring(cut));
            DotReaderTest.Read read = DotReaderTest.read(BareLineFeed.KEEP, wire);
            assertThat(read.text()).as("seed %d", seed).isEqualTo(message.toString());
            assertThat(read.done()).isTrue();
            assertThat(read.rest()).isEmpty();
        }
    }

    /// B09: header lines are folded before a blank, body lines broken, characters stay whole.
    @Test
    void longLinesAreBrokenWithoutHurtingCharacters() {
        String references =
                "References: " + "<0123456789@example.net> ".repeat(100).trim() + "\r\n";
        String body = "\u00c3\u00a9".repeat(2_000) + "\r\n";
        String wire = write(DotWriter.LONGEST_LINE, references + "\r\n" + body);
        for (String line : wire.split("\r\n")) {
            assertThat(line.length()).isLessThanOrEqualTo(DotWriter.LONGEST_LINE);
            assertThat(line).doesNotStartWith(" \u00a9").doesNotEndWith("\u00c3");
        }
        assertThat(wire.replace("\r\n ", " ")).startsWith(references);
        assertThat(wire.replace("\r\n ", "")).contains(body);
    }
}
