package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Points 25 and 30 to 34 of Postfix's behaviour: mailboxes that are full, and how addresses are completed and mapped
/// (ADDRESS_REWRITING_README, canonical(5), virtual(5)).
class PointsOfRewritingTest {
    private static final String STRANGER = "ADDR=203.0.113.7 NAME=[UNAVAILABLE]";
    private static final String OURS = "ADDR=192.0.2.7 NAME=[UNAVAILABLE]";

    @TempDir
    Path home;

    private String file(String name, String text) throws IOException {
        Path path = home.resolve(name);
        Files.writeString(path, text);
        return "hash:" + path;
    }

    private static String send(MailOnLoopback up, String client, String from, String header, String to)
            throws IOException {
        try (SmtpClient talk = up.client("smtp")) {
            talk.say("XCLIENT " + client);
            talk.say("EHLO client.example");
            return talk.mail(from, header + "\r\n\r\nbody\r\n", to);
        }
    }

    @Test
    void point25AFullMailboxIsToldAfterDataAndNoLimitOfAMessageTouchesIt() throws IOException {
        try (MailOnLoopback up =
                new MailOnLoopback(home, Map.of("mailbox_size_limit", "10", "message_size_limit", "100000"))) {
            up.account("user001@example.com");
            up.account("full@example.com", 1);
            // mailbox_size_limit belongs to local(8)'s files; the mailboxes here have quotas.
            assertThat(send(up, STRANGER, "a@example.net", "Subject: x", "user001@example.com"))
                    .startsWith("250");
            try (SmtpClient talk = up.client("lmtp")) {
                talk.say("LHLO client.example");
                talk.say("MAIL FROM:<a@example.net>");
                talk.say("RCPT TO:<full@example.com>");
                talk.say("RCPT TO:<user001@example.com>");
                talk.say("DATA");
                talk.send("Subject: x\r\n\r\nbody\r\n.\r\n");
                assertThat(talk.reply()).startsWith("552 5.2.2");
                assertThat(talk.reply()).startsWith("250");
            }
        }
    }

