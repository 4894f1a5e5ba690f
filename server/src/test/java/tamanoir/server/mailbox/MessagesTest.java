package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail.Appended;
import tamanoir.server.mailbox.AccountMail.Copied;
import tamanoir.server.mailbox.AccountMail.FlagChange;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

class MessagesTest {
    private final MailRoom room = new MailRoom();

    @AfterEach
    void verifyAndClose() {
        assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        room.mailboxes.tidy(room.alice.id());
        assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        room.close();
    }

    private static Flags flags(String... names) {
        return Flags.of(List.of(names));
    }

    // ---- APPEND ------------------------------------------------------------------------------------------------

    @Test
    void anAppendedMessageIsThereWithAllItCameWith() {
        AccountMail mail = room.mail();
        Appended appended = mail.append(room.inbox(), List.of(room.message("one", "\\Seen", "$Forwarded")));
        View view = mail.view(room.inbox());
        assertThat(view.size()).isEqualTo(1);
        assertThat(view.uid(0)).isEqualTo(1);
        assertThat(view.flags(0)).isEqualTo(flags("\\Seen", "$forwarded"));
        assertThat(view.internalDate(0)).isEqualTo(room.clock.instant());
        assertThat(view.uidNext()).isEqualTo(2);
        assertThat(appended.uidValidity()).isEqualTo(view.uidValidity());
        MessageId id = appended.messages().getFirst().message();
        assertThat(view.message(0)).isEqualTo(id);
        assertThat(mail.whole(id).utf8()).startsWith("Return-Path: <ann@example.org>\r\nSubject: one\r\n");
        assertThat(mail.prefix(id).utf8()).isEqualTo("Return-Path: <ann@example.org>\r\n");
        assertThat(view.octets(0)).isEqualTo(mail.whole(id).length());
        assertThat(mail.facts(id).subject()).isEqualTo("one");
        assertThat(mail.mailboxesOf(id)).containsExactly(room.inbox());
    }

    @Test
    void uidsModseqsAndMessageIdsGrowAndSurviveARestart() {
        room.fill(5);
        room.restart();
        room.clock.advance(Duration.ofDays(-400));
        room.fill(5);
        View view = room.mail().view(room.inbox());
        for (int i = 1; i < view.size(); i++) {
            assertThat(view.uid(i)).isEqualTo(view.uid(i - 1) + 1);
            assertThat(view.modseq(i)).isGreaterThan(view.modseq(i - 1));
            assertThat(view.message(i).number())
                    .isGreaterThan(view.message(i - 1).number());
        }
        room.clock.set(tamanoir.server.testkit.TurnableClock.START);
    }

    @Test
    void severalMessagesAreAppendedInOneStep() {
        Appended appended =
                room.mail().append(room.inbox(), List.of(room.message("a"), room.message("b"), room.message("c")));
        View view = room.mail().view(room.inbox());
        assertThat(appended.messages()).extracting(Deposited.Stored::uid).containsExactly(1L, 2L, 3L);
        assertThat(view.modseq(0)).isEqualTo(view.modseq(2));
    }

