package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueuedMessage;

/// B40: each recipient has its own answer, a full mailbox is called full, and nobody gets a second copy
/// because somebody else could not be served.
class QuotaAndRetryTest {
    private static final String MESSAGE = "From: a@example.net\r\nSubject: quota\r\n\r\nbody\r\n";

    @TempDir
    Path home;

    private MailOnLoopback server() throws IOException {
        Path aliases = home.resolve("aliases");
        Files.writeString(aliases, "team: user001, user002\nboth: user002, bob@elsewhere.example\n");
        return new MailOnLoopback(home, Map.of("alias_maps", "hash:" + aliases));
    }

    /// The answers of LMTP to one message, one for each recipient that was accepted.
    private static List<String> lmtp(SmtpClient client, String... recipients) throws IOException {
        client.say("MAIL FROM:<a@example.net>");
        int accepted = 0;
        for (String recipient : recipients) {
            accepted += client.say("RCPT TO:<" + recipient + ">").startsWith("250") ? 1 : 0;
        }
        client.say("DATA");
        client.send(MESSAGE + ".\r\n");
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < accepted; i++) {
            replies.add(client.reply());
        }
        return replies;
    }

    @Test
    void lmtpTellsWhoseMailboxIsFullAndTakesWhatFitsToTheLastOctet() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("lmtp")) {
            up.account("user008@example.com");
            up.account("user009@example.com");
            client.say("LHLO client.example");
            assertThat(lmtp(client, "user008@example.com", "user009@example.com"))
                    .allSatisfy(reply -> assertThat(reply).startsWith("250"));
            int size = up.inbox("user008@example.com").getFirst().length();
            up.account("user001@example.com", size - 1);
            up.account("user002@example.com", size);
            up.account("user003@example.com");
            assertThat(client.say("MAIL FROM:<a@example.net>")).startsWith("250");
            assertThat(client.say("RCPT TO:<nosuch@example.com>")).startsWith("550 5.1.1");
            assertThat(client.say("RSET")).startsWith("250");
            List<String> replies = lmtp(
                    client, "user001@example.com", "user002@example.com", "nosuch@example.com", "user003@example.com");
            assertThat(replies).hasSize(3);
            assertThat(replies.get(0)).startsWith("552 5.2.2");
            assertThat(replies.get(1)).startsWith("250");
            assertThat(replies.get(2)).startsWith("250");
            assertThat(up.inbox("user001@example.com")).isEmpty();
            assertThat(up.inbox("user002@example.com")).hasSize(1);
            assertThat(up.inbox("user003@example.com")).hasSize(1);
            replies = lmtp(client, "user002@example.com", "user003@example.com");
            assertThat(replies.get(0)).startsWith("552 5.2.2");
            assertThat(replies.get(1)).startsWith("250");
            assertThat(up.inbox("user002@example.com")).hasSize(1);
            assertThat(client.say("NOOP")).isEqualTo("250 2.0.0 Ok");
            assertThat(up.owed()).isEmpty();
        }
    }

    @Test
    void aSingleFullMailboxIsToldToTheClientAndOneAmongOthersToTheSender() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            up.account("user001@example.com", 1);
            up.account("user002@example.com");
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com"))
                    .startsWith("552 5.2.2");
            assertThat(up.owed()).isEmpty();
            assertThat(client.mail("a@example.net", MESSAGE, "user001@example.com", "user002@example.com"))
                    .startsWith("250 2.0.0");
            assertThat(up.inbox("user002@example.com")).hasSize(1);
            assertThat(up.owed()).containsExactly("a@example.net -> user001@example.com");
            assertThat(retry(up)).singleElement().isInstanceOf(Outcome.Failed.class);
            assertThat(up.inbox("user002@example.com")).hasSize(1);
        }
    }

    @Test
    void aMemberOfAnAliasThatIsFullCostsNobodyASecondCopy() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            up.account("user001@example.com", 1);
            up.account("user002@example.com");
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, "team@example.com"))
                    .startsWith("250 2.0.0");
            assertThat(up.owed()).containsExactly("a@example.net -> user001@example.com");
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThat(retry(up))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.reply().status()).isEqualTo("5.2.2"));
            }
            assertThat(up.inbox("user002@example.com")).hasSize(1);
        }
    }

    @Test
    void anAttemptThatWasNotRecordedIsMadeAgainWithoutASecondCopy() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            up.account("user001@example.com");
            up.account("user002@example.com");
            client.say("EHLO client.example");
            client.say("MAIL FROM:<a@example.net> RET=HDRS ENVID=e1");
            client.say("RCPT TO:<user001@example.com> NOTIFY=SUCCESS,FAILURE");
            client.say("RCPT TO:<team@example.com> NOTIFY=SUCCESS");
            client.say("DATA");
            client.send(MESSAGE + ".\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0");
            assertThat(up.owed()).hasSize(2);
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThat(retry(up))
                        .hasSize(2)
                        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Sent.class));
            }
            assertThat(up.inbox("user001@example.com")).hasSize(1);
            assertThat(up.inbox("user002@example.com")).hasSize(1);
        }
    }

    @Test
    void aForwardedCopyAndOneInAMailboxLeaveOnce() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            up.account("user002@example.com", 1);
            client.say("EHLO client.example");
            assertThat(client.mail("a@example.net", MESSAGE, "both@example.com"))
                    .startsWith("250 2.0.0");
            assertThat(up.owed())
                    .containsExactlyInAnyOrder(
                            "a@example.net -> bob@elsewhere.example", "a@example.net -> user002@example.com");
        }
    }

    @Test
    void whatComesBackToTheDoubleBounceAddressEndsHere() throws IOException {
        try (MailOnLoopback up = server();
                SmtpClient client = up.client("smtp")) {
            up.account("user002@example.com");
            client.say("EHLO client.example");
            assertThat(client.mail("", MESSAGE, "double-bounce@mail.example.com"))
                    .startsWith("250 2.0.0");
            assertThat(client.mail("", MESSAGE, "double-bounce@mail.example.com", "user002@example.com"))
                    .startsWith("250 2.0.0");
            assertThat(up.owed()).isEmpty();
            assertThat(up.inbox("user002@example.com")).hasSize(1);
        }
    }

    /// What the queue does when the time has come, without recording the outcome.
    private static List<Outcome> retry(MailOnLoopback up) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Queue.Listed entry : up.queue.list(Optional.empty(), 100)) {
            QueuedMessage message = up.queue.show(entry.id()).orElseThrow();
            List<Recipient> owed = entry.recipients().stream()
                    .map(Queue.ListedRecipient::recipient)
                    .toList();
            outcomes.addAll(up.reception.localDeliverer().deliver(message, owed).values());
        }
        return outcomes;
    }
}
