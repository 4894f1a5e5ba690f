package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Access tables, body checks and blind copies: what an administrator's own rules do to a message.
class AccessTest {
    private static final String MESSAGE = "From: a@example.net\r\nSubject: access\r\n\r\nbody\r\n";

    @TempDir
    Path home;

    @BeforeEach
    void tables() throws IOException {
        write("clients", "203.0.113.0/24 REJECT no mail from there\n192.0.2.0/24 OK\n");
        write("senders", """
                <>              DUNNO
                spam@           REJECT
                bad.example     554 5.7.9 not from this domain
                later.example   450 4.7.9 come back
                held.example    HOLD look at this
                gone.example    DISCARD
                copied.example  BCC user002@example.com
                moved.example   REDIRECT user002@example.com
                marked.example  PREPEND X-Marked: yes
                """);
        write("body", """
                /buy this now/     REJECT no advertising
                /secret (word)/    REPLACE the $1
                /drop this line/   IGNORE
                """);
        write("copies", "user001@example.com user003@example.com\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new java.util.HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1].replace("$home", home.toString()));
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account("user001@example.com");
        up.account("user002@example.com");
        up.account("user003@example.com");
        return up;
    }

    @Test
    void theSenderTableDecidesAboutEachMessage() throws IOException {
        try (MailOnLoopback up = server(
                        "smtpd_sender_restrictions", "check_sender_access hash:$home/senders",
                        "parent_domain_matches_subdomains", "smtpd_access_maps");
                SmtpClient client = up.client("smtp")) {
            String to = "user001@example.com";
            client.say("EHLO client.example");
            assertThat(client.mail("spam@example.net", MESSAGE, to)).startsWith("554 5.7.1 <spam@example.net>");
            client.say("RSET");
            assertThat(client.mail("a@deep.bad.example", MESSAGE, to))
                    .isEqualTo("554 5.7.9 <a@deep.bad.example>: " + "Sender address rejected: not from this domain");
            client.say("RSET");
            assertThat(client.mail("a@later.example", MESSAGE, to)).startsWith("450 4.7.9");
            client.say("RSET");
            assertThat(up.inbox(to)).isEmpty();
            assertThat(client.mail("a@gone.example", MESSAGE, to)).startsWith("250");
            assertThat(up.inbox(to)).isEmpty();
            assertThat(client.mail("a@moved.example", MESSAGE, to)).startsWith("250");
            assertThat(up.inbox(to)).isEmpty();
            assertThat(up.inbox("user002@example.com")).hasSize(1);
            assertThat(client.mail("a@copied.example", MESSAGE, to)).startsWith("250");
            assertThat(up.inbox(to)).hasSize(1);
            assertThat(up.inbox("user002@example.com")).hasSize(2);
            assertThat(client.mail("a@marked.example", MESSAGE, to)).startsWith("250");
            assertThat(up.inbox(to).getLast()).contains("\r\nX-Marked: yes\r\n");
            assertThat(client.mail("", MESSAGE, to)).startsWith("250");
            assertThat(up.inbox(to)).hasSize(3);
            assertThat(client.mail("a@held.example", MESSAGE, to)).startsWith("250");
            assertThat(up.inbox(to)).hasSize(3);
            assertThat(up.owed()).containsExactly("a@held.example -> user001@example.com");
        }
    }

    @Test
    void theClientTableKnowsNetworks() throws IOException {
        try (MailOnLoopback up = server("smtpd_client_restrictions", "check_client_access cidr:$home/clients");
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT ADDR=203.0.113.9 NAME=[UNAVAILABLE]");
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com"))
                    .startsWith("554 5.7.1")
                    .contains("no mail from there");
            client.say("RSET");
            client.say("XCLIENT ADDR=198.51.100.9 NAME=[UNAVAILABLE]");
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com"))
                    .startsWith("250");
        }
    }

    @Test
    void bodyChecksRefuseReplaceAndDropLines() throws IOException {
        try (MailOnLoopback up = server("body_checks", "regexp:$home/body");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            String head = "Subject: buy this now\r\n\r\n";
            assertThat(client.mail("a@example.net", head + "one\r\nBuy this NOW\r\n", "user001@example.com"))
                    .startsWith("550 5.7.1")
                    .contains("no advertising");
            assertThat(client.mail(
                            "a@example.net",
                            head + "one\r\nthe secret word is\r\nplease drop this line\r\nlast\r\n",
                            "user001@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("user001@example.com"))
                    .singleElement()
                    .asString()
                    .endsWith("\r\n\r\none\r\nthe word\r\nlast\r\n");
        }
    }

    @Test
    void blindCopiesGoToWhomTheTablesNameAndNobodyReadsOfThem() throws IOException {
        try (MailOnLoopback up =
                        server("always_bcc", "user002@example.com", "recipient_bcc_maps", "hash:$home/copies");
                SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("user001@example.com"))
                    .singleElement()
                    .asString()
                    .doesNotContain("user002", "user003");
            assertThat(up.inbox("user002@example.com")).hasSize(1);
            assertThat(up.inbox("user003@example.com")).hasSize(1);
        }
    }
}
