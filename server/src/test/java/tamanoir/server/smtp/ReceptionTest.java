package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail comes in and is where it belongs.
class ReceptionTest {
    private static final String MESSAGE = "From: ann@client.example\r\nTo: alice@example.com\r\n"
            + "Subject: hello\r\nMessage-ID: <1@client.example>\r\n\r\nfirst line\r\n.dot\r\nlast\r\n";

    @TempDir
    Path home;

    @Test
    void aMessageFromAStrangerReachesTheMailboxOctetForOctet() throws IOException {
        try (MailOnLoopback server = new MailOnLoopback(home, Map.of())) {
            server.account("alice@example.com");
            try (SmtpClient client = server.client("smtp")) {
                assertThat(client.greeting).isEqualTo("220 mail.example.com ESMTP Tamanoir");
                assertThat(client.say("EHLO client.example")).contains("250-SIZE 10240000");
                assertThat(client.mail("ann@client.example", MESSAGE, "alice@example.com"))
                        .startsWith("250 2.0.0 Ok: queued as ");
                assertThat(client.say("QUIT")).isEqualTo("221 2.0.0 Bye");
            }
            String stored = server.inbox("alice@example.com").getFirst();
            assertThat(stored).endsWith("\r\n" + MESSAGE);
            assertThat(stored)
                    .startsWith("Return-Path: <ann@client.example>\r\nDelivered-To: alice@example.com\r\n"
                            + "Authentication-Results: mail.example.com;\r\n\tspf=none");
            assertThat(stored)
                    .contains("\r\nReceived: from client.example (localhost [127.0.0.1])\r\n"
                            + "\tby mail.example.com (Tamanoir) with ESMTP id ");
            assertThat(stored).contains("\r\n\tfor <alice@example.com>; ");
        }
    }
}
