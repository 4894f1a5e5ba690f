package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

/// Which mailbox an address means, and which senders are welcome.
class AddressesTest {
    private static final String MESSAGE = "From: a@example.net\r\nSubject: address\r\n\r\nbody\r\n";

    @TempDir
    Path home;

    private static String send(MailOnLoopback up, String to) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail("a@example.net", MESSAGE, to);
        }
    }

    /// B50
    @Test
    void theDelimiterIsASetAndTheWholeAddressComesFirst() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of("recipient_delimiter", "+-"))) {
            up.account("user001@example.com");
            up.account("first-last@example.com");
            up.account("owner@example.com");
            for (String to : new String[] {"user001+a", "user001-a", "user001+a-b", "USER001-A+b"}) {
                assertThat(send(up, to + "@example.com")).as(to).startsWith("250");
            }
            assertThat(up.inbox("user001@example.com")).hasSize(4);
            assertThat(send(up, "first-last@example.com")).startsWith("250");
            assertThat(send(up, "First-Last@EXAMPLE.com")).startsWith("250");
            assertThat(up.inbox("first-last@example.com")).hasSize(2);
            // The first delimiter decides, and nobody is called "first".
            assertThat(send(up, "first-last+x@example.com")).startsWith("550 5.1.1");
            assertThat(send(up, "+x@example.com")).startsWith("550 5.1.1");
            assertThat(send(up, "owner-list@example.com")).startsWith("550 5.1.1");
            assertThat(up.inbox("owner@example.com")).isEmpty();
        }
    }

    /// B50
    @Test
    void anAliasOfItsOwnComesBeforeTheCatchAllHoweverItIsSpelt() throws IOException {
        Path virtual = home.resolve("virtual");
        Files.writeString(
                virtual,
                "foobar@example.com user002@example.com\n@example.com user003@example.com\n"
                        + "user002@example.com user002@example.com\nuser003@example.com user003@example.com\n");
        try (MailOnLoopback up = new MailOnLoopback(
                home, Map.of("recipient_delimiter", "+-", "virtual_alias_maps", "hash:" + virtual))) {
            up.account("user002@example.com");
            up.account("user003@example.com");
            assertThat(send(up, "FooBar@example.com")).startsWith("250");
            assertThat(send(up, "FOOBAR+x@EXAMPLE.COM")).startsWith("250");
            assertThat(up.inbox("user002@example.com")).hasSize(2);
            assertThat(up.inbox("user003@example.com")).isEmpty();
            assertThat(send(up, "other@example.com")).startsWith("250");
            assertThat(up.inbox("user003@example.com")).hasSize(1);
        }
    }

    /// RFC 5321 §4.5.1
    @Test
    void everyDomainHasAPostmaster() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of())) {
            up.account("zoe@example.com");
            up.account("ann@example.com");
            assertThat(send(up, "postmaster@example.com")).startsWith("250");
            assertThat(send(up, "PostMaster")).startsWith("250");
            assertThat(up.inbox("zoe@example.com")).hasSize(2);
            up.directory.addAlias("postmaster@example.com", List.of(Address.of("ann@example.com")));
            assertThat(send(up, "postmaster@example.com")).startsWith("250");
            assertThat(up.inbox("ann@example.com")).hasSize(1);
            assertThat(send(up, "hostmaster@example.com")).startsWith("550 5.1.1");
        }
    }

    /// RFC 5321 §3.1: who was refused at the door gets no further by not listening.
    @Test
    void whoIsRefusedAtConnectMayOnlyQuit() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(
                home,
                Map.of(
                        "smtpd_delay_reject",
                        "no",
                        "smtpd_client_restrictions",
                        "reject",
                        "mynetworks",
                        "192.0.2.0/24"))) {
            up.account("ann@example.com");
            try (SmtpClient client = up.client("smtp")) {
                assertThat(client.greeting).startsWith("554");
                assertThat(client.say("EHLO client.example")).startsWith("503 5.7.0");
                assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("503 5.7.0");
                assertThat(client.say("RCPT TO:<ann@example.com>")).startsWith("503 5.7.0");
                assertThat(client.say("QUIT")).startsWith("221");
            }
        }
    }

    /// B15: RFC 5321 §4.5.5, §6.1
    @Test
    void theNullSenderIsWelcomeFromStrangersAndFromUsers() throws IOException {
        Path logins = home.resolve("logins");
        Files.writeString(logins, "user001@example.com user001@example.com\n");
        try (MailOnLoopback up = new MailOnLoopback(
                home,
                Map.of(
                        "smtpd_sender_login_maps",
                        "hash:" + logins,
                        "smtpd_sender_restrictions",
                        "reject_sender_login_mismatch, reject_unknown_sender_domain, reject_non_fqdn_sender"))) {
            up.account("user001@example.com");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("", MESSAGE, "user001@example.com")).startsWith("250");
            }
            try (SmtpClient client = up.client("submission")) {
                client.say("EHLO client.example");
                client.startTls();
                client.say("EHLO client.example");
                assertThat(client.plain("user001@example.com", "secret")).startsWith("235");
                assertThat(client.mail("", MESSAGE, "user001@example.com")).startsWith("250");
                assertThat(client.mail("other@example.com", MESSAGE, "user001@example.com"))
                        .startsWith("553");
            }
            assertThat(up.inbox("user001@example.com"))
                    .hasSize(2)
                    .allSatisfy(message -> assertThat(message).startsWith("Return-Path: <>\r\n"));
        }
    }

    /// B14: RFC 6531 §3.2, §3.5
    @Test
    void smtpUtf8IsTakenWhetherItIsNeededOrNot() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of())) {
            up.account("user001@example.com");
            up.account("us\u00e9r@example.com");
            up.directory.addDomain(Domain.of("b\u00fccher.example"));
            up.account("user@b\u00fccher.example");
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                for (String to :
                        new String[] {"user001@example.com", "user@b\u00fccher.example", "us\u00e9r@example.com"}) {
                    assertThat(client.say("MAIL FROM:<a@example.net> SMTPUTF8")).startsWith("250");
                    assertThat(client.say("RCPT TO:<" + to + ">")).as(to).startsWith("250");
                    assertThat(client.say("DATA")).startsWith("354");
                    client.send("From: J\u00f6rg <a@example.net>\r\nSubject: x\r\n\r\nbody\r\n.\r\n");
                    assertThat(client.reply()).startsWith("250");
                }
                assertThat(client.mail("a@example.net", MESSAGE, "user@xn--bcher-kva.example"))
                        .startsWith("250");
            }
            assertThat(up.inbox("user001@example.com")).hasSize(1);
            assertThat(up.inbox("us\u00e9r@example.com")).hasSize(1);
            assertThat(up.inbox("user@b\u00fccher.example")).hasSize(2);
        }
    }
}
