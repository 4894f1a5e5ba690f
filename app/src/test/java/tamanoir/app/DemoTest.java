package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;

/// The road of a message through the demo: in by SMTP, read by IMAP and POP3, answered by submission.
@Timeout(120)
class DemoTest {
    @TempDir
    Path folder;

    private House demo() throws IOException {
        House house = new House(folder.resolve("demo"));
        house.write("main.cf", Demo.MAIN_CF.replaceAll("(?m)^(port_offset|inet_interfaces).*$", ""));
        return house;
    }

    private House filled() throws IOException {
        House house = demo().start();
        Demo.fill(house.office(), Instant.now());
        return house;
    }

    private static int messages(House house, String name, String mailbox) throws IOException {
        try (Line imap = Line.imap(house.port("imap"), name, Demo.PASSWORD, mailbox)) {
            String answer = imap.imap("STATUS \"" + mailbox + "\" (MESSAGES)");
            return Integer.parseInt(answer.replaceAll("(?s).*MESSAGES (\\d+).*", "$1"));
        }
    }

    @Test
    void aliceAndBobHaveADozenMessages() throws IOException {
        try (House house = filled()) {
            assertThat(messages(house, "alice", "INBOX")).isEqualTo(7);
            assertThat(messages(house, "alice", "Sent")).isEqualTo(1);
            assertThat(messages(house, "alice", "Drafts")).isEqualTo(1);
            assertThat(messages(house, "alice", "Junk")).isEqualTo(1);
            assertThat(messages(house, "bob", "INBOX")).isEqualTo(2);
            assertThat(house.run("verify").out()).contains("2 accounts with 12 messages checked, 0 findings");
            try (Line imap = house.inbox("alice")) {
                assertThat(imap.imap("FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT DATE)])"))
                        .contains("\\Answered", "\\Flagged")
                        .doesNotContain("{date}");
            }
        }
    }

    @Test
    void theSecondStartKeepsEverythingAndAddsNothing() throws IOException {
        try (House house = filled()) {
            try (Line imap = house.inbox("alice")) {
                imap.imap("STORE 1 +FLAGS (\\Deleted)");
                imap.imap("EXPUNGE");
            }
            house.run("account", "password", "bob", "--password", "another");
        }
        try (House house = filled()) {
            assertThat(messages(house, "alice", "INBOX")).isEqualTo(6);
            assertThatThrownBy(() -> messages(house, "bob", "INBOX")).hasMessageContaining("AUTHENTICATIONFAILED");
        }
    }

    @Test
    void aFirstStartThatWasInterruptedIsCompleted() throws IOException {
        try (House house = demo().start()) {
            Domain domain = Domain.of("example.com");
            house.office().directory().addDomain(domain);
            house.office().directory().addAccount(new Address("alice", domain), "Alice Martin", Demo.PASSWORD, 0);
        }
        try (House house = filled()) {
            assertThat(messages(house, "alice", "INBOX")).isEqualTo(7);
            assertThat(messages(house, "bob", "INBOX")).isEqualTo(2);
        }
    }

    @Test
    void theCommandSaysWhatToTryAndEndsByStop() throws Exception {
        House house = new House(folder.resolve("demo"));
        Map<String, String> overrides = new LinkedHashMap<>(Map.of("port_offset", "0", "log_level", "error"));
        for (String port :
                new String[] {"smtpd", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "http", "https"
                }) {
            overrides.put(port + "_port", "0");
        }
        overrides.put("metrics_port", "off");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicInteger exit = new AtomicInteger(-1);
        Thread serving = Thread.ofPlatform()
                .start(() -> exit.set(
                        Serving.demo(house.home, overrides, new PrintStream(out, true), new PrintStream(err, true))));
        House.await("what to try", () -> out.toString(StandardCharsets.UTF_8).contains("Ctrl-C stops it"));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "Wrote the first configuration: " + house.home.resolve("main.cf"),
                        "alice@example.com and bob@example.com, password \"secret\"",
                        "swaks --server 127.0.0.1:",
                        "account show alice --home " + house.home)
                .doesNotContain("127.0.0.1:0");
        assertThat(house.run("account", "list").out()).contains("alice@example.com", "bob@example.com");
        assertThat(house.run("stop")).isEqualTo(new House.Outcome(0, "Stopping.\n", ""));
        serving.join(30_000);
        assertThat(exit.get()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(Files.exists(house.home.resolve("run/control"))).isFalse();
    }

