package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.arc.ArcVerifier;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.DkimFolder;
import tamanoir.server.authresults.DkimFolder.Kept;
import tamanoir.server.authresults.DkimFolder.Stage;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Scripts at delivery: mail comes in by SMTP and LMTP, and what is looked at is mailboxes and queue. B16 to B20.
class SieveTest {
    private static final String ANN = "user001@example.com";
    private static final String BEN = "user002@example.com";

    @TempDir
    Path home;

    private MailOnLoopback server(Map<String, String> mainCf) throws IOException {
        return server(mainCf, new MemoryStore());
    }

    private MailOnLoopback server(Map<String, String> mainCf, Store store) throws IOException {
        MailOnLoopback up = new MailOnLoopback(home, mainCf, store);
        for (String address : List.of(ANN, BEN)) {
            if (up.directory.account(Address.of(address)).isEmpty()) {
                up.account(address);
            }
        }
        return up;
    }

    private static void script(MailOnLoopback up, String address, String text) {
        Account account = up.directory.account(Address.of(address)).orElseThrow();
        up.reception.scripts().put(account.id(), "rules", text);
        up.reception.scripts().activate(account.id(), "rules");
    }

    private static String message(String... fields) {
        return "From: a@example.net\r\n" + String.join("\r\n", fields) + "\r\n\r\nbody\r\n";
    }