    @Test
    void whenOneOfSeveralDoesNotFitNoneIsStored() {
        room.directory.setQuota(room.alice.id(), 200);
        List<NewMessage> three = List.of(room.message("a"), room.message("b"), room.message("c"));
        assertThatThrownBy(() -> room.mail().append(room.inbox(), three))
                .isInstanceOfSatisfying(
                        MailboxRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERQUOTA));
        assertThat(room.mail().view(room.inbox()).size()).isZero();
        assertThat(room.mail().quota().usedOctets()).isZero();
    }

    @Test
    void aLargeBodyIsABlobWithALink() throws IOException {
        byte[] large = ("Subject: large\r\nMessage-ID: <l@x>\r\n\r\n" + "x".repeat(200_000))
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        BlobHash hash;
        try (Blobs.Spool spool = room.store.blobs().spool()) {
            spool.write(large, 0, large.length);
            hash = spool.keep();
        }
        NewMessage message = new NewMessage(
                Octets.of("X: y\r\n"), new Body.Large(hash, large.length), Flags.NONE, room.clock.instant());
        MessageId id = room.mail()
                .append(room.inbox(), List.of(message))
                .messages()
                .getFirst()
                .message();
        assertThat(room.mail().whole(id).length()).isEqualTo(large.length + 6);
        assertThat(room.mail().facts(id).subject()).isEqualTo("large");
        MessageId nobody = new MessageId(12345);
        room.fill(1);
        MessageId small = room.mail().view(room.inbox()).message(1);
        List<Optional<Content>> contents = room.mail().contents(List.of(small, nobody, id));
        assertThat(contents.get(0).orElseThrow().whole(room.store.blobs()))
                .isEqualTo(room.mail().whole(small));
        assertThat(contents.get(1)).isEmpty();
        assertThat(contents.get(2).orElseThrow().body()).isEqualTo(new Body.Large(hash, large.length));
        assertThat(contents.get(2).orElseThrow().prefix()).isEqualTo(Octets.of("X: y\r\n"));
        room.restart();
        assertThat(room.mail().facts(List.of(id)).getFirst())
                .map(MessageFacts::size)
                .contains((long) large.length + 6);
        room.mail().remove(room.inbox(), Uids.ALL);
    }

    // ---- STORE -------------------------------------------------------------------------------------------------

    @Test
    void flagsAreAddedRemovedAndReplaced() {
        room.fill(3);
        AccountMail mail = room.mail();
        MailboxId inbox = room.inbox();
        mail.store(inbox, Uids.ofRange(1, 2), FlagOperation.ADD, flags("\\Seen", "Blue"), Long.MAX_VALUE);
        mail.store(inbox, Uids.of(2), FlagOperation.REMOVE, flags("BLUE", "never-seen"), Long.MAX_VALUE);
        mail.store(inbox, Uids.of(3), FlagOperation.REPLACE, flags("\\Deleted"), Long.MAX_VALUE);
        View view = mail.view(inbox);
        assertThat(view.flags(0)).isEqualTo(flags("\\Seen", "Blue"));
        assertThat(view.flags(1)).isEqualTo(flags("\\Seen"));
        assertThat(view.flags(2)).isEqualTo(flags("\\Deleted"));
        assertThat(view.keywords()).containsExactly("Blue");
        MailboxInfo info = mail.info(inbox).orElseThrow();
        assertThat(info.unseen()).isEqualTo(1);
        assertThat(info.deleted()).isEqualTo(1);
        assertThat(info.highestModseq()).isEqualTo(view.modseq(2));
    }

    @Test
    void aFlagThatIsSetAlreadyChangesNothing() {
        room.fill(1);
        room.mail().store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("\\Seen"), Long.MAX_VALUE);
        long version = room.mail().version();
        FlagChange again =
                room.mail().store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("\\Seen"), Long.MAX_VALUE);
        assertThat(again).isEqualTo(new FlagChange(0, Uids.NONE, Uids.NONE));
        assertThat(room.mail().version()).isEqualTo(version);
    }

    /// RFC 7162 §3.1.3.
    @Test
    void unchangedSinceLeavesYoungerMessagesAlone() {
        room.fill(3);
        long before = room.mail().view(room.inbox()).highestModseq();
        room.mail().store(room.inbox(), Uids.of(2), FlagOperation.ADD, flags("\\Flagged"), Long.MAX_VALUE);
        FlagChange change = room.mail().store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("\\Seen"), before);
        assertThat(change.stale()).isEqualTo(Uids.of(2));
        assertThat(change.changed()).isEqualTo(Uids.of(1, 3));
        assertThat(change.modseq()).isEqualTo(room.mail().view(room.inbox()).highestModseq());
    }

    @Test
    void theKeywordsOfAnAccountAreBounded() {
        room.fill(1);
        for (int i = 0; i < Keywords.MOST; i++) {
            room.mail().store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("k" + i), Long.MAX_VALUE);
        }
        assertThat(room.mail().view(room.inbox()).takesNewKeywords()).isFalse();
        assertThatThrownBy(() ->
                        room.mail().store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("more"), Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        MailboxRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT));
        room.restart();
        assertThat(room.mail().view(room.inbox()).flags(0).keywords()).hasSize(Keywords.MOST);
    }

    // ---- COPY, MOVE, EXPUNGE -----------------------------------------------------------------------------------

    /// B25, RFC 4315 §3.
    @Test
    void copiesKeepFlagsAndDatesAndAreNamedInPairs() {
        room.fill(3);
        AccountMail mail = room.mail();
        mail.store(room.inbox(), Uids.of(3), FlagOperation.ADD, flags("\\Seen", "x"), Long.MAX_VALUE);
        MailboxId trash = mail.find("Trash").orElseThrow().id();
        mail.append(trash, List.of(room.message("there before")));
        room.clock.advance(Duration.ofHours(1));
        Copied copied = mail.copy(room.inbox(), Uids.of(3, 1, 7), trash);
        assertThat(copied.from()).isEqualTo(Uids.of(1, 3));
        assertThat(copied.to()).isEqualTo(Uids.of(2, 3));
        View view = mail.view(trash);
        assertThat(copied.targetUidValidity()).isEqualTo(view.uidValidity());
        assertThat(view.flags(2)).isEqualTo(flags("\\Seen", "x"));
        assertThat(view.internalDate(2)).isEqualTo(tamanoir.server.testkit.TurnableClock.START);
        assertThat(view.saveDate(2)).isEqualTo(room.clock.instant());
        assertThat(view.message(2)).isEqualTo(mail.view(room.inbox()).message(2));
        assertThat(mail.mailboxesOf(view.message(2))).containsExactlyInAnyOrder(room.inbox(), trash);
        assertThat(mail.quota().messages()).isEqualTo(6);
    }

    @Test
    void copyingNothingNamesNothing() {
        Copied copied = room.mail()
                .copy(
                        room.inbox(),
                        Uids.of(5),
                        room.mail().find("Trash").orElseThrow().id());
        assertThat(copied.from().isEmpty()).isTrue();
        assertThat(copied.to().isEmpty()).isTrue();
    }

    @Test
    void aCopyThatDoesNotFitLeavesTheTargetAsItWas() {
        room.fill(4);
        room.directory.setQuota(room.alice.id(), room.mail().quota().usedOctets() + 10);
        MailboxId trash = room.mail().find("Trash").orElseThrow().id();
        assertThatThrownBy(() -> room.mail().copy(room.inbox(), Uids.ALL, trash))
                .isInstanceOfSatisfying(
                        MailboxRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERQUOTA));
        assertThat(room.mail().view(trash).size()).isZero();
        assertThat(room.mail().move(room.inbox(), Uids.ALL, trash).from().size())
                .isEqualTo(4);
    }

    @Test
    void movedMessagesAreInOnePlaceOnly() {
        room.fill(3);
        AccountMail mail = room.mail();
        MailboxId trash = mail.find("Trash").orElseThrow().id();
        MessageId second = mail.view(room.inbox()).message(1);
        Copied moved = mail.move(room.inbox(), Uids.of(2), trash);
        assertThat(moved.from()).isEqualTo(Uids.of(2));
        assertThat(moved.to()).isEqualTo(Uids.of(1));
        assertThat(mail.view(room.inbox()).uids()).isEqualTo(Uids.of(1, 3));
        assertThat(mail.mailboxesOf(second)).containsExactly(trash);
        room.mailboxes.tidy(room.alice.id());
        assertThat(mail.whole(second).utf8()).contains("message 1");
    }

    @Test
    void expungeTakesOnlyWhatIsMarked() {
        room.fill(4);
        AccountMail mail = room.mail();
        mail.store(room.inbox(), Uids.of(2, 4), FlagOperation.ADD, flags("\\Deleted"), Long.MAX_VALUE);
        MessageId second = mail.view(room.inbox()).message(1);
        View before = mail.view(room.inbox());
        assertThat(mail.expunge(room.inbox(), Uids.ofRange(1, 3))).isEqualTo(Uids.of(2));
        assertThat(mail.view(room.inbox()).uids()).isEqualTo(Uids.of(1, 3, 4));
        assertThat(before.size()).as("a picture does not change").isEqualTo(4);
        room.mailboxes.tidy(room.alice.id());
        assertThatThrownBy(() -> mail.whole(second))
                .isInstanceOfSatisfying(
                        MailboxRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXPUNGEISSUED));
        assertThat(mail.facts(List.of(second))).containsExactly(Optional.empty());
        assertThat(mail.expunge(room.inbox(), Uids.NONE).isEmpty()).isTrue();
    }

    @Test
    void aMessageInTwoMailboxesOutlivesItsRemovalFromOne() {
        room.fill(1);
        AccountMail mail = room.mail();
        MailboxId trash = mail.find("Trash").orElseThrow().id();
        MessageId id = mail.view(room.inbox()).message(0);
        mail.copy(room.inbox(), Uids.ALL, trash);
        mail.copy(room.inbox(), Uids.ALL, room.inbox());
        mail.remove(room.inbox(), Uids.ALL);
        room.mailboxes.tidy(room.alice.id());
        assertThat(mail.mailboxesOf(id)).containsExactly(trash);
        assertThat(mail.whole(id).length()).isGreaterThan(10);
    }

    @Test
    void manyMessagesAreChangedInSteps() {
        List<Deposit> deposits = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            room.mailboxes.deliver(
                    List.of(new Deposit(room.alice.id(), "INBOX", false, room.message("m" + i), "")), List.of());
        }
        assertThat(deposits).isEmpty();
        AccountMail mail = room.mail();
        MailboxId trash = mail.find("Trash").orElseThrow().id();
        FlagChange flagged = mail.store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("\\Deleted"), Long.MAX_VALUE);
        assertThat(flagged.changed()).isEqualTo(Uids.ofRange(1, 1500));
        assertThat(mail.copy(room.inbox(), Uids.ALL, trash).to()).isEqualTo(Uids.ofRange(1, 1500));
        assertThat(mail.move(trash, Uids.ofRange(1, 1200), room.inbox()).to()).isEqualTo(Uids.ofRange(1501, 2700));
        assertThat(mail.expunge(room.inbox(), Uids.ALL).size()).isEqualTo(2700);
        assertThat(mail.view(trash).size()).isEqualTo(300);
        assertThat(mail.info(room.inbox()).orElseThrow().messages()).isZero();
        // A message copied onto itself and expunged twice in one step is the reaper's hard case.
        assertThat(mail.quota().messages()).isEqualTo(300);
    }

    // ---- QRESYNC, \Recent, log ---------------------------------------------------------------------------------

    /// B24.
    @Test
    void vanishedIsExactWithinTheLog() {
        room.fill(10);
        AccountMail mail = room.mail();
        long modseq = mail.view(room.inbox()).highestModseq();
        mail.remove(room.inbox(), Uids.of(4, 7));
        mail.store(room.inbox(), Uids.of(2), FlagOperation.ADD, flags("\\Flagged"), Long.MAX_VALUE);
        assertThat(mail.vanishedSince(room.inbox(), modseq, Uids.ofRange(1, 10)))
                .isEqualTo(Uids.of(4, 7));
        assertThat(mail.vanishedSince(room.inbox(), modseq, Uids.ofRange(5, 6))).isEqualTo(Uids.NONE);
        long now = mail.view(room.inbox()).highestModseq();
        assertThat(mail.vanishedSince(room.inbox(), now, Uids.ofRange(1, 10))).isEqualTo(Uids.NONE);
        List<Integer> changed = new ArrayList<>();
        mail.view(room.inbox()).changedSince(modseq, changed::add);
        assertThat(changed).containsExactly(1);
    }

    @Test
    void beforeTheLogWhateverIsNotThereHasVanished() {
        room.fill(6);
        AccountMail mail = room.mail();
        mail.remove(room.inbox(), Uids.of(1, 4, 6));
        room.mailboxes.tidy(room.alice.id());
        for (int i = 0; i < 7_000; i++) {
            mail.store(
                    room.inbox(),
                    Uids.of(2),
                    i % 2 == 0 ? FlagOperation.ADD : FlagOperation.REMOVE,
                    flags("\\Flagged"),
                    Long.MAX_VALUE);
        }
        room.mailboxes.tidy(room.alice.id());
        assertThat(mail.changesSince(3)).isEmpty();
        assertThat(mail.changesSince(mail.version() - 100).orElseThrow().changes())
                .hasSize(99);
        assertThat(mail.vanishedSince(room.inbox(), 1, Uids.ALL)).isEqualTo(Uids.of(1, 4, 6));
        assertThat(mail.vanishedSince(room.inbox(), 1, Uids.ofRange(2, 5))).isEqualTo(Uids.of(4));
    }

    @Test
    void recentIsToldToOneSession() {
        room.fill(3);
        assertThat(room.mail().info(room.inbox()).orElseThrow().recent()).isEqualTo(3);
        assertThat(room.mail().takeRecent(room.inbox())).isEqualTo(1);
        assertThat(room.mail().takeRecent(room.inbox())).isEqualTo(4);
        room.fill(1);
        assertThat(room.mail().info(room.inbox()).orElseThrow().recent()).isEqualTo(1);
        room.restart();
        assertThat(room.mail().takeRecent(room.inbox())).isEqualTo(4);
    }

    @Test
    void theLogTellsWhatHappenedInOrder() {
        AccountMail mail = room.mail();
        MailboxId trash = mail.find("Trash").orElseThrow().id();
        long since = mail.version();
        room.fill(1);
        MessageId id = mail.view(room.inbox()).message(0);
        mail.store(room.inbox(), Uids.ALL, FlagOperation.ADD, flags("\\Seen"), Long.MAX_VALUE);
        mail.move(room.inbox(), Uids.ALL, trash);
        mail.create("New", Optional.empty());
        Changes changes = mail.changesSince(since).orElseThrow();
        assertThat(changes.upTo()).isEqualTo(mail.version());
        MailboxId inbox = room.inbox();
        assertThat(changes.changes())
                .containsExactly(
                        new Change.Added(since + 1, inbox, 1, id, true),
                        new Change.Flagged(since + 2, inbox, 1, id, Change.Deleted.AS_BEFORE),
                        new Change.Added(since + 3, trash, 1, id, false),
                        new Change.Removed(since + 3, inbox, 1, id, mail.threadOf(id)),
                        new Change.MailboxMade(
                                since + 4, mail.find("New").orElseThrow().id()));
        assertThat(mail.changesSince(mail.version() + 1)).isEmpty();
        assertThat(mail.changesSince(mail.version()).orElseThrow().changes()).isEmpty();
    }

    @Test
    void whoWatchesIsToldAfterTheChangeIsVisible() {
        AtomicInteger seen = new AtomicInteger();
        AccountMail mail = room.mail();
        mail.version();
        AccountMail.Watch watch =
                mail.watch(() -> seen.set(mail.view(room.inbox()).size()));
        room.fill(2);
        assertThat(seen).hasValue(2);
        watch.close();
        room.fill(1);
        assertThat(seen).hasValue(2);
    }

    // ---- conversations -----------------------------------------------------------------------------------------

    @Test
    void answersJoinTheConversationInWhateverOrderTheyCome() {
        AccountMail mail = room.mail();
        List<NewMessage> messages = List.of(
                room.raw("Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\nSubject: Re: Lunch\r\n", "b"),
                room.raw("Message-ID: <1@x>\r\nSubject: Lunch\r\n", "a"),
                room.raw("Message-ID: <3@x>\r\nReferences: <1@x> <2@x>\r\nSubject: RE: [list] lunch\r\n", "c"),
                room.raw("Message-ID: <4@x>\r\nReferences: <1@x>\r\nSubject: Dinner\r\n", "d"));
        List<MessageId> ids = new ArrayList<>();
        for (NewMessage message : messages) {
            ids.add(mail.append(room.inbox(), List.of(message))
                    .messages()
                    .getFirst()
                    .message());
        }
        ThreadId lunch = mail.threadOf(ids.getFirst());
        assertThat(mail.threadOf(ids.get(1))).isEqualTo(lunch);
        assertThat(mail.threadOf(ids.get(2))).isEqualTo(lunch);
        assertThat(mail.threadOf(ids.get(3)))
                .as("another subject is another conversation")
                .isNotEqualTo(lunch);
        assertThat(mail.thread(lunch)).containsExactly(ids.get(0), ids.get(1), ids.get(2));
        mail.remove(room.inbox(), Uids.of(1));
        assertThat(mail.thread(lunch)).containsExactly(ids.get(1), ids.get(2));
    }

    @Test
    void messagesOfOneStepFindEachOther() {
        AccountMail mail = room.mail();
        Appended both = mail.append(
                room.inbox(),
                List.of(
                        room.raw("Message-ID: <1@x>\r\nSubject: Lunch\r\n", "a"),
                        room.raw("Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\nSubject: Re: Lunch\r\n", "b")));
        assertThat(mail.threadOf(both.messages().get(1).message()))
                .isEqualTo(mail.threadOf(both.messages().get(0).message()));
    }

    @Test
    void factsOfManyComeInTheOrderAsked() {
        room.fill(40);
        View view = room.mail().view(room.inbox());
        List<MessageId> asked = new ArrayList<>();
        for (int i = 39; i >= 0; i -= 3) {
            asked.add(view.message(i));
        }
        asked.add(new MessageId(12345));
        List<Optional<MessageFacts>> facts = room.mail().facts(asked);
        for (int n = 0; n < asked.size() - 1; n++) {
            assertThat(facts.get(n).orElseThrow().subject()).isEqualTo("message " + (39 - 3 * n));
        }
        assertThat(facts.getLast()).isEmpty();
    }

    @Test
    void contentsOfManyComeInTheOrderAsked() {
        room.fill(AccountMail.CONTENTS_AT_ONCE + 1);
        View view = room.mail().view(room.inbox());
        List<MessageId> asked = new ArrayList<>();
        for (int i = AccountMail.CONTENTS_AT_ONCE; i >= 0; i--) {
            asked.add(view.message(i));
        }
        assertThatThrownBy(() -> room.mail().contents(asked)).isInstanceOf(IllegalArgumentException.class);
        asked.removeFirst();
        List<Optional<Content>> contents = room.mail().contents(asked);
        for (int n = 0; n < asked.size(); n++) {
            assertThat(contents.get(n).orElseThrow().whole(room.store.blobs()))
                    .isEqualTo(room.mail().whole(asked.get(n)));
        }
    }
}
