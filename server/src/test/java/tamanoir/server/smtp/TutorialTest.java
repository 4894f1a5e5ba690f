package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;
import tamanoir.server.queue.Queue;
import tamanoir.server.store.memory.MemoryStore;

/// A whole set-up of an administrator: aliases, lists, canonical senders, header checks, relay rules. The
/// tables are the same as those of the reference set-up, which is used itself where it is at hand.
class TutorialTest {
    @TempDir
    Path home;

    private MailOnLoopback server;

    @BeforeEach
    void start() throws IOException {
        write("main.cf", """
                mydomain = example.com
                myhostname = tamanoir.example.com
                myorigin = $mydomain
                append_dot_mydomain = no
                message_size_limit = 20480
                smtpd_recipient_restrictions = permit_mynetworks,
                    permit_sasl_authenticated,
                    reject_unknown_sender_domain,
                    reject_unknown_recipient_domain,
                    reject_unauth_pipelining,
                    reject_non_fqdn_hostname,
                    reject_unauth_destination,
                    permit
                smtpd_helo_restrictions = permit_mynetworks,
                    permit_sasl_authenticated,
                    reject_non_fqdn_hostname,
                    reject_invalid_hostname,
                    permit
                smtpd_sender_restrictions = permit_mynetworks,
                    permit_sasl_authenticated,
                    reject_non_fqdn_sender,
                    reject_unknown_sender_domain,
                    permit
                alias_maps = hash:$config_directory/aliases
                mydestination = $myhostname, localhost, mail.example.com, example.com, example.org
                mynetworks = 192.0.2.0/24
                recipient_delimiter = +
                local_recipient_maps = proxy:unix:passwd.byname $alias_maps
                sender_canonical_maps = hash:$config_directory/canonical
                header_checks = regexp:$config_directory/header_checks
                smtpd_sasl_auth_enable = yes
                broken_sasl_auth_clients = yes
                smtpd_tls_received_header = yes
                smtpd_authorized_xclient_hosts = 127.0.0.1
                """);
        write("aliases", """
                postmaster: root
                root:       alice
                team:       alice, bob, carol@elsewhere.example
                staff:      :include:$config_directory/staff.list
                loop:       loop2
                loop2:      loop
                run:        "|/bin/true", bob
                file:       /var/mail/x
                news:       bob, dave@elsewhere.example
                owner-news: alice
                bob:        bob, bob@archive.example
                """);
        write("staff.list", "alice\n# a comment\nbob\n");
        write("canonical", "alice   alice.martin@example.com\nbob     bob.durand@example.com\n");
        write("header_checks", """
                /^Subject:.*make money fast/        REJECT no advertising here
                /^X-Mailer:.*bulk ?mailer/          REJECT
                /^Content-Type:.*name=".*\\.(exe|scr|pif)"/  REJECT executable attachments are not accepted
                /^X-Internal-Route:/                IGNORE
                /^Subject: \\[suspect\\]/             HOLD
                /^X-Pre:/                           PREPEND X-Before: yes
                /^X-Old:/                           REPLACE X-New: value
                /^X-Warn:/                          WARN look at this
                /^X-Discard:/                       DISCARD away with it
                /^X-Redirect:/                      REDIRECT bob@example.com
                """);
        Loaded loaded = Config.load(home, Map.of("junk_filter", "no")); // mail is looked at without an opinion
        assertThat(loaded.errors()).isEmpty();
        server = new MailOnLoopback(loaded.config(), new MemoryStore());
        server.account("alice@example.com");
        server.account("bob@example.com");
        server.dns.mx("client.example", 10, "mx.client.example");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name), text);
    }

    private String deliver(String message, String... to) throws IOException {
        try (SmtpClient client = server.client("smtp")) {
            client.say("EHLO mx.client.example");
            return client.mail("ann@client.example", message, to);
        }
    }

    private static String message(String... fields) {
        return String.join("\r\n", fields) + "\r\nSubject: plain\r\n\r\nbody\r\n";
    }

    @Test
    void anAliasReachesSeveralAndLeavesForOthers() throws IOException {
        assertThat(deliver(message("From: ann@client.example"), "team@example.com"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com")).hasSize(1);
        assertThat(server.inbox("bob@example.com")).hasSize(1);
        assertThat(server.inbox("alice@example.com").getFirst()).contains("Delivered-To: team@example.com\r\n");
        // aliases(5): a name inside its own expansion is the mailbox; the other member leaves
        assertThat(server.owed())
                .containsExactlyInAnyOrder(
                        "ann@client.example -> carol@elsewhere.example", "ann@client.example -> bob@archive.example");
        Queue.Listed away = server.queue.list(Optional.empty(), 1).getFirst();
        assertThat(server.queue.show(away.id()).orElseThrow().prefix().latin1())
                .startsWith("Delivered-To: team@example.com\r\nAuthentication-Results: ")
                .contains("\r\nReceived: ");
    }

    @Test
    void anIncludedListReachesItsMembers() throws IOException {
        assertThat(deliver(message("From: ann@client.example"), "staff@example.org"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com")).hasSize(1);
        assertThat(server.inbox("bob@example.com")).hasSize(1);
    }

    @Test
    void twoWaysToOneMailboxGiveOneCopy() throws IOException {
        assertThat(deliver(
                        message("From: ann@client.example"),
                        "alice@example.com",
                        "postmaster@example.com",
                        "staff@example.com",
                        "alice+x@example.com"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com")).hasSize(1);
    }

    @Test
    void aPlusAddressReachesItsUser() throws IOException {
        assertThat(deliver(message("From: ann@client.example"), "alice+news@example.com"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com").getFirst()).contains("Delivered-To: alice+news@example.com");
        assertThat(deliver(message("From: ann@client.example"), "nosuch+news@example.com"))
                .startsWith("550 5.1.1");
    }

    @Test
    void theOwnerOfAListGetsItsReports() throws IOException {
        assertThat(deliver(message("From: ann@client.example"), "news@example.com"))
                .startsWith("250");
        assertThat(server.owed())
                .containsExactlyInAnyOrder(
                        "owner-news@example.com -> dave@elsewhere.example",
                        "owner-news@example.com -> bob@archive.example");
        assertThat(server.inbox("bob@example.com").getFirst()).startsWith("Return-Path: <owner-news@example.com>");
    }

    @Test
    void commandsAndFilesAreRefusedWithAReason() throws IOException {
        assertThat(deliver(message("From: ann@client.example"), "file@example.com"))
                .isEqualTo("550 5.7.0 mail to a file is not allowed here (allow_mail_to_files)");
        assertThat(deliver(message("From: ann@client.example"), "run@example.com"))
                .startsWith("250");
        assertThat(server.inbox("bob@example.com")).hasSize(1);
        // The queue refuses it, whose sender hears of it.
        Queue.Listed refused = server.queue.list(Optional.empty(), 1).getFirst();
        assertThat(server.queue.show(refused.id()).orElseThrow().through()).isEqualTo("local:|/bin/true");
        assertThat(deliver(message("From: ann@client.example"), "\"|/bin/true\"@example.com"))
                .startsWith("550 5.1.1");
    }

    @Test
    void aliasesThatLeadToEachOtherEnd() throws IOException {
        assertThat(deliver(message("From: ann@client.example"), "loop@example.com"))
                .startsWith("550 5.1.1");
    }

    @Test
    void aMessageThatWasHereBeforeIsALoop() throws IOException {
        assertThat(deliver(message("Delivered-To: Alice@example.com", "From: ann@client.example"), "alice@example.com"))
                .isEqualTo("554 5.4.6 mail forwarding loop for alice@example.com");
        assertThat(deliver("Received: from x by y; now\r\n".repeat(50) + message("From: a@b.c"), "alice@example.com"))
                .isEqualTo("554 5.4.0 Error: too many hops");
    }

    @Test
    void senderCanonicalMapsRewriteTheEnvelopeAlwaysAndTheHeaderOfOurOwnClients() throws IOException {
        try (SmtpClient client = server.client("smtp")) {
            client.say("EHLO here.example");
            // 127.0.0.1 is one of this machine's own addresses: local_header_rewrite_clients
            assertThat(client.mail(
                            "alice@example.com",
                            "From: Alice <alice> (the one)\r\nTo: bob\r\nSubject: x\r\n\r\nx\r\n",
                            "alice@example.com"))
                    .startsWith("250");
        }
        assertThat(server.inbox("alice@example.com").getFirst())
                .startsWith("Return-Path: <alice.martin@example.com>\r\n")
                .contains("From: Alice <alice.martin@example.com> (the one)\r\n")
                .contains("To: bob@example.com\r\n")
                .contains("\r\nMessage-ID: <")
                .contains("\r\nDate: ");
        try (SmtpClient client = server.client("smtp")) {
            client.say("XCLIENT ADDR=203.0.113.9 NAME=mx.client.example");
            client.say("EHLO mx.client.example");
            String message = "From: alice\r\nTo: bob\r\nSubject: y\r\n\r\ny\r\n";
            assertThat(client.mail("ann@client.example", message, "alice@example.com"))
                    .startsWith("250");
            assertThat(server.inbox("alice@example.com").getLast()).endsWith("\r\n" + message);
        }
    }

    @Test
    void headerChecksActOnOneFieldEach() throws IOException {
        assertThat(deliver("Subject: make money fast\r\n\r\nx\r\n", "alice@example.com"))
                .isEqualTo("550 5.7.1 no advertising here");
        assertThat(deliver("X-Mailer: the bulkmailer\r\n\r\nx\r\n", "alice@example.com"))
                .isEqualTo("550 5.7.1 message content rejected");
        assertThat(deliver(
                        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/x;\r\n"
                                + "\tname=\"a.exe\"\r\n\r\nx\r\n--b--\r\n",
                        "alice@example.com"))
                .isEqualTo("550 5.7.1 executable attachments are not accepted");
        assertThat(deliver("X-Discard: 1\r\n\r\nx\r\n", "alice@example.com")).startsWith("250");
        assertThat(server.inbox("alice@example.com")).isEmpty();

        assertThat(deliver("X-Internal-Route: a\r\n b\r\nSubject: one\r\n\r\nbody\r\n", "alice@example.com"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com").getLast()).endsWith("\r\nSubject: one\r\n\r\nbody\r\n");
        assertThat(deliver("X-Pre: a\r\nX-Old: b\r\n  c\r\nX-Warn: d\r\n\r\nbody\r\n", "alice@example.com"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com").getLast())
                .endsWith("\r\nX-Before: yes\r\nX-Pre: a\r\nX-New: value\r\nX-Warn: d\r\n\r\nbody\r\n");
        int before = server.inbox("alice@example.com").size();
        assertThat(deliver("X-Redirect: 1\r\n\r\nx\r\n", "alice@example.com")).startsWith("250");
        assertThat(server.inbox("alice@example.com")).hasSize(before);
        assertThat(server.inbox("bob@example.com")).hasSize(1);
    }

    @Test
    void aHeldMessageStaysInTheQueue() throws IOException {
        assertThat(deliver("Subject: [suspect] x\r\n\r\nx\r\n", "alice@example.com"))
                .startsWith("250");
        assertThat(server.inbox("alice@example.com")).isEmpty();
        Queue.Listed held = server.queue.list(Optional.empty(), 10).getFirst();
        assertThat(held.standing()).isEqualTo(Queue.Standing.HOLD);
        assertThat(held.holdReason()).contains("[suspect]");
        assertThat(server.owed()).containsExactly("ann@client.example -> alice@example.com");
    }

    @Test
    void strangersDoNotRelayAndLargeMailIsRefusedTwice() throws IOException {
        try (SmtpClient client = server.client("smtp")) {
            assertThat(client.say("EHLO mx.client.example")).contains("250-SIZE 20480");
            client.say("MAIL FROM:<ann@client.example>");
            server.dns.mx("elsewhere.example", 10, "mx.elsewhere.example");
            assertThat(client.say("RCPT TO:<carol@elsewhere.example>"))
                    .isEqualTo("454 4.7.1 <carol@elsewhere.example>: Relay access denied");
            client.say("RSET");
            assertThat(client.say("MAIL FROM:<ann@client.example> SIZE=20481")).startsWith("552 5.3.4");
            assertThat(client.mail(
                            "ann@client.example", "Subject: x\r\n\r\n" + "x\r\n".repeat(10_000), "alice@example.com"))
                    .startsWith("552 5.3.4");
        }
    }

    @Test
    void theRestrictionsOfTheSetUpSpeakAtRcpt() throws IOException {
        try (SmtpClient client = server.client("smtp")) {
            client.say("EHLO nodots");
            assertThat(client.say("MAIL FROM:<ann@client.example>")).startsWith("250");
            assertThat(client.say("RCPT TO:<alice@example.com>"))
                    .isEqualTo("504 5.5.2 <nodots>: Helo command rejected: need fully-qualified hostname");
            client.say("EHLO bad..name");
            client.say("MAIL FROM:<ann@client.example>");
            assertThat(client.say("RCPT TO:<alice@example.com>")).startsWith("504 5.5.2 <bad..name>");
            client.say("EHLO mx.client.example");
            client.say("MAIL FROM:<ann>");
            assertThat(client.say("RCPT TO:<alice@example.com>"))
                    .isEqualTo("504 5.5.2 <ann>: Sender address rejected: need fully-qualified address");
            client.say("RSET");
            client.say("MAIL FROM:<ann@nowhere.example>");
            assertThat(client.say("RCPT TO:<alice@example.com>"))
                    .isEqualTo("450 4.1.8 <ann@nowhere.example>: Sender address rejected: Domain not found");
            // RFC 7505 §4.1; B12
            client.say("RSET");
            server.dns.mx("nullmx.example", 0, ".");
            client.say("MAIL FROM:<ann@nullmx.example>");
            assertThat(client.say("RCPT TO:<alice@example.com>")).startsWith("550 5.7.27 <ann@nullmx.example>");
            // B11: trouble is not an answer
            client.say("RSET");
            server.dns.fails("*", "trouble.example");
            client.say("MAIL FROM:<ann@trouble.example>");
            assertThat(client.say("RCPT TO:<alice@example.com>")).startsWith("450 4.1.8");
        }
    }

    @Test
    void theReferenceSetUpItselfIsTaken() throws IOException {
        Optional<Path> reference = reference();
        if (reference.isEmpty()) {
            return;
        }
        Path copy = Files.createDirectory(home.resolve("reference"));
        try (Stream<Path> files = Files.list(reference.get())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Loaded loaded = Config.load(copy, new HashMap<>());
        assertThat(loaded.errors()).isEmpty();
        try (MailOnLoopback up = new MailOnLoopback(loaded.config(), new MemoryStore())) {
            assertThat(up.reception.policy("smtp").problems()).isEqualTo(List.of());
            up.account("alice@example.com");
            up.account("bob@example.com");
            try (SmtpClient client = up.client("smtp")) {
                assertThat(client.say("EHLO here.example"))
                        .contains("250-AUTH SCRAM-SHA-256 PLAIN LOGIN", "250-AUTH=SCRAM-SHA-256 PLAIN LOGIN");
                assertThat(client.mail("ann@client.example", message("From: x@y.z"), "team@example.com"))
                        .startsWith("250");
                assertThat(client.mail("ann@client.example", message("From: x@y.z"), "postmaster@example.org"))
                        .startsWith("250");
            }
            assertThat(up.inbox("alice@example.com")).hasSize(2);
            assertThat(up.inbox("bob@example.com")).hasSize(1);
            assertThat(up.owed()).containsExactly("ann@client.example -> carol@elsewhere.example");
        }
    }

    private static Optional<Path> reference() {
        String given = System.getProperty("tamanoir.shared", "");
        Path folder = given.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(given);
        while (folder != null) {
            for (String way : new String[] {"testdata/tutorial", "shared/testdata/tutorial"}) {
                if (Files.exists(folder.resolve(way).resolve("main.cf"))) {
                    return Optional.of(folder.resolve(way));
                }
            }
            folder = folder.getParent();
        }
        System.err.println("NOT RUN: shared/testdata is absent");
        return Optional.empty();
    }

    @Test
    void aRestrictionThatIsNotThereIsAnErrorAndNotSilence() throws IOException {
        write("main.cf", "smtpd_client_restrictions = reject_unknown_forward_client_hostname\n");
        Config config = Config.load(home, Map.of()).config();
        assertThatThrownBy(() -> new MailOnLoopback(config, new MemoryStore()))
                .hasMessageContaining("smtpd_client_restrictions")
                .hasMessageContaining("reject_unknown_forward_client_hostname");
    }
}