    private static String send(MailOnLoopback up, String from, String message, String... to) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail(from, message, to);
        }
    }

    private static void taken(MailOnLoopback up, String... fields) throws IOException {
        assertThat(send(up, "a@example.net", message(fields), ANN)).startsWith("250 2.0.0");
    }

    private static List<String> flags(MailOnLoopback up, String address, String mailbox) {
        AccountMail mail = up.mailboxes.open(
                up.directory.account(Address.of(address)).orElseThrow().id());
        MailboxInfo info = mail.find(mailbox).orElseThrow();
        return mail.view(info.id()).size() == 0
                ? List.of()
                : List.of(mail.view(info.id()).flags(0).toString());
    }

    private static List<QueuedMessage> queued(MailOnLoopback up) {
        return up.queue.list(Optional.empty(), 100).stream()
                .map(entry -> up.queue.show(entry.id()).orElseThrow())
                .toList();
    }

    private static String whole(MailOnLoopback up, QueuedMessage message) {
        return message.prefix().latin1() + message.body().load(up.store.blobs()).latin1();
    }

    /// Delivers what the queue owes to our own people, as the scheduler does; answers how many passes it took.
    private static int passes(MailOnLoopback up, Set<QueueId> done) {
        for (int pass = 0; pass < 20; pass++) {
            boolean any = false;
            for (Queue.Listed entry : up.queue.list(Optional.empty(), 100)) {
                List<Recipient> owed = entry.recipients().stream()
                        .map(Queue.ListedRecipient::recipient)
                        .filter(one -> one.address().domain().ascii().equals("example.com"))
                        .toList();
                if (!owed.isEmpty() && done.add(entry.id())) {
                    any = true;
                    QueuedMessage message = up.queue.show(entry.id()).orElseThrow();
                    assertThat(up.reception
                                    .localDeliverer()
                                    .deliver(message, owed)
                                    .values())
                            .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Sent.class));
                }
            }
            if (!any) {
                return pass;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void mailIsFiledFlaggedDiscardedAndKept() throws IOException {
        try (MailOnLoopback up = server(Map.of())) {
            script(up, ANN, """
                    require ["fileinto", "mailbox", "imap4flags", "copy", "special-use", "editheader"];
                    if header :contains "Subject" "work" { fileinto :create :flags "\\\\Flagged" "Lists/Work"; }
                    elsif header :is "Subject" "nothing" { discard; }
                    elsif header :is "Subject" "missing" { fileinto "NoSuch"; }
                    elsif header :is "Subject" "archive" { fileinto :specialuse "\\\\Archive" "Old"; }
                    elsif header :is "Subject" "both" { fileinto :copy :create "Copy"; }
                    elsif header :is "Subject" "marked" { addheader "X-Marked" "yes"; deleteheader "X-Gone"; }
                    """);
            taken(up, "Subject: some work");
            taken(up, "Subject: nothing");
            taken(up, "Subject: missing");
            taken(up, "Subject: archive");
            taken(up, "Subject: both");
            taken(up, "Subject: marked", "X-Gone: away");
            assertThat(up.messages(ANN, "Lists/Work"))
                    .singleElement()
                    .satisfies(text ->
                            assertThat(text).startsWith("Return-Path: <a@example.net>\r\nDelivered-To: " + ANN));
            assertThat(flags(up, ANN, "Lists/Work")).singleElement().asString().contains("system=4");
            assertThat(up.messages(ANN, "Archive")).hasSize(1);
            assertThat(up.messages(ANN, "Copy")).hasSize(1);
            assertThat(up.inbox(ANN)).hasSize(3);
            assertThat(up.inbox(ANN).get(0)).contains("Subject: missing");
            assertThat(up.inbox(ANN).get(1)).contains("Subject: both");
            assertThat(up.inbox(ANN).get(2))
                    .contains("X-Marked: yes")
                    .contains("Received: ")
                    .doesNotContain("X-Gone");
            assertThat(up.owed()).isEmpty();
        }
    }

    @Test
    void oneCopyAMailboxAndTheLastOneWins() throws IOException { // B17
        try (MailOnLoopback up = server(Map.of())) {
            script(up, ANN, """
                    require ["fileinto","copy","imap4flags"];
                    addflag "\\\\Flagged"; fileinto :copy "INBOX"; addflag "\\\\Seen"; fileinto "inbox";
                    """);
            taken(up, "Subject: one");
            assertThat(up.inbox(ANN)).hasSize(1);
            assertThat(flags(up, ANN, "INBOX")).singleElement().asString().contains("system=5");
        }
    }

    @Test
    void aRedirectLoopEndsInOneMailbox() throws IOException { // B16
        try (MailOnLoopback up = server(Map.of())) {
            script(up, ANN, "redirect \"" + ANN + "\";");
            taken(up, "Subject: self");
            assertThat(up.inbox(ANN)).hasSize(1);
            assertThat(up.owed()).isEmpty();
            script(up, ANN, "redirect \"" + BEN + "\";");
            script(
                    up,
                    BEN,
                    "require \"editheader\"; deleteheader \"X-Sieve-Redirected-From\"; redirect \"" + ANN + "\";");
            taken(up, "Subject: round");
            assertThat(up.inbox(ANN)).hasSize(1);
            assertThat(up.owed()).containsExactly("a@example.net -> " + BEN);
            assertThat(passes(up, new HashSet<>())).isEqualTo(2);
            assertThat(up.inbox(ANN)).hasSize(2);
            assertThat(up.inbox(BEN)).isEmpty();
        }
    }

    @Test
    void aRedirectLeavesWithTheSameCommitAndARewrittenSender() throws IOException { // B19
        try (MailOnLoopback up = server(Map.of("srs_domain", "example.com"))) {
            Kept key = new DkimFolder(home.resolve("dkim"))
                    .make(Domain.of("example.com"), "r1", Algorithm.RSA_SHA256, Stage.SIGNING);
            up.dns.txt(key.name(), key.record());
            script(up, ANN, "require \"copy\"; redirect :copy \"ext@sink.example\";");
            taken(up, "Subject: on");
            assertThat(up.inbox(ANN)).hasSize(1);
            assertThat(queued(up)).singleElement().satisfies(message -> {
                assertThat(message.envelope().recipients().getFirst().address()).hasToString("ext@sink.example");
                assertThat(message.envelope().sender().toString())
                        .startsWith("SRS0")
                        .endsWith("=example.net=a@example.com");
                Part leaving = MessageParser.parse(Octets.latin1(whole(up, message)));
                assertThat(leaving.header().latin1())
                        .contains("X-Sieve-Redirected-From: " + ANN + "\r\n")
                        .contains("Subject: on")
                        .doesNotContain("Delivered-To");
                assertThat(ArcVerifier.verify(
                                HeaderFields.of(leaving.header()),
                                new ByteArrayInputStream(leaving.body().toByteArray()),
                                up.dns))
                        .returns(Result.PASS, ArcResult::result)
                        .returns(List.of("example.com"), ArcResult::sealers);
            });
            assertThat(send(up, "", message("Subject: report"), ANN)).startsWith("250");
            assertThat(up.owed()).contains(" -> ext@sink.example");
        }
    }

    @Test
    void theAddressThatTheSenderUsedIsTested() throws IOException { // B20
        Path aliases = home.resolve("virtual");
        Files.writeString(aliases, "news@example.com " + ANN + "\n");
        try (MailOnLoopback up = server(Map.of("virtual_alias_maps", "hash:" + aliases, "recipient_delimiter", "+"))) {
            script(up, ANN, """
                    require ["envelope","fileinto","mailbox","subaddress"];
                    if envelope "to" "news@example.com" { fileinto :create "News"; }
                    if envelope :detail "to" "shop" { fileinto :create "Shop"; }
                    """);
            assertThat(send(up, "a@example.net", message("Subject: n"), "news@example.com"))
                    .startsWith("250");
            assertThat(send(up, "a@example.net", message("Subject: s"), "user001+shop@example.com"))
                    .startsWith("250");
            assertThat(up.messages(ANN, "News")).hasSize(1);
            assertThat(up.messages(ANN, "Shop")).hasSize(1);
            assertThat(up.inbox(ANN)).isEmpty();
        }
    }

    @Test
    void vacationAnswersPeopleOnceAndMachinesNever() throws IOException { // B18
        try (MailOnLoopback up = server(Map.of())) {
            script(up, ANN, "require \"vacation\"; vacation :days 7 \"away\";");
            String to = "To: " + ANN;
            for (String field : List.of(
                    "Auto-Submitted: auto-replied",
                    "Auto-Submitted: auto-generated; x=y",
                    "List-Id: <l.example.net>",
                    "Precedence: bulk")) {
                taken(up, to, field);
            }
            taken(up, "To: somebody@example.net");
            for (String sender :
                    List.of("", "owner-l@example.net", "l-request@example.net", "MAILER-DAEMON@example.net", ANN)) {
                assertThat(send(up, sender, message(to), ANN)).startsWith("250");
            }
            assertThat(up.owed()).isEmpty();
            taken(up, to, "Auto-Submitted: no", "Message-ID: <m1@example.net>");
            assertThat(send(up, "a@EXAMPLE.net", message(to), ANN)).startsWith("250");
            assertThat(send(up, "b@example.net", message(to, "Reply-To: ;;"), ANN))
                    .startsWith("250");
            assertThat(up.owed()).containsExactlyInAnyOrder(" -> a@example.net", " -> b@example.net");
            String reply = queued(up).stream()
                    .map(message -> whole(up, message))
                    .filter(text -> text.contains("To: a@example.net"))
                    .findFirst()
                    .orElseThrow();
            assertThat(reply)
                    .contains("Auto-Submitted: auto-replied (vacation)")
                    .contains("In-Reply-To: <m1@example.net>")
                    .contains("From: " + ANN);
            assertThat(up.inbox(ANN)).hasSize(13);
        }
    }

    @Test
    void whomVacationHasAnsweredAndWhatWasSeenSurvivesARestart() throws IOException {
        Map<String, String> mainCf = Map.of();
        try (MailOnLoopback up = server(mainCf, rocks())) {
            script(up, ANN, """
                    require ["vacation", "duplicate"];
                    if duplicate { discard; stop; }
                    vacation :days 7 "away";
                    """);
            taken(up, "To: " + ANN, "Message-ID: <m1@example.net>");
            assertThat(up.owed()).hasSize(1);
        }
        try (MailOnLoopback up = server(mainCf, rocks())) {
            taken(up, "To: " + ANN, "Message-ID: <m2@example.net>");
            taken(up, "To: " + ANN, "Message-ID: <m1@example.net>");
            assertThat(up.owed()).hasSize(1);
            assertThat(up.inbox(ANN)).hasSize(2);
        }
    }

    private Store rocks() throws IOException {
        return new RocksStore(
                Files.createDirectories(home.resolve("rows")),
                Files.createDirectories(home.resolve("blobs")),
                Settings.standard(),
                new Trace("test", ""));
    }

    @Test
    void aRefusalIsTheReplyWhereAllAgreeAndAReportElse() throws IOException {
        try (MailOnLoopback up = server(Map.of());
                SmtpClient lmtp = up.client("lmtp")) {
            script(up, ANN, "require \"ereject\"; ereject \"not here,\r\nthank you\";");
            assertThat(send(up, "a@example.net", message("Subject: no"), ANN))
                    .isEqualTo("550 5.7.1 not here, thank you");
            assertThat(up.owed()).isEmpty();
            assertThat(send(up, "a@example.net", message("Subject: no"), ANN, BEN))
                    .startsWith("250");
            assertThat(up.inbox(BEN)).hasSize(1);
            assertThat(up.owed()).containsExactly("a@example.net -> " + ANN);
            Queue.Listed owed = up.queue.list(Optional.empty(), 10).getFirst();
            assertThat(up.reception
                            .localDeliverer()
                            .deliver(
                                    up.queue.show(owed.id()).orElseThrow(),
                                    List.of(owed.recipients().getFirst().recipient()))
                            .values())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.reply().status()).isEqualTo("5.7.1"));
            lmtp.say("LHLO client.example");
            lmtp.say("MAIL FROM:<a@example.net>");
            lmtp.say("RCPT TO:<" + ANN + ">");
            lmtp.say("RCPT TO:<" + BEN + ">");
            lmtp.say("DATA");
            lmtp.send(message("Subject: no") + ".\r\n");
            assertThat(lmtp.reply()).startsWith("550 5.7.1 not here");
            assertThat(lmtp.reply()).startsWith("250");
            assertThat(up.inbox(ANN)).isEmpty();
            script(up, ANN, "require \"reject\"; reject \"nicht für mich\";");
            taken(up, "Subject: no", "Message-ID: <m9@example.net>");
            assertThat(queued(up).stream().filter(one -> one.envelope().sender() instanceof ReversePath.Null))
                    .singleElement()
                    .satisfies(report -> assertThat(whole(up, report))
                            .contains("disposition-notification")
                            .contains("m9@example.net"));
        }
    }

    @Test
    void aFailingScriptKeepsTheMailAndTellsItsOwnerOnce() throws IOException {
        try (MailOnLoopback up = server(Map.of("sieve_max_redirects", "1"))) {
            script(up, ANN, "redirect \"x@sink.example\";\r\nredirect \"y@sink.example\";");
            taken(up, "Subject: first");
            taken(up, "Subject: second");
            assertThat(up.owed()).isEmpty();
            assertThat(up.inbox(ANN)).hasSize(3);
            assertThat(up.inbox(ANN))
                    .filteredOn(text -> text.contains("Auto-Submitted: auto-generated"))
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .contains("line 2, column 1: number of redirect actions exceeds policy limit of 1"));
            script(up, ANN, "redirect \"x@sink.example\";\r\nredirect \"z@sink.example\";");
            taken(up, "Subject: third");
            assertThat(up.inbox(ANN)).hasSize(5);
        }
    }

    @Test
    void whatLeavesNeverHidesThatTheMailboxIsFull() throws IOException {
        try (MailOnLoopback up = server(Map.of())) {
            up.account("user003@example.com", 1);
            script(up, "user003@example.com", """
                    require ["copy", "vacation", "duplicate"];
                    if duplicate { discard; stop; }
                    redirect :copy "x@sink.example"; vacation "away";
                    """);
            String message = message("To: user003@example.com", "Message-ID: <full@example.net>");
            assertThat(send(up, "a@example.net", message, "user003@example.com"))
                    .startsWith("552 5.2.2");
            assertThat(up.owed()).isEmpty();
            up.directory.setQuota(
                    up.directory
                            .account(Address.of("user003@example.com"))
                            .orElseThrow()
                            .id(),
                    1 << 20);
            assertThat(send(up, "a@example.net", message, "user003@example.com"))
                    .startsWith("250");
            assertThat(up.inbox("user003@example.com")).hasSize(1);
            assertThat(up.owed()).containsExactlyInAnyOrder("a@example.net -> x@sink.example", " -> a@example.net");
        }
    }

    @Test
    void whatTheQueueTriesTwiceHasItsEffectsOnce() throws IOException {
        try (MailOnLoopback up = server(Map.of());
                SmtpClient client = up.client("smtp")) {
            script(
                    up,
                    ANN,
                    "require [\"copy\", \"fileinto\", \"mailbox\"]; redirect :copy \"x@sink.example\";"
                            + " fileinto :copy :create \"Other\";");
            client.say("EHLO client.example");
            client.say("MAIL FROM:<a@example.net>");
            client.say("RCPT TO:<" + ANN + "> NOTIFY=SUCCESS");
            client.say("DATA");
            client.send(message("Subject: twice") + ".\r\n");
            assertThat(client.reply()).startsWith("250");
            Queue.Listed owed = up.queue.list(Optional.empty(), 10).getFirst();
            for (int attempt = 0; attempt < 3; attempt++) {
                up.reception
                        .localDeliverer()
                        .deliver(
                                up.queue.show(owed.id()).orElseThrow(),
                                List.of(owed.recipients().getFirst().recipient()));
            }
            assertThat(up.owed())
                    .containsExactlyInAnyOrder("a@example.net -> " + ANN, "a@example.net -> x@sink.example");
            assertThat(up.inbox(ANN)).hasSize(1);
            assertThat(up.messages(ANN, "Other")).hasSize(1);
        }
    }

    @Test
    void theAdministratorsScriptsRunBeforeAndAfter() throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        Files.createDirectories(home.resolve("before"));
        Files.createDirectories(home.resolve("global"));
        Files.writeString(home.resolve("before/10-mark.sieve"), "require \"imap4flags\"; addflag \"$Before\";");
        Files.writeString(home.resolve("before/20-virus.sieve"), "if header \"X-Virus\" \"yes\" { discard; stop; }");
        Files.writeString(home.resolve("after.sieve"), """
                require ["fileinto", "mailbox"]; if header :contains "Subject" "late" { fileinto :create "Late"; }
                """);
        Files.writeString(home.resolve("default.sieve"), "require [\"include\"]; include :global \"shared\";");
        Files.writeString(home.resolve("global/shared.sieve"), """
                require ["fileinto", "mailbox"]; fileinto :create "Default";
                """);
        mainCf.put("sieve_before", "before");
        mainCf.put("sieve_after", "after.sieve");
        mainCf.put("sieve_default", "default.sieve");
        mainCf.put("sieve_global", "global");
        try (MailOnLoopback up = server(mainCf)) {
            script(up, ANN, "keep;");
            taken(up, "X-Virus: yes");
            taken(up, "Subject: late");
            taken(up, "Subject: plain");
            assertThat(up.messages(ANN, "Late")).hasSize(1);
            assertThat(up.inbox(ANN)).hasSize(1);
            assertThat(flags(up, ANN, "INBOX")).singleElement().asString().contains("$Before");
            assertThat(send(up, "a@example.net", message("Subject: late"), BEN)).startsWith("250");
            assertThat(up.messages(BEN, "Default")).hasSize(1);
            assertThat(up.inbox(BEN)).isEmpty();
        }
        mainCf.put("sieve_filter", "no");
        try (MailOnLoopback up = server(mainCf)) {
            taken(up, "X-Virus: yes");
            assertThat(up.inbox(ANN)).hasSize(1);
        }
    }

    @Test
    void notificationsGoOutAndLargeMessagesToo() throws IOException {
        try (MailOnLoopback up = server(Map.of())) {
            script(up, ANN, """
                    require ["enotify", "fileinto", "mailbox", "fcc", "vacation", "editheader"];
                    notify :message "new mail" "mailto:phone@sink.example";
                    vacation :fcc "Replies" :create "away";
                    addheader "X-Big" "yes";
                    """);
            String big = message("To: " + ANN, "Subject: big") + "0123456789abcdef\r\n".repeat(20_000);
            assertThat(send(up, "a@example.net", big, ANN)).startsWith("250");
            assertThat(up.owed()).containsExactlyInAnyOrder(ANN + " -> phone@sink.example", " -> a@example.net");
            assertThat(up.messages(ANN, "Replies"))
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("auto-replied"));
            assertThat(up.inbox(ANN))
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("X-Big: yes").hasSizeGreaterThan(360_000));
        }
    }
}
