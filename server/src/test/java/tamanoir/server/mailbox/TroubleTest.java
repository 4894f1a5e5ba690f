package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// What is promised when the store fails, when another node writes, when the process dies.
class TroubleTest {
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void afterAFailureMemoryShowsWhatTheStoreHas() {
        ShakyStore store = new ShakyStore(new MemoryStore(), seed);
        try (MailRoom room = new MailRoom(store, MailRoom.settings())) {
            MailboxId inbox = room.inbox();
            MailboxId trash = room.mail().find("Trash").orElseThrow().id();
            store.shaky = true;
            int failures = 0;
            for (int i = 0; i < 400; i++) {
                try {
                    AccountMail mail = room.mail();
                    switch (random.nextInt(6)) {
                        case 0, 1 -> mail.append(inbox, List.of(room.message("m" + i), room.message("n" + i)));
                        case 2 ->
                            mail.store(
                                    inbox,
                                    Uids.ALL,
                                    FlagOperation.ADD,
                                    new Flags(1 << random.nextInt(5), java.util.Set.of()),
                                    Long.MAX_VALUE);
                        case 3 -> mail.copy(inbox, Uids.ofRange(1, random.nextInt(20)), trash);
                        case 4 -> mail.expunge(inbox, Uids.ofRange(1, 1 + random.nextInt(40)));
                        default -> room.mailboxes.tidy(room.alice.id());
                    }
                } catch (Unavailable e) {
                    failures++;
                }
                View picture = room.mail().view(inbox);
                Mailboxes other = new Mailboxes(store, room.directory, room.clock, MailRoom.settings());
                View stored = other.open(room.alice.id()).view(inbox);
                other.close();
                assertThat(picture.uids()).as("seed %d step %d", seed, i).isEqualTo(stored.uids());
                assertThat(picture.highestModseq()).isEqualTo(stored.highestModseq());
                for (int m = 0; m < stored.size(); m++) {
                    assertThat(picture.flags(m)).isEqualTo(stored.flags(m));
                }
                assertThat(room.mailboxes.verify(room.alice.id()))
                        .as("seed %d step %d", seed, i)
                        .isEmpty();
            }
            assertThat(failures).isPositive();
            store.shaky = false;
        }
    }

    @Test
    void twoNodesAtOneStoreNeverGiveOneUidTwice() throws InterruptedException {
        try (MailRoom room = new MailRoom()) {
            MailboxSettings second = MailRoom.settings();
            Mailboxes other = new Mailboxes(
                    room.store,
                    room.directory,
                    room.clock,
                    new MailboxSettings(
                            2,
                            second.firstMailboxes(),
                            second.imageOctets(),
                            second.rememberDeposits(),
                            second.mostMailboxes(),
                            second.logKept(),
                            second.defaultQuota(),
                            second.reapAfter()));
            ConcurrentLinkedQueue<Deposited> answers = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (Mailboxes node : List.of(room.mailboxes, other)) {
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 200; ) {
                        try {
                            answers.addAll(node.deliver(
                                    List.of(new Deposit(room.alice.id(), "INBOX", false, room.message("m" + i), "")),
                                    List.of()));
                            i++;
                        } catch (Unavailable busy) {
                            Thread.onSpinWait();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            other.close();
            TreeSet<Long> uids = new TreeSet<>();
            for (Deposited answer : answers) {
                assertThat(uids.add(((Deposited.Stored) answer).uid())).isTrue();
            }
            assertThat(uids).hasSize(400);
            assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
            room.restart();
            assertThat(room.mail().view(room.inbox()).size()).isEqualTo(400);
        }
    }

    /// What the other process said is there, once, with its UID.
    @Test
    void whatWasPromisedIsThereAfterTheProcessWasKilled(@TempDir Path folder) throws Exception {
        Map<Long, String> promised = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TroubleTest.class.getName(),
                            folder.toString(),
                            Integer.toString(round))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int wanted = 100 + random.nextInt(400);
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (int lines = 0; lines < wanted; ) {
                    String line = out.readLine();
                    assertThat(line).as("the other process ended by itself").isNotNull();
                    if (line.startsWith("stored ")) {
                        String[] words = line.split(" ");
                        assertThat(promised.put(Long.parseLong(words[1]), words[2]))
                                .isNull();
                        lines++;
                    }
                }
            }
            process.destroyForcibly().waitFor();
            try (MailRoom room = new MailRoom(
                    new RocksStore(folder, Settings.standard().withReserve(0), new Trace("store", "")),
                    MailRoom.settings())) {
                assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
                View view = room.mail().view(room.inbox());
                promised.forEach((uid, subject) -> {
                    int index = view.indexOf(uid);
                    assertThat(index).as("UID %d", uid).isNotNegative();
                    assertThat(room.mail().facts(view.message(index)).subject()).isEqualTo(subject);
                });
            }
        }
    }

    /// The process that is killed.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        RocksStore store =
                new RocksStore(Path.of(arguments[0]), Settings.standard().withReserve(0), new Trace("store", ""));
        Directory directory =
                new Directory(store, Clock.systemUTC(), MailRoom.CHEAP_HASHES, () -> List.of(Domain.of("example.com")));
        Address address = Address.of("alice@example.com");
        Account alice = directory.account(address).orElseGet(() -> directory.addAccount(address, "", "secret", 0));
        MailRoom room = new MailRoom(store, MailRoom.settings());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String name = "r" + arguments[1] + "t" + t + "n";
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; ; i++) {
                    Deposited done = room.mailboxes
                            .deliver(
                                    List.of(new Deposit(alice.id(), "INBOX", false, room.message(name + i), name + i)),
                                    List.of())
                            .getFirst();
                    if (done instanceof Deposited.Stored stored) {
                        say("stored " + stored.uid() + " " + name + i);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @SuppressWarnings("SystemOut") // Its output is what the test reads.
    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
