package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// B01: one end of data and no other, in every mode, however the octets are cut (RFC 5321 §2.3.8,
/// §4.1.1.4).
class EndOfDataTest {
    private static final String[] ENDS = {"\n.\r\n", "\n.\n", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\r.\r"};

    @TempDir
    Path home;

    private MailOnLoopback server(String mode) throws IOException {
        MailOnLoopback server =
                new MailOnLoopback(Files.createTempDirectory(home, "home"), Map.of("smtpd_forbid_bare_newline", mode));
        server.account("user001@example.com");
        server.account("user002@example.com");
        return server;
    }

    private static String smuggled(String end) {
        return "Subject: a\r\n\r\none" + end
                + "MAIL FROM:<evil@example.com>\r\nRCPT TO:<user002@example.com>\r\nDATA\r\nSubject: b\r\n\r\ntwo\r\n.\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "normalize", "note"})
    void oneMessageArrivesAndTheSecondIsItsText(String mode) throws IOException {
        try (MailOnLoopback up = server(mode)) {
            for (String end : ENDS) {
                try (SmtpClient client = up.client("smtp")) {
                    client.say("EHLO client.example");
                    client.say("MAIL FROM:<a@example.net>");
                    client.say("RCPT TO:<user001@example.com>");
                    client.say("DATA");
                    client.send(smuggled(end));
                    assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
                    assertThat(client.say("NOOP")).isEqualTo("250 2.0.0 Ok");
                }
            }
            assertThat(up.inbox("user001@example.com"))
                    .hasSize(ENDS.length)
                    .allSatisfy(message -> assertThat(message).contains("MAIL FROM:<evil@example.com>", "two"));
            assertThat(up.inbox("user002@example.com")).isEmpty();
            if (mode.equals("normalize")) {
                assertThat(up.inbox("user001@example.com"))
                        .allSatisfy(message ->
                                assertThat(message.replace("\r\n", "")).doesNotContain("\n"));
            }
        }
    }

    @Test
    void theSameHoldsForEveryCutIntoSegments() throws IOException {
        try (MailOnLoopback up = server("normalize")) {
            String wire = smuggled("\n.\r\n");
            int from = wire.indexOf("one");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                for (int cut = from; cut < from + 12; cut++) {
                    client.say("MAIL FROM:<a@example.net>");
                    client.say("RCPT TO:<user001@example.com>");
                    client.say("DATA");
                    client.send(wire.substring(0, cut)).send(wire.substring(cut));
                    assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
                }
                String last = wire.substring(wire.length() - 5);
                for (int cut = 1; cut < 5; cut++) {
                    client.say("MAIL FROM:<a@example.net>");
                    client.say("RCPT TO:<user001@example.com>");
                    client.say("DATA");
                    client.send("Subject: x\r\n\r\nx" + last.substring(0, cut)).send(last.substring(cut));
                    assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
                }
            }
            assertThat(up.inbox("user002@example.com")).isEmpty();
        }
    }

    @Test
    void rejectAnswersOnceAndCloses() throws IOException {
        try (MailOnLoopback up = server("reject")) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                client.say("MAIL FROM:<a@example.net>");
                client.say("RCPT TO:<user001@example.com>");
                client.say("DATA");
                client.send(smuggled("\n.\r\n"));
                assertThat(client.reply()).isEqualTo("550 5.5.2 Error: bare <LF> received");
                assertThat(client.isClosed()).isTrue();
            }
            try (SmtpClient client = up.client("smtp")) {
                client.send("EHLO client.example\n");
                assertThat(client.reply()).startsWith("550 5.5.2");
                assertThat(client.isClosed()).isTrue();
            }
            assertThat(up.inbox("user001@example.com")).isEmpty();
        }
    }
}
