package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The set-up that Postfix tutorials make, running as it stands; and what is said of the slips that copies carry.
@Timeout(120)
class TutorialTest {
    private static final List<String> FILES =
            List.of("main.cf", "aliases", "canonical", "header_checks", "postscreen_access.cidr", "staff.list");

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void moveIn() throws IOException {
        house = new House(folder.resolve("tutorial"));
        for (String file : FILES) {
            try (InputStream from =
                    Objects.requireNonNull(TutorialTest.class.getResourceAsStream("tutorial/" + file), file)) {
                Files.copy(from, house.home.resolve(file));
            }
        }
    }

    @AfterEach
    void moveOut() {
        house.close();
    }

    private void start() {
        house.start().people("alice", "bob");
    }

    private String mail(String from, String to, String message) throws IOException {
        try (Line smtp = house.smtp()) {
            return smtp.mail(from, to, message);
        }
    }

    private String only(String name) throws IOException {
        try (Line imap = house.inbox(name)) {
            assertThat(imap.imap("STATUS INBOX (MESSAGES)"))
                    .as("mailbox of " + name)
                    .contains("MESSAGES 1)");
            return imap.message(1);
        }
    }

    private void nothing(String name) throws IOException {
        try (Line imap = house.inbox(name)) {
            assertThat(imap.imap("STATUS INBOX (MESSAGES)"))
                    .as("mailbox of " + name)
                    .contains("MESSAGES 0)");
        }
    }

    // ---- the check ---------------------------------------------------------------------------------------------

    @Test
    void itPassesTheCheckWithoutError() {
        House.Outcome check = house.run("check");
        assertThat(check.exit()).as(check.out()).isZero();
        assertThat(check.out())
                .doesNotContain("error:")
                .contains(
                        "main.cf:8: note: biff is accepted without effect",
                        "smtpd_tls_CAfile: ",
                        "The configuration in " + house.home + " is usable");
    }

    @Test
    void aSlipInANameIsAWarningWithLineAndNearestName() throws IOException {
        edit("postscreen_blacklist_action", "postcreen_blacklist_action");
        House.Outcome check = house.run("check", "--quiet");
        assertThat(check.exit()).isZero();
        assertThat(check.out())
                .contains("main.cf:" + lineOf("postcreen_blacklist_action") + ": warning: unknown parameter"
                        + " postcreen_blacklist_action; did you mean \"postscreen_blacklist_action\"?");
    }

    @Test
    void aSlipInARestrictionIsAnErrorAndTheRunningServerGoesOnAsBefore() throws IOException {
        start();
        edit("reject_invalid_hostname", "reject_invalide_hostname");
        edit("message_size_limit = 20480000", "message_size_limit = 1000");
        String error = "main.cf:" + lineOf("reject_invalide_hostname")
                + ": error: smtpd_helo_restrictions: \"reject_invalide_hostname\" is no restriction;"
                + " did you mean \"reject_invalid_hostname\"?";
        House.Outcome check = house.run("check");
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.out()).contains(error, "1 error.");
        House.Outcome reload = house.run("reload");
        assertThat(reload.exit()).isEqualTo(65);
        assertThat(reload.err()).contains("the new configuration has errors, the old one stays:", error);
        try (Line smtp = house.smtp()) {
            assertThat(smtp.smtp("EHLO client.example.net")).contains("SIZE 20480000");
        }

