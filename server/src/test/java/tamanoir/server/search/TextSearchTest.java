package tamanoir.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.search.Condition.Field;

/// What is found by words, with an index and before there is one.
class TextSearchTest {
    private final Post post = new Post();
    private final SearchSettings settings = post.search();
    private Search search = new Search(post.mailboxes, settings);

    @AfterEach
    void close() {
        search.close();
        post.close();
    }

    private MessageId mail(String subject, String body) {
        return post.deliver("From: Ann Example <ann.smith@example.org>\nTo: Bob <bob@example.net>\nSubject: " + subject
                + "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + body + "\n");
    }

    private List<MessageId> find(Field field, String words) {
        return find(search, field, words);
    }

    private List<MessageId> find(Search where, Field field, String words) {
        Found found = where.find(
                post.alice.id(),
                new Query(new Condition.Text(field, words), List.of(new Order(new Order.ReceivedAt(), true)), false));
        assertThat(found.complete()).isTrue();
        List<MessageId> messages = new ArrayList<>();
        for (long message : found.messages()) {
            messages.add(new MessageId(message));
        }
        return messages;
    }

    /// The same with the index and without any.
    private void assertFinds(Field field, String words, MessageId... messages) {
        assertThat(find(field, words)).as("%s with an index", words).containsExactly(messages);
        Search without = new Search(post.mailboxes, unwritable());
        try (without) {
            assertThat(find(without, field, words)).as("%s without", words).containsExactly(messages);
        }
    }

    /// A folder that cannot be made: below a file.
    private SearchSettings unwritable() {
        try {
            Path file = settings.folder().resolve("file");
            if (Files.notExists(file)) {
                Files.createFile(file);
            }
            return new SearchSettings(file.resolve("x"), 4, 64, Duration.ofMinutes(10), Duration.ofSeconds(60), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void wordsMustAllBeThereInWhateverField() {
        MessageId one = mail("Holiday plans", "We leave on Monday.");
        MessageId two = mail("Minutes", "The holiday list is on the wall. Monday is free.");
        var _ = mail("Nothing", "of the kind");
        assertFinds(Field.ANY, "holiday monday", one, two);
        assertFinds(Field.ANY, "holiday minutes", two);
        assertFinds(Field.SUBJECT, "holiday", one);
        assertFinds(Field.BODY, "holiday", two);
        assertFinds(Field.ANY, "holiday -wall", one);
        assertFinds(Field.ANY, "tuesday");
    }

    @Test
    void wordsInQuotesStandTogether() {
        MessageId one = mail("a", "the quick brown fox");
        var _ = mail("b", "the brown quick fox");
        assertFinds(Field.ANY, "\"quick brown\"", one);
        assertFinds(Field.ANY, "'quick brown'", one);
        assertFinds(Field.ANY, "\"fox quick\"");
    }

    @Test
    void theLastWordMayGoOn() {
        MessageId one = mail("Quarterly report", "numbers");
        assertFinds(Field.ANY, "quarter", one);
        assertFinds(Field.ANY, "report quart", one);
        assertFinds(Field.ANY, "quart report");
        assertFinds(Field.ANY, "quart* report", one);
    }

    @Test
    void addressesAreFoundWholeAndByTheirParts() {
        MessageId one = mail("a", "b");
        assertFinds(Field.FROM, "ann.smith@example.org", one);
        assertFinds(Field.FROM, "smith", one);
        assertFinds(Field.FROM, "example.org", one);
        assertFinds(Field.FROM, "ann.smith@exam", one);
        assertFinds(Field.FROM, "smith.ann@example.org");
        assertFinds(Field.TO, "bob", one);
        assertFinds(Field.CC, "bob");
    }

    @Test
    void accentsAndCaseDoNotMatter() {
        MessageId one = mail("Été à la plage", "Ångström, Straße, Łódź, ŒUVRE");
        for (String words : List.of("ete", "ÉTÉ", "angstrom", "strasse", "STRASSE", "lodz", "oeuvre")) {
            assertFinds(Field.ANY, words, one);
        }
    }

    @Test
    void formsOfAWordMeetInItsLanguage() {
        MessageId english = mail("a", "The invoices were sent to the customers that are waiting for them.");
        MessageId french = mail("b", "Les factures ont été envoyées aux clients qui sont en attente dans le bureau.");
        MessageId german = mail("c", "Die Rechnungen wurden an die Kunden geschickt und sind nicht bezahlt worden.");
        MessageId spanish =
                mail("d", "Las facturas que fueron enviadas a los clientes no están pagadas por la empresa.");
        MessageId swedish = mail("e", "Vi har skickat fakturorna till alla kunderna och de som inte är betalda.");
        MessageId russian = mail("f", "Мы отправили счета всем клиентам, которые ещё не оплатили заказы.");
        assertFinds(Field.BODY, "invoice ", english);
        assertFinds(Field.BODY, "invoicing ", english);
        assertFinds(Field.BODY, "envoyé ", french);
        assertFinds(Field.BODY, "rechnung ", german);
        assertFinds(Field.BODY, "pagado ", spanish);
        assertFinds(Field.BODY, "betald ", swedish);
        assertFinds(Field.BODY, "заказов ", russian);
    }

    @Test
    void scriptsWithoutBlanksAreFoundByAnyPart() {
        MessageId japanese = mail("会議", "明日の会議は東京で行います。");
        MessageId chinese = mail("发票", "请查收附件中的发票。");
        MessageId korean = mail("회의", "내일 회의가 있습니다.");
        assertFinds(Field.ANY, "東京", japanese);
        assertFinds(Field.ANY, "会議は東京", japanese);
        assertFinds(Field.ANY, "京", japanese);
        assertFinds(Field.ANY, "发票", chinese);
        assertFinds(Field.ANY, "票", chinese);
        assertFinds(Field.ANY, "회의", korean);
        assertFinds(Field.ANY, "京東");
    }

    @Test
    void everyKindOfTextIsRead() {
        MessageId one = post.deliver("""
                From: a@example.org
                Subject: mixed
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=m

                --m
                Content-Type: text/html; charset=utf-8

                <html><head><title>headword</title><style>styleword{}</style></head>
                <body><script>scriptword()</script><p>Para<b>graph</b> one</p><p>two</p><img alt="altword"></body></html>
                --m
                Content-Type: text/calendar; charset=utf-8

                BEGIN:VCALENDAR
                BEGIN:VEVENT
                SUMMARY:Retrospective
                LOCATION:Room\\, Berlin
                ATTENDEE;CN="Carla Jones":mailto:carla@example.com
                END:VEVENT
                END:VCALENDAR
                --m
                Content-Type: text/vcard

                BEGIN:VCARD
                FN:Dora Vance
                END:VCARD
                --m
                Content-Type: message/rfc822

                From: inner@example.org
                Subject: innersubject

                innerbody
                --m
                Content-Type: application/pdf; name="Offer 2026.pdf"
                Content-Disposition: attachment; filename="Offer 2026.pdf"
                Content-Transfer-Encoding: base64

                AAAA
                --m--
                """);
        for (String words : List.of(
                "paragraph one",
                "altword",
                "retrospective",
                "berlin",
                "\"carla jones\"",
                "carla@example.com",
                "dora vance",
                "innersubject",
                "innerbody",
                "inner@example.org",
                "offer 2026",
                "\"offer 2026.pdf\"")) {
            assertFinds(Field.BODY, words, one);
        }
        for (String words : List.of("headword", "styleword", "scriptword", "\"one two three\"")) {
            assertFinds(Field.BODY, words);
        }
    }

    @Test
    void attachmentsAreFoundByBeingThere() {
        var _ = mail("none", "text");
        MessageId one = post.deliver("""
                Subject: with
                MIME-Version: 1.0
                Content-Type: application/pdf
                Content-Disposition: attachment; filename=a.pdf

                x
                """);
        Query query = new Query(new Condition.HasAttachment(true), List.of(), false);
        assertThat(search.find(post.alice.id(), query).messages()).containsExactly(one.number());
    }

    @Test
    void aMessageIsFoundTheMomentItWasDelivered() {
        for (int i = 0; i < 20; i++) {
            MessageId one = mail("number" + i, "x");
            assertThat(find(Field.ANY, "number" + i + " ")).containsExactly(one);
        }
    }

    @Test
    void whatIsExpungedLeavesTheIndex() {
        MessageId one = mail("alpha", "x");
        MessageId two = mail("alpha", "y");
        search.index(post.alice.id());
        var _ = post.mail().remove(post.inbox(), Uids.of(1));
        assertThat(find(Field.ANY, "alpha ")).containsExactly(two).doesNotContain(one);
        search.index(post.alice.id());
        assertThat(search.indexed(post.alice.id())).isEqualTo(1);
    }

    @Test
    void theBestMatchComesFirstWhenAsked() {
        var _ = mail("weather", "It will rain. By the way, the budget is fine. " + "And so on. ".repeat(50));
        MessageId best = mail("Budget", "The budget, the whole budget and nothing but the budget.");
        Query query = new Query(
                new Condition.Text(Field.ANY, "budget "), List.of(new Order(new Order.Relevance(), false)), false);
        Found found = search.find(post.alice.id(), query);
        assertThat(found.messages()).hasSize(2).startsWith(best.number());
    }

    // ---- the index as a thing that can break ----------------------------------------------------------------------

    private void restart() {
        search.close();
        post.restart();
        search = new Search(post.mailboxes, settings);
    }

    @Test
    void anIndexOutlivesARestart() {
        MessageId one = mail("alpha", "x");
        search.index(post.alice.id());
        restart();
        MessageId two = mail("alpha", "y");
        assertThat(find(Field.ANY, "alpha ")).containsExactly(one, two);
        assertThat(search.indexed(post.alice.id())).isEqualTo(2);
    }

    @Test
    void whatWasNotCommittedIsTakenInAgain() throws IOException {
        MessageId one = mail("alpha", "x");
        search.index(post.alice.id());
        MessageId two = mail("alpha", "y");
        assertThat(find(Field.ANY, "alpha ")).containsExactly(one, two);
        // As after a kill: the files as they are while the index is open.
        Path copy = copyOf(settings.folder());
        try (Search other = new Search(post.mailboxes, in(copy))) {
            assertThat(find(other, Field.ANY, "alpha ")).containsExactly(one, two);
            assertThat(other.indexed(post.alice.id())).isEqualTo(2);
        }
    }

    private SearchSettings in(Path folder) {
        return new SearchSettings(
                folder,
                settings.openIndexes(),
                settings.pending(),
                settings.idle(),
                settings.patience(),
                settings.derivation());
    }

    private Path copyOf(Path folder) throws IOException {
        Path copy = post.search().folder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.getFileName().toString().equals("write.lock")) {
                    Path target = copy.resolve(folder.relativize(file));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }

    @Test
    void aDamagedFileOnlyCostsTime() throws IOException {
        MessageId one = mail("alpha", "some words of a text that is long enough to be in the index");
        search.index(post.alice.id());
        search.close();
        List<Path> files;
        try (Stream<Path> all = Files.walk(settings.folder())) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("write.lock"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            byte[] good = Files.readAllBytes(file);
            for (int at : new int[] {0, good.length / 3, good.length / 2, good.length - 1}) {
                byte[] bad = good.clone();
                bad[at] ^= 0x55;
                assertSurvives(file, bad, one);
            }
            assertSurvives(file, java.util.Arrays.copyOf(good, good.length / 2), one);
            assertSurvives(file, new byte[0], one);
            Files.write(file, good);
        }
        search = new Search(post.mailboxes, settings);
    }

    @Test
    void aDeletedIndexIsMadeAnew() throws IOException {
        MessageId one = mail("alpha", "x");
        search.index(post.alice.id());
        search.close();
        try (Stream<Path> all = Files.walk(settings.folder())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        search = new Search(post.mailboxes, settings);
        MessageId two = mail("alpha", "y");
        assertThat(find(Field.ANY, "alpha ")).containsExactly(one, two);
        search.index(post.alice.id());
        assertThat(search.indexed(post.alice.id())).isEqualTo(2);
        assertThat(find(Field.ANY, "alpha ")).containsExactly(one, two);
    }

    /// With an index and without any, whatever number is read in one go.
    @Test
    void moreMessagesThanAreReadAtOnceAreAllFound() {
        List<MessageId> odd = new ArrayList<>();
        for (int i = 0; i < 2 * AccountMail.CONTENTS_AT_ONCE + 3; i++) {
            MessageId message = mail("number " + i, i % 2 == 1 ? "an oddity" : "even");
            if (i % 2 == 1) {
                odd.add(message);
            }
        }
        assertFinds(Field.BODY, "oddity ", odd.toArray(MessageId[]::new));
        var _ = post.mail().remove(post.inbox(), Uids.of(2));
        odd.removeFirst();
        assertFinds(Field.BODY, "oddity ", odd.toArray(MessageId[]::new));
    }

    private void assertSurvives(Path file, byte[] bad, MessageId one) throws IOException {
        Path folder = copyOf(settings.folder());
        Path damaged = folder.resolve(settings.folder().relativize(file));
        Files.write(damaged, bad, StandardOpenOption.TRUNCATE_EXISTING);
        try (Search other = new Search(post.mailboxes, in(folder))) {
            other.index(post.alice.id());
            assertThat(find(other, Field.ANY, "alpha "))
                    .as("%s of %d octets", file.getFileName(), bad.length)
                    .containsExactly(one);
            other.index(post.alice.id());
            assertThat(other.indexed(post.alice.id())).isEqualTo(1);
        }
    }

    @Test
    void anotherDerivationIsMadeAnew() {
        MessageId one = mail("alpha", "x");
        search.index(post.alice.id());
        search.close();
        post.restart();
        SearchSettings next = new SearchSettings(
                settings.folder(), 4, 64, settings.idle(), settings.patience(), settings.derivation() + 1);
        search = new Search(post.mailboxes, next);
        assertThat(find(Field.ANY, "alpha ")).containsExactly(one);
        assertThat(search.indexed(post.alice.id())).isEqualTo(1);
    }

    @Test
    void anErasedAccountLeavesNothing() {
        var _ = mail("alpha", "x");
        search.index(post.alice.id());
        assertThat(settings.folder().resolve(post.alice.id().toString())).exists();
        post.directory.removeAccount(post.alice.id());
        post.mailboxes.erase(post.alice.id());
        search.index(post.alice.id());
        assertThat(settings.folder().resolve(post.alice.id().toString())).doesNotExist();
    }

    @Test
    void fewIndexesAreOpenAtATime() {
        search.close();
        search = new Search(
                post.mailboxes, new SearchSettings(settings.folder(), 1, 64, settings.idle(), settings.patience(), 1));
        MessageId one = mail("alpha", "x");
        for (int i = 0; i < 3; i++) {
            assertThat(find(Field.ANY, "alpha ")).containsExactly(one);
            Query query = new Query(new Condition.Text(Field.ANY, "beta"), List.of(), false);
            assertThat(search.find(post.bob.id(), query).messages()).isEmpty();
        }
    }
}