    @Test
    void aMessageComesInBySmtpAndIsReadByImapAndPop3() throws IOException {
        try (House house = filled()) {
            String text = """
                    From: Me <me@elsewhere.example>
                    To: alice@example.com
                    Subject: Grüße

                    .a line that begins with a dot
                    and one that does not
                    """;
            try (Line smtp = house.smtp()) {
                assertThat(smtp.mail("me@elsewhere.example", "alice@example.com", text.replace("\n.a", "\n..a")))
                        .startsWith("250 2.0.0 Ok: ");
            }
            try (Line imap = house.inbox("alice")) {
                assertThat(imap.message(8))
                        .contains(
                                "Return-Path: <me@elsewhere.example>",
                                "Delivered-To: alice@example.com",
                                "Received: from client.example.net",
                                "by mail.example.com (Tamanoir) with ESMTP id ",
                                "Subject: Grüße",
                                "\n.a line that begins with a dot\nand one that does not\n");
                assertThat(imap.imap("SEARCH SUBJECT \"gr\"")).contains("* SEARCH 8");
            }
            try (Line pop = Line.to(house.port("pop3"))) {
                assertThat(pop.line()).startsWith("+OK");
                assertThat(pop.pop3("USER alice")).startsWith("+OK");
                assertThat(pop.pop3("PASS " + Demo.PASSWORD)).startsWith("+OK");
                assertThat(pop.pop3("STAT")).startsWith("+OK 8 ");
                assertThat(pop.pop3Lines("RETR 8")).contains("Subject: Grüße", "\n..a line that begins with a dot\n");
                assertThat(pop.pop3("DELE 8")).startsWith("+OK");
                assertThat(pop.pop3("QUIT")).startsWith("+OK");
            }
            assertThat(messages(house, "alice", "INBOX")).isEqualTo(7);
        }
    }

    @Test
    void anAnswerGoesBySubmissionUnderTls() throws IOException {
        try (House house = filled()) {
            try (Line submission = Line.smtp(house.port("submission"))) {
                assertThat(submission.smtp("EHLO client.example.net")).contains("STARTTLS");
                assertThat(submission.smtp("MAIL FROM:<alice@example.com>")).startsWith("530 5.7.0");
                assertThat(submission.smtp("STARTTLS")).startsWith("220 2.0.0");
                submission.startTls();
                assertThat(submission.smtp("EHLO client.example.net"))
                        .contains("AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN")
                        .doesNotContain("STARTTLS");
                assertThat(submission.smtp("MAIL FROM:<alice@example.com>")).startsWith("530 5.7.0");
                assertThat(submission.smtp("AUTH PLAIN " + Line.plain("alice", Demo.PASSWORD)))
                        .startsWith("235 2.7.0");
                assertThat(submission.mail("alice@example.com", "bob@example.com", "Subject: answer\n\nYes.\n"))
                        .startsWith("250 2.0.0");
            }
            try (Line imap = house.inbox("bob")) {
                assertThat(imap.message(3))
                        .contains(
                                "with ESMTPSA id",
                                "Subject: answer",
                                "Message-ID: <",
                                "Date: ",
                                "From: alice@example.com");
            }
        }
    }

    @Test
    void aWrongPasswordOpensNoDoor() throws IOException {
        try (House house = filled()) {
            assertThatThrownBy(() -> Line.submission(house.port("submission"), "alice", "wrong"))
                    .hasMessageContaining("535 5.7.8");
            assertThatThrownBy(() -> Line.imap(house.port("imap"), "alice", "wrong", "INBOX"))
                    .hasMessageContaining("NO [AUTHENTICATIONFAILED]");
            try (Line pop = Line.to(house.port("pop3"))) {
                pop.line();
                pop.pop3("USER alice");
                assertThat(pop.pop3("PASS wrong")).startsWith("-ERR [AUTH]");
            }
        }
    }

    @Test
    void strangersCannotRelayAndUnknownNamesAreRefusedAtOnce() throws IOException {
        try (House house = demo()) {
            // As if every client came from far away.
            house.with("mynetworks", "192.0.2.0/24").start();
            Demo.fill(house.office(), Instant.now());
            try (Line smtp = house.smtp()) {
                assertThat(smtp.mail("me@elsewhere.example", "you@elsewhere.example", "\n"))
                        .startsWith("454 4.7.1 <you@elsewhere.example>: Relay access denied");
                assertThat(smtp.mail("me@elsewhere.example", "nobody@example.com", "\n"))
                        .startsWith("550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown");
                assertThat(smtp.mail("me@elsewhere.example", "alice@example.com", "Subject: x\n\nx\n"))
                        .startsWith("250 2.0.0");
            }
        }
    }
}
