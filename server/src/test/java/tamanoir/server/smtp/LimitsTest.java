package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sizes, counts and patience.
class LimitsTest {
    @TempDir
    Path home;

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback server = new MailOnLoopback(home, values);
        server.account("user001@example.com");
        return server;
    }

    /// B08; RFC 5321 §4.5.3.1.10: 452 for what is above the limit, and the rest is delivered.
    @Test
    void tenThousandRecipientsAreAnsweredInOneGo() throws IOException {
        try (MailOnLoopback up = server("recipient_delimiter", "+");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            StringBuilder group = new StringBuilder("MAIL FROM:<a@example.net>\r\n");
            for (int i = 0; i < 10_000; i++) {
                group.append("RCPT TO:<user001+").append(i).append("@example.com>\r\n");
            }
            group.append("DATA\r\n");
            Thread.ofVirtual().start(() -> {
                try {
                    client.send(group.toString());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(client.reply()).startsWith("250 2.1.0");
            for (int i = 0; i < 10_000; i++) {
                assertThat(client.reply()).startsWith(i < 1000 ? "250 2.1.5" : "452 4.5.3");
            }
            assertThat(client.reply()).startsWith("354");
            client.send("Subject: x\r\n\r\nx\r\n.\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0");
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }

    /// RFC 1870 §6.1, §6.2: refused at MAIL when announced, after the data when not.
    @Test
    void aMessageTooLargeIsRefusedAtMailAndAtData() throws IOException {
        try (MailOnLoopback up = server("message_size_limit", "10000");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("EHLO client.example")).contains("250-SIZE 10000");
            assertThat(client.say("MAIL FROM:<a@example.net> SIZE=10001"))
                    .isEqualTo("552 5.3.4 Message size exceeds fixed limit");
            assertThat(client.say("RCPT TO:<user001@example.com>")).startsWith("503");
            String message = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(900);
            assertThat(client.mail("a@example.net", message, "user001@example.com"))
                    .isEqualTo("552 5.3.4 Error: message file too big");
            assertThat(client.mail("a@example.net", "Subject: y\r\n\r\nfits\r\n", "user001@example.com"))
                    .startsWith("250");
            // B06: the second of three chunks is over the limit
            client.say("MAIL FROM:<a@example.net>");
            client.say("RCPT TO:<user001@example.com>");
            String chunk = "RSET\r\nQUIT\r\n".repeat(600);
            client.send("BDAT " + chunk.length() + "\r\n" + chunk + "BDAT " + chunk.length() + "\r\n" + chunk + "BDAT "
                    + chunk.length() + " LAST\r\n" + chunk + "NOOP\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0 Ok: 7200 bytes");
            assertThat(client.reply()).startsWith("552 5.3.4");
            assertThat(client.reply()).startsWith("503 5.5.1");
            assertThat(client.reply()).isEqualTo("250 2.0.0 Ok");
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("503");
            assertThat(client.say("RSET")).startsWith("250");
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }

    @Test
    void noLimitIsAnnouncedAsSuch() throws IOException {
        try (MailOnLoopback up = server("message_size_limit", "0", "mailbox_size_limit", "0");
                SmtpClient client = up.client("smtp")) {
            assertThat(client.say("EHLO client.example")).contains("250-SIZE\n");
            assertThat(client.say("MAIL FROM:<a@example.net> SIZE=99999999999")).startsWith("250");
        }
    }

    /// B09: what a sender may not write a reader may still take; RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1.
    @Test
    void longLinesAndLargeBodiesComeBackOctetForOctet() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            String references =
                    "References: " + "<0123456789@example.net> ".repeat(60).trim() + "\r\n";
            String message = "Subject: long\r\n" + references + "\r\n" + "x".repeat(1_048_576) + "\r\n";
            assertThat(client.mail("a@example.net", message, "user001@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("user001@example.com").getFirst()).endsWith(message);
        }
    }

    /// A chunk that is cut by the end of the connection leaves nothing.
    @Test
    void aTransferThatIsCutLeavesNothing() throws IOException {
        try (MailOnLoopback up = server()) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                client.say("MAIL FROM:<a@example.net>");
                client.say("RCPT TO:<user001@example.com>");
                client.send("BDAT 100000 LAST\r\nSubject: half\r\n\r\n");
            }
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                client.say("MAIL FROM:<a@example.net>");
                client.say("RCPT TO:<user001@example.com>");
                client.say("DATA");
                client.send("Subject: half\r\n\r\n.\r");
            }
            assertThat(up.inbox("user001@example.com")).isEmpty();
            assertThat(up.owed()).isEmpty();
        }
    }

    @Test
    void whoOnlyMakesMistakesIsSentAway() throws IOException {
        try (MailOnLoopback up = server("smtpd_hard_error_limit", "3", "smtpd_soft_error_limit", "1");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.say("X")).startsWith("500");
            assertThat(client.say("X")).startsWith("500");
            assertThat(client.say("X")).startsWith("500");
            assertThat(client.reply()).startsWith("421 4.7.0 mail.example.com Error: too many errors");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void commandsThatBringNoMailAreFreeOnlyForAWhile() throws IOException {
        try (MailOnLoopback up = server("smtpd_junk_command_limit", "5", "smtpd_hard_error_limit", "3");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            for (int i = 0; i < 8; i++) {
                assertThat(client.say("NOOP")).startsWith("250");
            }
            assertThat(client.reply()).startsWith("421 4.7.0");
        }
    }

    @Test
    void aBrowserIsSentAwayAtOnce() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\n\r\nMAIL FROM:<a@example.net>\r\n");
            assertThat(client.reply()).startsWith("221 2.7.0");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void ratesAreCountedForStrangersOnly() throws IOException {
        try (MailOnLoopback up = server("smtpd_client_message_rate_limit", "2");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            for (int i = 0; i < 2; i++) {
                assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
                client.say("RSET");
            }
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("450 4.7.1 Error: too much mail");
            client.say("XCLIENT ADDR=192.0.2.7 NAME=inside.example");
            client.say("EHLO client.example");
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
        }
    }

    /// B36: headers as an attack are refused or stored in linear time.
    @Test
    void headersAsAnAttackTakeNoTime() throws IOException {
        List<String> attacks = List.of(
                "To: a@example.net\r\n".repeat(100_000),
                "To: " + "a@example.net,\r\n ".repeat(100_000) + "b@example.net\r\n",
                "From: " + "(".repeat(50_000) + "x" + ")".repeat(50_000) + "\r\n",
                "To: " + "g:".repeat(50_000) + "\r\n");
        try (MailOnLoopback up = server(
                        "local_header_rewrite_clients",
                        "permit_inet_interfaces",
                        "header_checks",
                        "regexp:{{/^X-Nothing:/ IGNORE}}",
                        "canonical_maps",
                        "inline:{x@example.net=y@example.net}");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            for (String attack : attacks) {
                long begun = System.nanoTime();
                String reply = client.mail("a@example.net", attack + "\r\nbody\r\n", "user001@example.com");
                assertThat(reply).containsPattern("^(250|552) ");
                assertThat((System.nanoTime() - begun) / 1_000_000)
                        .as(attack.substring(0, 20) + " " + reply)
                        .isLessThan(2_000);
            }
        }
    }
}