    @Test
    void point30EnvelopesAreCompletedAndHeadersOfOurOwnClientsOnly() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of())) {
            up.account("user001@example.com");
            String header = "From: ann\r\nTo: user001\r\nSubject: x";
            assertThat(send(up, STRANGER, "ann", header, "user001")).startsWith("250");
            assertThat(send(up, OURS, "ann", header, "user001")).startsWith("250");
            assertThat(up.inbox("user001@example.com"))
                    .satisfiesExactly(
                            strangers -> assertThat(strangers)
                                    .startsWith("Return-Path: <ann@example.com>")
                                    .contains("From: ann\r\n", "To: user001\r\n"),
                            ours -> assertThat(ours)
                                    .startsWith("Return-Path: <ann@example.com>")
                                    .contains("From: ann@example.com\r\n", "To: user001@example.com\r\n"));
        }
    }

    @Test
    void point30ADomainWithoutADotIsLeftAloneUnlessAsked() throws IOException {
        for (boolean completed : new boolean[] {false, true}) {
            Path own = Files.createDirectories(home.resolve(String.valueOf(completed)));
            try (MailOnLoopback up = new MailOnLoopback(own, Map.of("append_dot_mydomain", completed ? "yes" : "no"))) {
                up.account("user001@example.com");
                assertThat(send(up, OURS, "a@host", "Subject: x", "user001@example.com"))
                        .startsWith("250");
                assertThat(up.inbox("user001@example.com").getFirst())
                        .startsWith("Return-Path: <a@host" + (completed ? ".example.com>" : ">"));
            }
        }
    }

    @Test
    void point31CanonicalCoversEnvelopeAndHeaderAndItsClassesNarrowIt() throws IOException {
        String both = file("canonical", "old@example.com middle@example.com\nmiddle@example.com new@example.com\n");
        String senders = file("senders", "old@example.com early@example.com\nearly@example.com early@example.com\n");
        String header = "From: old@example.com\r\nTo: old@example.com\r\nSubject: x";
        Map<String, String> maps = Map.of("canonical_maps", both, "sender_canonical_maps", senders);
        try (MailOnLoopback up = new MailOnLoopback(Files.createDirectories(home.resolve("all")), maps)) {
            up.account("new@example.com");
            assertThat(send(up, OURS, "old@example.com", header, "old@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("new@example.com").getFirst())
                    .startsWith("Return-Path: <early@example.com>")
                    .contains("From: early@example.com\r\n", "To: new@example.com\r\n");
        }
        Map<String, String> narrow = Map.of("canonical_maps", both, "canonical_classes", "envelope_recipient");
        try (MailOnLoopback up = new MailOnLoopback(Files.createDirectories(home.resolve("narrow")), narrow)) {
            up.account("new@example.com");
            assertThat(send(up, OURS, "old@example.com", header, "old@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("new@example.com").getFirst())
                    .startsWith("Return-Path: <old@example.com>")
                    .contains("From: old@example.com\r\n", "To: old@example.com\r\n");
        }
    }

    @Test
    void point32KeysGoFromTheWholeToTheDomainAndABareNameIsForOurOwnDomains() throws IOException {
        String virtual = file("virtual", """
                ann+x@example.com first@example.com
                ann@example.com second@example.com
                bob third@example.com
                @example.org @example.com
                """);
        Map<String, String> maps = Map.of("virtual_alias_maps", virtual, "recipient_delimiter", "+");
        try (MailOnLoopback up = new MailOnLoopback(home, maps)) {
            for (String name : new String[] {"first", "second", "third", "fourth"}) {
                up.account(name + "@example.com");
            }
            for (String to :
                    new String[] {"ann+x@example.com", "ann+y@example.com", "bob@example.com", "fourth@example.org"}) {
                assertThat(send(up, STRANGER, "a@example.net", "Subject: " + to, to))
                        .startsWith("250");
            }
            assertThat(up.inbox("first@example.com")).singleElement().asString().contains("Subject: ann+x@");
            assertThat(up.inbox("second@example.com"))
                    .singleElement()
                    .asString()
                    .contains("Subject: ann+y@");
            assertThat(up.inbox("third@example.com")).singleElement().asString().contains("Subject: bob@");
            assertThat(up.inbox("fourth@example.com"))
                    .singleElement()
                    .asString()
                    .contains("Subject: fourth@");
            // A bare name is a key in the domains that this machine is, not in those that it only holds.
            assertThat(send(up, STRANGER, "a@example.net", "Subject: x", "bob@virtual.example"))
                    .startsWith("550 5.1.1");
        }
    }

    @Test
    void point34VirtualAliasesTouchEnvelopesOfEveryClassAndAliasesLocalNamesOnly() throws IOException {
        String virtual = file("virtual", """
                held@virtual.example user001@example.com
                out@elsewhere.example one@example.com
                one@example.com two@example.com
                two@example.com user001@example.com
                """);
        String aliases = file("aliases", "Sales: user001\n");
        Map<String, String> maps = Map.of("virtual_alias_maps", virtual, "alias_maps", aliases);
        try (MailOnLoopback up = new MailOnLoopback(home, maps)) {
            up.account("user001@example.com");
            String header = "To: held@virtual.example\r\nSubject: x";
            assertThat(send(up, STRANGER, "a@example.net", header, "held@virtual.example"))
                    .startsWith("250");
            assertThat(send(up, OURS, "a@example.net", header, "out@elsewhere.example"))
                    .startsWith("250");
            assertThat(send(up, STRANGER, "a@example.net", header, "SALES@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("user001@example.com"))
                    .hasSize(3)
                    .allSatisfy(copy -> assertThat(copy).contains("To: held@virtual.example\r\n"));
            assertThat(up.owed()).isEmpty();
            assertThat(send(up, STRANGER, "a@example.net", header, "sales@virtual.example"))
                    .startsWith("550 5.1.1");
        }
    }

    @Test
    void aGroupOfCommandsIsAnsweredOneByOneWhenNobodyWasTaken_B05() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of());
                SmtpClient talk = up.client("smtp")) {
            up.account("user001@example.com");
            talk.say("EHLO client.example");
            talk.send("MAIL FROM:<a@example.net>\r\nRCPT TO:<nosuch1@example.com>\r\nRCPT TO:<nosuch2@example.com>\r\n"
                    + "DATA\r\nRSET\r\nMAIL FROM:<b@example.net>\r\nRCPT TO:<user001@example.com>\r\nDATA\r\n");
            for (String code : new String[] {"250", "550", "550", "554", "250", "250", "250", "354"}) {
                assertThat(talk.reply()).startsWith(code);
            }
            talk.send("Subject: only one\r\n\r\nbody\r\n.\r\n");
            assertThat(talk.reply()).startsWith("250");
            assertThat(up.inbox("user001@example.com")).hasSize(1);
        }
    }
}
