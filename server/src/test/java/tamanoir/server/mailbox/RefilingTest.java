package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Flags and mailboxes of messages changed by message, and where messages are.
class RefilingTest {
    private static Set<String> keywords(Whereabouts where) {
        return where.places().getFirst().flags().keywords();
    }

    private static Set<MailboxId> mailboxes(AccountMail mail, MessageId message) {
        return mail.whereabouts(List.of(message)).answer().getFirst().stream()
                .flatMap(where -> where.places().stream())
                .map(Whereabouts.Place::mailbox)
                .collect(Collectors.toSet());
    }

    @Test
    void manyMessagesChangeInOneCommit() {
        try (MailRoom room = new MailRoom()) {
            room.fill(50);
            AccountMail mail = room.mail();
            MailboxId trash = mail.find("Trash").orElseThrow().id();
            View view = mail.view(room.inbox());
            List<MessageChange> changes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                boolean moves = i % 2 == 0;
                changes.add(new MessageChange(
                        view.message(i),
                        flags -> flags.plus(Flags.of(List.of("work"))),
                        now -> moves ? Set.of(trash) : now));
            }
            long before = mail.version();
            assertThat(mail.change(changes)).isEmpty();
            assertThat(mail.version()).isEqualTo(before + 1);
            assertThat(mail.view(trash).size()).isEqualTo(25);
            Whereabouts.At<List<Optional<Whereabouts>>> found = mail.whereabouts(
                    changes.stream().map(MessageChange::message).toList());
            assertThat(found.answer())
                    .allSatisfy(
                            where -> assertThat(keywords(where.orElseThrow())).containsExactly("work"));
            assertThat(found.lastChange()).isEqualTo(mail.version());
            assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        }
    }

    @Test
    void whatCannotBeDoneKeepsNothingElse() {
        try (MailRoom room = new MailRoom()) {
            room.fill(3);
            AccountMail mail = room.mail();
            View view = mail.view(room.inbox());
            MessageId gone = new MessageId(5);
            Map<MessageId, MailboxRefused> refused = mail.change(List.of(
                    MessageChange.removal(gone),
                    new MessageChange(view.message(0), flags -> flags, _ -> Set.of(new MailboxId(99))),
                    new MessageChange(view.message(1), flags -> flags.plus(Flags.of(List.of("a"))), now -> now),
                    MessageChange.removal(view.message(2))));
            assertThat(refused.get(gone)).extracting(MailboxRefused::reason).isEqualTo(Reason.EXPUNGEISSUED);
            assertThat(refused.get(view.message(0)))
                    .extracting(MailboxRefused::reason)
                    .isEqualTo(Reason.NONEXISTENT);
            assertThat(refused).hasSize(2);
            assertThat(mail.view(room.inbox()).size()).isEqualTo(2);
            assertThat(mailboxes(mail, view.message(0))).containsExactly(room.inbox());
        }
    }

    @Test
    void moreThanFitsIntoOneCommitIsDoneInSteps() {
        try (MailRoom room = new MailRoom()) {
            room.fill(700);
            AccountMail mail = room.mail();
            MailboxId trash = mail.find("Trash").orElseThrow().id();
            View view = mail.view(room.inbox());
            List<MessageChange> changes = new ArrayList<>();
            for (int i = 0; i < view.size(); i++) {
                changes.add(new MessageChange(view.message(i), flags -> flags, _ -> Set.of(trash)));
            }
            assertThat(mail.change(changes)).isEmpty();
            assertThat(mail.view(trash).size()).isEqualTo(700);
            assertThat(mail.view(room.inbox()).size()).isZero();
            assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        }
    }

    @Test
    void aMailboxHasTheFormThatItWasGivenAlsoAfterARestart() {
        try (MailRoom room = new MailRoom()) {
            MailboxInfo top = room.mail()
                    .create(new MailboxForm(Optional.empty(), "Top", Optional.empty(), OptionalInt.of(0), false));
            MailboxInfo kid = room.mail()
                    .create(new MailboxForm(
                            Optional.of(top.id()),
                            "Kid",
                            Optional.of(MailboxInfo.Role.SENT),
                            OptionalInt.empty(),
                            true));
            room.mail()
                    .change(
                            kid.id(),
                            new MailboxForm(Optional.empty(), "Other", Optional.empty(), OptionalInt.of(7), false));
            room.restart();
            MailboxInfo found = room.mail().find("Other").orElseThrow();
            assertThat(found.id()).isEqualTo(kid.id());
            assertThat(found.sortOrder()).hasValue(7);
            assertThat(found.role()).isEmpty();
            assertThat(found.subscribed()).isFalse();
            assertThat(found.parent()).isEmpty();
            assertThat(room.mail().find("Top").orElseThrow().sortOrder()).hasValue(0);
        }
    }

    /// Slow commits make changes wait together, so that one sees what another has not written yet.
    @Test
    void changesByMessageAndByMailboxDoNotLoseEachOther(@TempDir Path folder) throws InterruptedException {
        long seed = Long.getLong("tamanoir.seed", System.nanoTime());
        try (MailRoom room = new MailRoom(
                new RocksStore(folder, Settings.standard().withReserve(0), new Trace("store", "")),
                MailRoom.settings())) {
            room.fill(12);
            AccountMail mail = room.mail();
            List<MailboxId> boxes = new ArrayList<>();
            boxes.add(room.inbox());
            for (int i = 0; i < 3; i++) {
                boxes.add(mail.create("box " + i, Optional.empty()).id());
            }
            View view = mail.view(room.inbox());
            List<MessageId> messages = new ArrayList<>();
            for (int i = 0; i < view.size(); i++) {
                messages.add(view.message(i));
            }
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int t = 0; t < 6; t++) {
                Random random = new Random(seed + t);
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        for (int step = 0; step < 120; step++) {
                            change(mail, boxes, messages, random);
                        }
                    } catch (RuntimeException | Error e) {
                        failures.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).as("seed %d", seed).isEmpty();
            assertThat(room.mailboxes.verify(room.alice.id()))
                    .as("seed %d", seed)
                    .isEmpty();
            // Nobody ever took the last place of a message.
            assertThat(messages)
                    .as("seed %d", seed)
                    .allSatisfy(message -> assertThat(mailboxes(mail, message)).isNotEmpty());
            room.mailboxes.tidy(room.alice.id());
            assertThat(messages)
                    .allSatisfy(message -> assertThat(mailboxes(mail, message)).isEqualTo(mail.mailboxesOf(message)));
        }
    }

    private static void change(AccountMail mail, List<MailboxId> boxes, List<MessageId> messages, Random random) {
        MailboxId box = boxes.get(random.nextInt(boxes.size()));
        MailboxId other = boxes.get(random.nextInt(boxes.size()));
        MessageId message = messages.get(random.nextInt(messages.size()));
        switch (random.nextInt(5)) {
            case 0 -> mail.move(box, Uids.ALL, other);
            case 1 ->
                mail.store(
                        box,
                        Uids.ALL,
                        random.nextBoolean() ? FlagOperation.ADD : FlagOperation.REMOVE,
                        Flags.of(List.of("\\Seen", "work")),
                        Long.MAX_VALUE);
            case 2 ->
                mail.change(List.of(new MessageChange(
                        message, flags -> flags.plus(Flags.of(List.of("home"))), _ -> Set.of(other))));
            case 3 ->
                mail.change(List.of(new MessageChange(message, flags -> flags, now -> {
                    Set<MailboxId> then = new LinkedHashSet<>(now);
                    then.add(other);
                    return then;
                })));
            default ->
                mail.change(messages.stream()
                        .map(id -> new MessageChange(
                                id,
                                flags -> flags.minus(Flags.of(List.of("home"))),
                                now -> now.size() > 1 ? Set.of(now.iterator().next()) : now))
                        .toList());
        }
    }
}