        edit("reject_invalide_hostname", "reject_invalid_hostname");
        assertThat(house.run("reload"))
                .isEqualTo(new House.Outcome(
                        0, "Reloaded; 2 values changed: imap_append_limit, message_size_limit.\n", ""));
        try (Line smtp = house.smtp()) {
            assertThat(smtp.smtp("EHLO client.example.net")).contains("SIZE 1000\n");
        }
    }

    @Test
    void aBrokenTableIsAnErrorAndTheRunningServerGoesOnAsBefore() throws IOException {
        start();
        edit(
                "header_checks = regexp:$config_directory/header_checks",
                "header_checks = regexp:$config_directory/other");
        house.write("other", "/fine/ IGNORE\n/(unclosed/ REJECT\n");
        House.Outcome reload = house.run("reload");
        assertThat(reload.exit()).isEqualTo(65);
        assertThat(reload.err()).contains("the old one stays", "other:2: error: ");
        assertThat(mail("me@elsewhere.example", "alice@example.com", "Subject: Make Money Fast\n\nnow\n"))
                .startsWith("550 5.7.1 no advertising here");
    }

    private void edit(String from, String to) throws IOException {
        Path main = house.home.resolve("main.cf");
        String text = Files.readString(main);
        assertThat(text).contains(from);
        Files.writeString(main, text.replace(from, to));
    }

    private int lineOf(String word) throws IOException {
        List<String> lines = Files.readAllLines(house.home.resolve("main.cf"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith(word)) {
                return i + 1;
            }
        }
        throw new AssertionError(word);
    }

    // ---- who gets it -------------------------------------------------------------------------------------------

    @Test
    void itGreetsAndOffersBothLinesOfSignIn() throws IOException {
        start();
        try (Line smtp = Line.to(house.port("smtp"))) {
            assertThat(smtp.reply()).isEqualTo("220 tamanoir.example.com ESMTP Tamanoir");
            assertThat(smtp.smtp("EHLO client.example.net"))
                    .contains("250-AUTH ", "250-AUTH=", "SIZE 20480000", "STARTTLS");
        }
    }

    @Test
    void anAliasLeadsToSeveralAndWhoLivesElsewhereIsOwedItByTheQueue() throws IOException {
        // Nobody listens there.
        house.with("relayhost", "[127.0.0.1]:" + House.freePort());
        start();
        assertThat(mail("me@elsewhere.example", "team@example.com", "Subject: to all\n\nx\n"))
                .startsWith("250 2.0.0");
        assertThat(only("alice")).contains("Subject: to all", "Delivered-To: team@example.com");
        assertThat(only("bob")).contains("Subject: to all");
        assertThat(house.run("queue", "list").out())
                .contains("from <me@elsewhere.example>", "to <carol@elsewhere.example>", "1 message.")
                .doesNotContain("alice");
    }

    @Test
    void anIncludeFileAndAliasesOfAliasesAreFollowed() throws IOException {
        start();
        assertThat(mail("me@elsewhere.example", "staff@example.com", "Subject: to the staff\n\nx\n"))
                .startsWith("250 2.0.0");
        assertThat(only("bob")).contains("Subject: to the staff");
        assertThat(mail("me@elsewhere.example", "abuse@example.org", "Subject: to postmaster\n\nx\n"))
                .startsWith("250 2.0.0");
        try (Line imap = house.inbox("alice")) {
            assertThat(imap.message(2)).contains("Subject: to postmaster");
        }
        house.write("staff.list", "bob\n");
        assertThat(mail("me@elsewhere.example", "staff@example.com", "Subject: again\n\nx\n"))
                .startsWith("250 2.0.0");
        try (Line imap = house.inbox("bob")) {
            assertThat(imap.message(2)).contains("Subject: again");
        }
    }

    @Test
    void aSenderIsWrittenInItsCanonicalForm() throws IOException {
        start();
        try (Line submission = house.submission("alice")) {
            assertThat(submission.mail(
                            "alice@example.com", "bob@example.com", "From: Alice <alice>\nSubject: hello\n\nx\n"))
                    .startsWith("250 2.0.0");
        }
        assertThat(only("bob"))
                .contains("Return-Path: <alice.martin@example.com>", "From: Alice <alice.martin@example.com>");
    }

    @Test
    void whatStandsBehindThePlusBelongsToAlice() throws IOException {
        start();
        assertThat(mail("me@elsewhere.example", "alice+news@example.com", "Subject: news\n\nx\n"))
                .startsWith("250 2.0.0");
        assertThat(only("alice")).contains("Subject: news", "Delivered-To: alice+news@example.com");
        assertThat(mail("me@elsewhere.example", "nobody+news@example.com", "x\n"))
                .startsWith("550 5.1.1");
    }

    // ---- what may come in --------------------------------------------------------------------------------------

    @Test
    void headerChecksRejectIgnoreAndHold() throws IOException {
        start();
        assertThat(mail("me@elsewhere.example", "alice@example.com", "Subject: MAKE money fast\n\nx\n"))
                .isEqualTo("550 5.7.1 no advertising here");
        assertThat(mail("me@elsewhere.example", "alice@example.com", "X-Mailer: Bulk Mailer 3\n\nx\n"))
                .startsWith("550 5.7.1 ");
        assertThat(mail("me@elsewhere.example", "alice@example.com", """
                        Subject: a file
                        MIME-Version: 1.0
                        Content-Type: application/octet-stream;
                         name="present.EXE"

                        x
                        """))
                .isEqualTo("550 5.7.1 executable attachments are not accepted");
        nothing("alice");

        assertThat(mail("me@elsewhere.example", "alice@example.com", """
                        X-Internal-Route: a; b; c
                        Subject: ignored

                        X-Internal-Route: stays in the text
                        """)).startsWith("250 2.0.0");
        assertThat(only("alice"))
                .contains("Subject: ignored", "X-Internal-Route: stays in the text")
                .doesNotContain("a; b; c");

        String held = mail("me@elsewhere.example", "bob@example.com", "Subject: [suspect] x\n\nx\n");
        assertThat(held).startsWith("250 2.0.0");
        nothing("bob");
        assertThat(house.run("queue", "list").out()).contains("to <bob@example.com>", "on hold");
        String id = held.substring(held.lastIndexOf(' ') + 1);
        assertThat(house.run("queue", "release", id).out()).isEqualTo(id + ": released\n");
        try (Line imap = house.inbox("bob")) {
            imap.awaitMessages(1);
            assertThat(imap.message(1)).contains("Subject: [suspect] x");
        }
    }

    @Test
    void headerChecksPrependReplaceWarnDiscardAndRedirect() throws IOException {
        house.write("header_checks", """
                /^Subject: pre/        PREPEND X-Seen: by the checks
                /^Subject: (.*) old$/  REPLACE Subject: $1 new
                /^Subject: odd/        WARN this is odd
                /^Subject: away/       DISCARD nobody wants it
                /^Subject: elsewhere/  REDIRECT bob@example.com
                """);
        start();
        try (Line smtp = house.smtp()) {
            for (String subject : List.of("pre", "something old", "odd", "away", "elsewhere")) {
                assertThat(smtp.mail("me@elsewhere.example", "alice@example.com", "Subject: " + subject + "\n\nx\n"))
                        .as(subject)
                        .startsWith("250 2.0.0");
            }
        }
        try (Line imap = house.inbox("alice")) {
            assertThat(imap.imap("STATUS INBOX (MESSAGES)")).contains("MESSAGES 3)");
            assertThat(imap.message(1)).contains("X-Seen: by the checks\nSubject: pre\n");
            assertThat(imap.message(2)).contains("Subject: something new\n").doesNotContain("old");
            assertThat(imap.message(3)).contains("Subject: odd\n");
        }
        assertThat(only("bob")).contains("Subject: elsewhere\n");
        assertThat(house.run("queue", "list").out()).isEqualTo("The queue is empty.\n");
    }

    @Test
    void strangersDoNotRelay() throws IOException {
        // As if every client came from far away; what asks DNS is left out.
        house.with("mynetworks", "192.0.2.0/24")
                .with("smtpd_recipient_restrictions", "permit_mynetworks, reject_unauth_destination, permit")
                .with("smtpd_helo_restrictions", "reject_invalid_hostname")
                .with("smtpd_sender_restrictions", "reject_non_fqdn_sender");
        start();
        assertThat(mail("me@elsewhere.example", "you@elsewhere.example", "x\n"))
                .isEqualTo("454 4.7.1 <you@elsewhere.example>: Relay access denied");
        assertThat(mail("me@elsewhere.example", "you%elsewhere.example@example.com", "x\n"))
                .isEqualTo("454 4.7.1 <you%elsewhere.example@example.com>: Relay access denied");
        assertThat(mail("me@elsewhere.example", "alice@example.com", "Subject: x\n\nx\n"))
                .startsWith("250 2.0.0");
        assertThat(mail("me@bare", "alice@example.com", "Subject: x\n\nx\n"))
                .startsWith("504 5.5.2 <me@bare>: Sender address rejected: need fully-qualified address");
    }

    @Test
    void aMessageOverTheLimitIsRefusedAtMailAndAtData() throws IOException {
        edit("message_size_limit = 20480000", "message_size_limit = 5000");
        start();
        try (Line smtp = house.smtp()) {
            assertThat(smtp.smtp("MAIL FROM:<me@elsewhere.example> SIZE=5001"))
                    .isEqualTo("552 5.3.4 Message size exceeds fixed limit");
            assertThat(smtp.smtp("MAIL FROM:<me@elsewhere.example> SIZE=5000")).startsWith("250 2.1.0");
            assertThat(smtp.smtp("RSET")).startsWith("250");
            assertThat(smtp.mail("me@elsewhere.example", "alice@example.com", "Subject: x\n\n" + "x\n".repeat(5000)))
                    .isEqualTo("552 5.3.4 Error: message file too big");
            assertThat(smtp.mail("me@elsewhere.example", "alice@example.com", "Subject: small\n\nx\n"))
                    .startsWith("250 2.0.0");
        }
        assertThat(only("alice")).contains("Subject: small");
    }
}
