package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Many sessions at one account at once.
class ManyThreadsTest {
    private static final int THREADS = 16;
    private static final int STEPS = 60;

    private final long seed = System.nanoTime();

    @Test
    void everybodyGetsWhatHeWasPromisedOverMemory() throws InterruptedException {
        try (MailRoom room = new MailRoom()) {
            storm(room);
        }
    }

    @Test
    void everybodyGetsWhatHeWasPromisedOverRocksDb(@TempDir Path folder) throws InterruptedException {
        try (MailRoom room = new MailRoom(
                new RocksStore(folder, Settings.standard().withReserve(0), new Trace("store", "")),
                MailRoom.settings())) {
            storm(room);
        }
    }

    private void storm(MailRoom room) throws InterruptedException {
        ConcurrentLinkedQueue<Deposited.Stored> promised = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Set<Long> removed = java.util.concurrent.ConcurrentHashMap.newKeySet();
        AtomicLong told = new AtomicLong();
        AccountMail watched = room.mail();
        MailboxId inbox = room.inbox();
        MailboxId trash = room.mail().find("Trash").orElseThrow().id();
        AccountMail.Watch watch = watched.watch(() -> told.accumulateAndGet(watched.version(), Math::max));
        AtomicBoolean stop = new AtomicBoolean();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                long lastModseq = 0;
                while (!stop.get()) {
                    View view = watched.view(inbox);
                    assertThat(view.highestModseq()).isGreaterThanOrEqualTo(lastModseq);
                    lastModseq = view.highestModseq();
                    long last = 0;
                    for (int i = 0; i < view.size(); i++) {
                        assertThat(view.uid(i)).isGreaterThan(last);
                        last = view.uid(i);
                        assertThat(view.modseq(i)).isLessThanOrEqualTo(view.highestModseq());
                    }
                    assertThat(last).isLessThan(view.uidNext());
                    Thread.onSpinWait();
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        });
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(seed + t);
            int number = t;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    AccountMail mail = room.mail();
                    for (int i = 0; i < STEPS; i++) {
                        switch (random.nextInt(8)) {
                            case 0, 1 ->
                                promised.addAll(mail.append(inbox, List.of(room.message("a" + number + "." + i)))
                                        .messages());
                            case 2, 3 -> {
                                for (Deposited deposited : room.mailboxes.deliver(
                                        List.of(
                                                deposit(room.alice.id(), room, number, i),
                                                deposit(room.bob.id(), room, number, i)),
                                        List.of())) {
                                    promised.add((Deposited.Stored) deposited);
                                }
                            }
                            case 4 ->
                                mail.store(
                                        inbox,
                                        Uids.ALL,
                                        FlagOperation.ADD,
                                        new Flags(1 << random.nextInt(5), Set.of("k" + random.nextInt(9))),
                                        Long.MAX_VALUE);
                            case 5 -> mail.copy(inbox, Uids.ofRange(1, 1 + random.nextInt(50)), trash);
                            case 6 -> {
                                View view = mail.view(inbox);
                                if (view.size() > 0) {
                                    int index = random.nextInt(view.size());
                                    if (!mail.remove(inbox, Uids.of(view.uid(index)))
                                            .isEmpty()) {
                                        assertThat(removed.add(view.uid(index)))
                                                .as("removed once")
                                                .isTrue();
                                    }
                                }
                            }
                            default -> room.mailboxes.tidy(room.alice.id());
                        }
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        stop.set(true);
        reader.join();
        assertThat(failures).as("seed %d", seed).isEmpty();
        assertThat(told).as("the last change was told").hasValue(watched.version());
        watch.close();
        room.mailboxes.tidy(room.alice.id());
        View picture = room.mail().view(inbox);
        room.restart();
        View stored = room.mail().view(inbox);
        assertThat(stored.uids()).isEqualTo(picture.uids());
        for (int i = 0; i < stored.size(); i++) {
            assertThat(stored.flags(i)).isEqualTo(picture.flags(i));
            assertThat(stored.modseq(i)).isEqualTo(picture.modseq(i));
        }
        Set<Long> uids = new HashSet<>();
        Set<MessageId> messages = new HashSet<>();
        for (Deposited.Stored one : promised) {
            assertThat(messages.add(one.message())).as("no id twice").isTrue();
            int index = stored.indexOf(one.uid());
            if (index >= 0 && stored.message(index).equals(one.message())) {
                uids.add(one.uid());
            }
        }
        assertThat(uids.size())
                .as("seed %d: what was promised and not removed is there", seed)
                .isEqualTo(stored.size());
        assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        assertThat(room.mailboxes.verify(room.bob.id())).isEmpty();
    }

    private static Deposit deposit(AccountId account, MailRoom room, int thread, int step) {
        return new Deposit(account, "INBOX", false, room.message("d" + thread + "." + step), thread + "/" + step);
    }
}
