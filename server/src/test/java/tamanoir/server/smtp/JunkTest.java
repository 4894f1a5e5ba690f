package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.server.directory.AccountId;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.filter.junk.Teacher;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.Uids;

/// Junk from the door to the mailbox, and what people teach by moving it.
final class JunkTest {
    private static final String LOTTERY = """
            From: "Lottery Office" <office@prizes.example>
            To: <ann@example.com>
            Subject: YOU HAVE WON A MILLION DOLLARS
            X-Spam-Status: No, score=-100.0 required=5.0 tests=[FORGED=-100.0]

            You have won. You are the beneficiary of ten million dollars, the inheritance of a late client.
            Act now, click here: http://203.0.113.9/claim
            """;

    private static final String NEWS = """
            From: Garden News <news@garden.example>
            To: <ann@example.com>
            Subject: Roses in %s
            Date: Sat, 21 Nov 2026 10:00:00 +0000
            Message-ID: <%s@garden.example>

            This month: how roses are cut, which soil they like, and what beetles do to their leaves.
            """;

    @TempDir
    Path home;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private MailOnLoopback server;

    private void start(Map<String, String> mainCf) throws IOException {
        Map<String, String> values = new java.util.HashMap<>(mainCf);
        values.putIfAbsent("junk_filter", "yes");
        server = new MailOnLoopback(home, values);
        server.account("ann@example.com");
        server.account("bob@example.com");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String send(String service, String to, String message) throws IOException {
        try (SmtpClient client = server.client(service)) {
            client.say(service.equals("lmtp") ? "LHLO client.example" : "EHLO client.example");
            client.say("MAIL FROM:<stranger@garden.example>");
            client.say("RCPT TO:<" + to + ">");
            client.say("DATA");
            return client.say(message.replace("\n", "\r\n") + ".");
        }
    }

    private AccountId id(String address) {
        return server.directory.account(Address.of(address)).orElseThrow().id();
    }

    private void move(String address, String from, String to) {
        AccountMail mail = server.mailboxes.open(id(address));
        MailboxId source = mail.find(from).orElseThrow().id();
        mail.move(source, Uids.ALL, mail.find(to).orElseThrow().id());
        server.teacher.catchUp(id(address));
    }

    private Lessons.Totals totals(String address) {
        return server.lessons.totals(Optional.of(id(address)));
    }

    @Test
    void junkGoesToJunkWithItsReasonsByBothProtocols() throws IOException {
        start(Map.of());
        for (String service : List.of("smtp", "lmtp")) {
            assertThat(send(service, "ann@example.com", LOTTERY)).startsWith("250");
        }
        assertThat(server.inbox("ann@example.com")).isEmpty();
        assertThat(server.messages("ann@example.com", "Junk"))
                .hasSize(2)
                .allSatisfy(message -> assertThat(message)
                        .contains(
                                "X-Spam-Flag: YES\r\n",
                                "X-Spam-Status: Yes, score=",
                                "WORDS_FORTUNE=1.6",
                                "LINK_NUMBER"));
    }

    @Test
    void fieldsOfStrangersThatPassForOursAreGone() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", LOTTERY);
        assertThat(server.messages("ann@example.com", "Junk").getFirst()).doesNotContain("FORGED");
    }

