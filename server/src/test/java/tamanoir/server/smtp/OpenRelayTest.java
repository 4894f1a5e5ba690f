package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.config.Config;
import tamanoir.server.store.memory.MemoryStore;

/// Never an open relay, whatever the configuration lacks or says by mistake.
class OpenRelayTest {
    @TempDir
    Path home;

    private static final List<Map<String, String>> MISTAKES = List.of(
            Map.of(),
            Map.of("smtpd_relay_restrictions", ""),
            Map.of("smtpd_relay_restrictions", "permit", "smtpd_recipient_restrictions", "permit"),
            Map.of("smtpd_relay_restrictions", "permit, reject"),
            Map.of("smtpd_relay_restrictions", "", "smtpd_recipient_restrictions", "permit, reject_unauth_destination"),
            Map.of(
                    "smtpd_relay_restrictions",
                    "",
                    "smtpd_recipient_restrictions",
                    "reject_unknown_client_hostname, warn_if_reject, reject"),
            Map.of("smtpd_relay_restrictions", "warn_if_reject reject_unauth_destination"),
            Map.of("smtpd_relay_restrictions", "defer_if_reject, permit, defer"),
            Map.of("smtpd_client_restrictions", "permit", "smtpd_sender_restrictions", "permit"),
            Map.of("mynetworks", "", "smtpd_relay_restrictions", "permit_mynetworks, permit, reject"),
            Map.of("mydestination", ""),
            Map.of("relay_domains", "", "smtpd_relay_restrictions", "permit_auth_destination, permit, reject"));

    @Test
    void aStrangerNeverReachesAnotherStranger() throws IOException {
        for (Map<String, String> mistake : MISTAKES) {
            Path folder = Files.createTempDirectory(home, "home");
            Map<String, String> patient = new HashMap<>(mistake);
            patient.put("smtpd_hard_error_limit", "1000");
            try (MailOnLoopback up = new MailOnLoopback(folder, patient);
                    SmtpClient client = up.client("smtp")) {
                client.say("XCLIENT ADDR=203.0.113.9 NAME=[UNAVAILABLE]");
                for (String to : List.of(
                        "<b@elsewhere.example>",
                        "<@mail.example.com:b@elsewhere.example>",
                        "<\"b@elsewhere.example\"@mail.example.com>",
                        "<b%elsewhere.example@mail.example.com>",
                        "<elsewhere.example!b@mail.example.com>",
                        "<b@elsewhere.example@mail.example.com>",
                        "<b@[203.0.113.1]>")) {
                    for (String from : List.of("<>", "<alice@example.com>", "<b@elsewhere.example>", "<root>")) {
                        client.say("EHLO x.example");
                        client.say("MAIL FROM:" + from);
                        assertThat(client.say("RCPT TO:" + to))
                                .as("%s from %s to %s", mistake, from, to)
                                .containsPattern("^[45]\\d\\d ");
                    }
                    client.say("RSET");
                }
            }
        }
    }

    @Test
    void withNoConfigurationAtAllToo() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(
                        Config.of(
                                home,
                                Map.of("mynetworks", "192.0.2.1", "myhostname", "h.example", "mydomain", "example")),
                        new MemoryStore());
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO x.example");
            client.say("MAIL FROM:<a@example.net>");
            assertThat(client.say("RCPT TO:<b@elsewhere.example>")).startsWith("454 4.7.1");
        }
    }

    @Test
    void listsWithoutAGuardRefuseAllMailAndSaySo() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(
                        home, Map.of("smtpd_relay_restrictions", "permit", "smtpd_recipient_restrictions", "permit"));
                SmtpClient client = up.client("smtp")) {
            up.account("alice@example.com");
            assertThat(up.reception.policy("smtp").problems().getFirst()).contains("smtpd_relay_restrictions");
            client.say("EHLO x.example");
            client.say("MAIL FROM:<a@example.net>");
            assertThat(client.say("RCPT TO:<alice@example.com>")).isEqualTo("451 4.3.5 Server configuration error");
        }
    }

    @Test
    void whoMayRelayDoes() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(
                        home,
                        Map.of(
                                "smtpd_recipient_restrictions",
                                "check_client_access inline:{203.0.113.5=OK}, permit",
                                "smtpd_relay_restrictions",
                                "check_client_access inline:{203.0.113.5=OK}, reject_unauth_destination"));
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT ADDR=192.0.2.7");
            client.say("EHLO x.example");
            client.say("MAIL FROM:<a@example.net>");
            assertThat(client.say("RCPT TO:<b@elsewhere.example>")).startsWith("554 5.7.1");
            client.say("RSET");
            client.say("XCLIENT ADDR=203.0.113.5");
            client.say("EHLO x.example");
            client.say("MAIL FROM:<a@example.net>");
            assertThat(client.say("RCPT TO:<b@elsewhere.example>")).startsWith("250");
        }
    }
}
