package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MboxTest {
    private static List<String> read(String file) throws IOException {
        List<String> messages = new ArrayList<>();
        Mbox.read(
                new ByteArrayInputStream(file.getBytes(StandardCharsets.ISO_8859_1)),
                one -> messages.add(one.latin1()));
        return messages;
    }

    @Test
    void eachMessageComesWithoutWhatDividesItFromTheNext() throws IOException {
        assertThat(read("""
                From a@example.net Thu Jan  1 00:00:00 2026
                Subject: one

                From here on
                >From there
                >>From afar

                From b@example.net Thu Jan  1 00:00:00 2026
                Subject: two

                text
                """))
                .containsExactly(
                        "Subject: one\r\n\r\nFrom here on\r\nFrom there\r\n>From afar\r\n",
                        "Subject: two\r\n\r\ntext\r\n");
    }

    @Test
    void anEmptyBodyKeepsTheLineThatEndsTheHeader() throws IOException {
        assertThat(
                        read(
                                "From a 10:00\nSubject: one\n\nFrom b 10:00\nSubject: two\n\n\nFrom c 10:00\r\nSubject: three\r\n\r\nx"))
                .containsExactly("Subject: one\r\n\r\n", "Subject: two\r\n\r\n", "Subject: three\r\n\r\nx\r\n");
    }

    @Test
    void whatIsNoSuchFileHoldsNothing() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("Subject: one\n\ntext\n")).isEmpty();
        assertThat(Mbox.isMbox("From a".getBytes(StandardCharsets.US_ASCII))).isTrue();
        assertThat(Mbox.isMbox("From: a".getBytes(StandardCharsets.US_ASCII))).isFalse();
    }
}