    @Test
    void wantedMailGoesToTheInboxAndSaysWhy() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        assertThat(server.inbox("ann@example.com"))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains("X-Spam-Status: No, score=")
                        .doesNotContain("X-Spam-Flag"));
    }

    @Test
    void nothingIsJudgedWhenItIsOff() throws IOException {
        start(Map.of("junk_filter", "no"));
        send("smtp", "ann@example.com", LOTTERY);
        assertThat(server.inbox("ann@example.com")).hasSize(1);
    }

    @Test
    void nothingIsRefusedUnlessAskedFor() throws IOException {
        start(Map.of("junk_reject_threshold", "5"));
        assertThat(send("smtp", "ann@example.com", LOTTERY)).startsWith("550 5.7.1");
        assertThat(server.messages("ann@example.com", "Junk")).isEmpty();
    }

    @Test
    void aMissingJunkMailboxIsMade() throws IOException {
        start(Map.of());
        server.mailboxes.open(id("ann@example.com")).delete("Junk");
        send("smtp", "ann@example.com", LOTTERY);
        assertThat(server.messages("ann@example.com", "Junk")).hasSize(1);
    }

    @Test
    void whatIsMovedIntoJunkIsFollowedByItsLikesAndOutOfItBack() throws IOException {
        start(Map.of("junk_threshold", "3.5"));
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        move("ann@example.com", "INBOX", "Junk");
        assertThat(totals("ann@example.com").junk()).isEqualTo(1);
        send("smtp", "ann@example.com", NEWS.formatted("April", "2"));
        assertThat(server.inbox("ann@example.com")).isEmpty();
        move("ann@example.com", "Junk", "INBOX");
        assertThat(totals("ann@example.com"))
                .satisfies(t -> assertThat(t.junk()).isZero())
                .satisfies(t -> assertThat(t.ham()).isEqualTo(2));
        send("smtp", "ann@example.com", NEWS.formatted("May", "3"));
        assertThat(server.inbox("ann@example.com")).hasSize(3);
    }

    @Test
    void oneAccountDiffersFromTheSite() throws IOException {
        start(Map.of("junk_threshold", "3.5"));
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        move("ann@example.com", "INBOX", "Junk");
        // One opinion is Ann's own: Bob gets his roses, whatever the site has heard.
        for (String to : List.of("ann@example.com", "bob@example.com")) {
            send("smtp", to, NEWS.formatted("April", "2"));
        }
        assertThat(server.messages("ann@example.com", "Junk")).hasSize(2);
        assertThat(server.inbox("bob@example.com")).hasSize(1);
        assertThat(server.lessons.totals(Optional.empty()).junk()).isEqualTo(1);
        assertThat(totals("bob@example.com").ever()).isZero();
    }

    @Test
    void trashNeverTeaches() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", LOTTERY);
        move("ann@example.com", "Junk", "Trash");
        move("ann@example.com", "Trash", "INBOX");
        move("ann@example.com", "INBOX", "Trash");
        move("ann@example.com", "Trash", "Junk");
        assertThat(totals("ann@example.com").ever()).isZero();
    }

    @Test
    void keywordsTeachOnce() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        AccountMail mail = server.mailboxes.open(id("ann@example.com"));
        MailboxId inbox = mail.find("INBOX").orElseThrow().id();
        mail.store(inbox, Uids.ALL, AccountMail.FlagOperation.ADD, Flags.of(Set.of("$Junk")), Long.MAX_VALUE);
        server.teacher.catchUp(id("ann@example.com"));
        mail.store(inbox, Uids.ALL, AccountMail.FlagOperation.ADD, Flags.of(Set.of("\\Seen")), Long.MAX_VALUE);
        server.teacher.catchUp(id("ann@example.com"));
        assertThat(totals("ann@example.com").junk()).isEqualTo(1);
        mail.store(inbox, Uids.ALL, AccountMail.FlagOperation.REPLACE, Flags.of(Set.of("$NotJunk")), Long.MAX_VALUE);
        server.teacher.catchUp(id("ann@example.com"));
        assertThat(totals("ann@example.com").junk()).isZero();
        assertThat(totals("ann@example.com").ham()).isEqualTo(1);
    }

    @Test
    void aRestartNeitherLosesNorRepeatsALesson() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        move("ann@example.com", "INBOX", "Junk");
        // Another teacher over the same rows, as after a start, whose position is older than the lesson.
        Teacher later = new Teacher(server.mailboxes, server.lessons, new Teacher.Settings(true, 200_000, 50_000));
        later.catchUp(id("ann@example.com"));
        assertThat(totals("ann@example.com").junk()).isEqualTo(1);
        assertThat(server.lessons.totals(Optional.empty()).junk()).isEqualTo(1);
    }

    /// The first lesson of an account, given while nobody followed: nothing of it stands among the lessons yet.
    @Test
    void whoTaughtForTheFirstTimeBeforeARestartIsLookedAtAfterIt() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        AccountMail mail = server.mailboxes.open(id("ann@example.com"));
        mail.move(
                mail.find("INBOX").orElseThrow().id(),
                Uids.ALL,
                mail.find("Junk").orElseThrow().id());
        assertThat(totals("ann@example.com").ever()).isZero();
        Teacher.Settings settings = new Teacher.Settings(true, 200_000, 50_000);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (Teacher _ = new Teacher(server.mailboxes, server.lessons, settings).start()) {
            while (totals("ann@example.com").junk() == 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        assertThat(totals("ann@example.com").junk()).isEqualTo(1);
    }

    @Test
    void anAccountThatGoesTakesItsWordsWithIt() throws IOException {
        start(Map.of());
        send("smtp", "ann@example.com", NEWS.formatted("March", "1"));
        move("ann@example.com", "INBOX", "Junk");
        AccountId ann = id("ann@example.com");
        assertThat(server.lessons.totals(Optional.of(ann)).tokens()).isPositive();
        server.directory.removeAccount(ann);
        server.teacher.catchUp(ann);
        assertThat(server.lessons.totals(Optional.of(ann)).tokens()).isZero();
    }
}
