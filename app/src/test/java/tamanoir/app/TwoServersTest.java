package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Mail from one server to another: it arrives, it waits, or its sender hears why not.
@Timeout(120)
class TwoServersTest {
    @TempDir
    Path folder;

    /// Where Alice lives; everything for others goes to `port`.
    private House here(int port, String... lines) throws IOException {
        String[] all = java.util.Arrays.copyOf(lines, lines.length + 1);
        all[lines.length] = "relayhost = [127.0.0.1]:" + port;
        return House.of(folder.resolve("here"), all).start().people("alice");
    }

    /// Where Bob lives, who takes mail on `port`.
    private House there(int port) throws IOException {
        House there = new House(folder.resolve("there")).with("smtpd_port", String.valueOf(port));
        there.write("main.cf", """
                mydomain = example.org
                myhostname = mail.example.org
                mynetworks = 192.0.2.0/24
                """);
        return there.start().people("bob@example.org");
    }

    private static void write(House here, String to, String subject) throws IOException {
        try (Line submission = here.submission("alice")) {
            assertThat(submission.mail("alice@example.com", to, """
                            From: Alice <alice@example.com>
                            To: %s
                            Subject: %s
                            In-Reply-To: <question@example.org>

                            Yes, at noon.
                            """.formatted(to, subject)))
                    .startsWith("250 2.0.0");
        }
    }

    @Test
    void anAnswerReachesTheOtherServerUnderTls() throws IOException {
        try (House there = there(0);
                House here = here(there.port("smtp"))) {
            write(here, "bob@example.org", "Re: lunch");
            try (Line imap = there.inbox("bob")) {
                imap.awaitMessages(1);
                assertThat(imap.message(1))
                        .containsSubsequence(
                                "Return-Path: <alice@example.com>",
                                "Received: from mail.example.com",
                                "by mail.example.org (Tamanoir) with ESMTPS id ",
                                "Received: from client.example.net",
                                "by mail.example.com (Tamanoir) with ESMTPSA id ",
                                "Subject: Re: lunch",
                                "Yes, at noon.");
            }
            House.await(
                    "the queue is empty", () -> here.run("queue", "list").out().equals("The queue is empty.\n"));
        }
    }

    @Test
    void whenTheOtherServerIsDownMailWaitsAndAFlushSendsItWhenItIsBack() throws IOException {
        int port = House.freePort();
        try (House here = here(port)) {
            write(here, "bob@example.org", "Re: lunch");
            write(here, "bob@example.org", "Re: dinner");
            House.await("both were tried", () -> here.run("queue", "list").out().split("1 tried", -1).length == 3);
            assertThat(here.run("queue", "list").out()).contains("2 messages.", "Connection refused");
            try (House there = there(port)) {
                assertThat(here.run("queue", "flush", "--all").out()).isEqualTo("2 messages tried now.\n");
                try (Line imap = there.inbox("bob")) {
                    imap.awaitMessages(2);
                    assertThat(imap.message(1) + imap.message(2)).contains("Subject: Re: lunch", "Subject: Re: dinner");
                }
                House.await(
                        "the queue is empty",
                        () -> here.run("queue", "list").out().equals("The queue is empty.\n"));
            }
            try (Line imap = here.inbox("alice")) {
                assertThat(imap.imap("STATUS INBOX (MESSAGES)")).contains("MESSAGES 0");
            }
        }
    }

    @Test
    void whatTheOtherServerRefusesComesBackInWordsThatAPersonUnderstands() throws IOException {
        try (House there = there(0);
                House here = here(there.port("smtp"))) {
            write(here, "nobody@example.org", "Re: lunch");
            try (Line imap = here.inbox("alice")) {
                imap.awaitMessages(1);
                String report = imap.message(1);
                assertThat(report)
                        .containsSubsequence(
                                "Return-Path: <>",
                                "From: Mail Delivery System <MAILER-DAEMON@mail.example.com>",
                                "To: alice@example.com",
                                "Subject: ",
                                "Content-Type: multipart/report; report-type=delivery-status",
                                "Your message \"Re: lunch\", received on ",
                                "It could NOT be delivered to one recipient",
                                "  nobody@example.org",
                                "There is no such mailbox at example.org.",
                                "Check the address for typing errors",
                                "550 5.1.1 <nobody@example.org>: Recipient address rejected: User",
                                "Content-Type: message/delivery-status",
                                "Final-Recipient: rfc822; nobody@example.org",
                                "Action: failed",
                                "Status: 5.1.1",
                                "Content-Type: message/rfc822",
                                "Subject: Re: lunch",
                                "Yes, at noon.");
                assertThat(imap.imap("FETCH 1 BODYSTRUCTURE"))
                        .contains("\"delivery-status\"", "\"rfc822\"", "\"report\"");
                assertThat(here.run("queue", "list").out()).isEqualTo("The queue is empty.\n");
            }
        }
    }

    @Test
    void whatWaitedTooLongComesBackToo() throws IOException {
        try (House here = here(House.freePort(), "maximal_queue_lifetime = 0")) {
            write(here, "bob@example.org", "Re: lunch");
            try (Line imap = here.inbox("alice")) {
                imap.awaitMessages(1);
                assertThat(imap.message(1))
                        .containsSubsequence(
                                "bob@example.org",
                                "Delivery was tried again and again, until the time for it was over.",
                                "Connection refused",
                                "Action: failed",
                                "Status: 4.4.7");
            }
        }
    }
}
