package tamanoir.mail.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// B39: TOP is stuffed like RETR, and portions do not matter.
class LineWriterTest {
    private static final String MESSAGE = "Subject: x\r\n\r\nfirst\r\n.\r\n.dot\r\n..two\r\nlast";

    private static String write(String message, long lines, int portion) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineWriter writer = new LineWriter(out::write, lines);
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < octets.length; at += portion) {
            writer.feed(octets, at, Math.min(portion, octets.length - at));
        }
        writer.finish();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyLeadingDotIsDoubledAndTheEndIsExact() throws IOException {
        for (int portion = 1; portion <= MESSAGE.length(); portion++) {
            assertThat(write(MESSAGE, -1, portion))
                    .isEqualTo("Subject: x\r\n\r\nfirst\r\n..\r\n..dot\r\n...two\r\nlast\r\n.\r\n");
        }
    }

    @Test
    void topGivesTheHeaderTheEmptyLineAndThatManyLines() throws IOException {
        for (int portion = 1; portion <= MESSAGE.length(); portion++) {
            assertThat(write(MESSAGE, 0, portion)).isEqualTo("Subject: x\r\n\r\n.\r\n");
            assertThat(write(MESSAGE, 2, portion)).isEqualTo("Subject: x\r\n\r\nfirst\r\n..\r\n.\r\n");
            assertThat(write(MESSAGE, 99, portion)).isEqualTo(write(MESSAGE, -1, portion));
        }
    }

    @Test
    void noLineEndIsAddedWhereThereIsOne() throws IOException {
        assertThat(write("a: b\r\n\r\nx\r\n", -1, 3)).isEqualTo("a: b\r\n\r\nx\r\n.\r\n");
        assertThat(write("", -1, 1)).isEqualTo(".\r\n");
    }

    @Test
    void aBareLineFeedGoesOutAsALineEndAndABareReturnStays() throws IOException {
        for (int portion = 1; portion < 12; portion++) {
            assertThat(write("a: b\n\n.x\ny\rz\r\r\n", -1, portion)).isEqualTo("a: b\r\n\r\n..x\r\ny\rz\r\r\n.\r\n");
        }
    }

    @Test
    void aClientThatUnstuffsReadsWhatWasStored() throws IOException {
        Random random = new Random(39);
        for (int run = 0; run < 300; run++) {
            StringBuilder text = new StringBuilder("h: v\r\n\r\n");
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(".a\r\n..".charAt(random.nextInt(6)));
            }
            // A bare LF is no line end of the protocol; this property is about lines that end with CRLF.
            String message = text.toString().replaceAll("\r(?!\n)", "").replaceAll("(?<!\r)\n", "") + "\r\n";
            String wire = write(message, -1, 1 + random.nextInt(20));
            assertThat(wire).as("run " + run).endsWith("\r\n.\r\n");
            String unstuffed = wire.substring(0, wire.length() - 3).replaceAll("(?m)(?<=^)\\.(.*)", "$1");
            assertThat(unstuffed).as("run " + run).isEqualTo(message);
        }
    }
}
