package tamanoir.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Deposit;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Figures of the mailbox room alone, without a protocol: deliveries a second, and how long the large commands take.
///
/// `MailboxFigures [folder]`: over RocksDB in the folder, which is made and removed; without one, over memory.
public final class MailboxFigures {
    private static final int LARGE = 10_000;

    private final Store store;
    private final Clock clock = Clock.systemUTC();
    private final Directory directory;
    private Mailboxes mailboxes;

    private MailboxFigures(Store store) {
        this.store = store;
        this.directory =
                new Directory(store, clock, DirectorySettings.defaults(), () -> List.of(Domain.of("example.com")));
        this.mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0) {
            try (Store store = new MemoryStore()) {
                new MailboxFigures(store).run();
            }
            return;
        }
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        try (Store store = new RocksStore(folder.resolve("store"), Settings.standard(), new Trace("store", ""))) {
            new MailboxFigures(store).run();
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void run() throws InterruptedException {
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            accounts.add(directory.addAccount(new Address("user" + i, Domain.of("example.com")), "", "", 0));
        }
        for (int round = 0; round < 3; round++) {
            deliveries("deliver 1 KiB, 100 accounts, 50 threads", accounts, 50, 20_000, 1_024);
            deliveries("deliver 10 KiB, 100 accounts, 50 threads", accounts, 50, 10_000, 10_240);
            deliveries("deliver 1 KiB, one account, 50 threads", accounts.subList(0, 1), 50, 5_000, 1_024);
            deliveries("deliver 1 KiB, one account, 1 thread", accounts.subList(0, 1), 1, 3_000, 1_024);
        }
        signIns();
        for (int round = 0; round < 4; round++) {
            large(directory.addAccount(new Address("large" + round, Domain.of("example.com")), "", "", 0));
        }
        mailboxes.close();
    }

    private void deliveries(String what, List<Account> accounts, int threads, int count, int octets)
            throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long used = cpu();
        long start = System.nanoTime();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            all.add(Thread.ofVirtual().start(() -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    Account account = accounts.get(i % accounts.size());
                    mailboxes.deliver(
                            List.of(new Deposit(
                                    account.id(), "INBOX", false, message(i, octets), what + System.nanoTime() + i)),
                            List.of());
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        say(String.format(
                Locale.ROOT, "%-45s %8.0f a second %8.1f µs CPU", what, count / seconds, (cpu() - used) / 1e3 / count));
    }

    private void signIns() {
        directory.addAccount(Address.of("ann@example.com"), "", "secret", 0);
        time("sign-in, first", () -> directory.authenticate("ann", "secret"));
        time("sign-in, wrong password", () -> directory.authenticate("ann", "wrong"));
        time("10,000 sign-ins again", () -> {
            for (int i = 0; i < 10_000; i++) {
                directory.authenticate("ann", "secret");
            }
            return directory;
        });
        time("100,000 recipients looked up", () -> {
            Address address = Address.of("user7@example.com");
            for (int i = 0; i < 100_000; i++) {
                directory.account(address);
            }
            return directory;
        });
    }

    private NewMessage message(int number, int octets) {
        StringBuilder text = new StringBuilder(octets)
                .append("From: Ann <ann@example.org>\r\nTo: Bob <bob@example.com>\r\nDate: Wed, 25 Nov 2026 12:00:00"
                        + " +0000\r\nSubject: message ")
                .append(number)
                .append("\r\nMessage-ID: <")
                .append(System.nanoTime())
                .append('.')
                .append(number)
                .append("@example.org>\r\n\r\n");
        while (text.length() < octets) {
            text.append("All work and no play makes Jack a dull boy, line ")
                    .append(text.length())
                    .append("\r\n");
        }
        return new NewMessage(
                Octets.of(
                        "Return-Path: <ann@example.org>\r\nReceived: from a by b; Wed, 25 Nov 2026 12:00:00 +0000\r\n"),
                new Body.Small(Octets.of(text.toString())),
                Flags.NONE,
                clock.instant());
    }

    private void large(Account account) {
        AccountMail mail = mailboxes.open(account.id());
        MailboxId inbox = mail.find("INBOX").orElseThrow().id();
        for (int i = 0; i < LARGE; i += 40) {
            List<NewMessage> some = new ArrayList<>();
            for (int n = 0; n < 40; n++) {
                some.add(message(i + n, 2_048));
            }
            mail.append(inbox, some);
        }
        mailboxes.close();
        mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.defaults());
        AccountMail again = mailboxes.open(account.id());
        View view = time("first view of 10,000", () -> again.view(inbox));
        time("view again", () -> again.view(inbox));
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < LARGE; i++) {
            ids.add(view.message(i));
        }
        time("facts of 10,000", () -> {
            int found = 0;
            for (int i = 0; i < LARGE; i += 500) {
                found += again.facts(ids.subList(i, i + 500)).size();
            }
            return found;
        });
        time(
                "STORE 1:* +FLAGS of 10,000",
                () -> again.store(
                        inbox, Uids.ALL, FlagOperation.ADD, new Flags(Flags.SEEN, java.util.Set.of()), Long.MAX_VALUE));
        MailboxId archive = again.find("Archive").orElseThrow().id();
        MailboxId trash = again.find("Trash").orElseThrow().id();
        time("COPY 10,000", () -> again.copy(inbox, Uids.ALL, archive));
        time("MOVE 1,000", () -> again.move(archive, Uids.ofRange(1, 1_000), trash));
        again.store(inbox, Uids.ALL, FlagOperation.ADD, new Flags(Flags.DELETED, java.util.Set.of()), Long.MAX_VALUE);
        time("EXPUNGE 10,000", () -> again.expunge(inbox, Uids.ALL));
        time("clearing away after it", () -> {
            mailboxes.tidy(account.id());
            return account;
        });
    }

    private static <T> T time(String what, Supplier<T> work) {
        long used = cpu();
        long start = System.nanoTime();
        T answer = work.get();
        say(String.format(
                Locale.ROOT,
                "%-45s %8.1f ms %8.1f ms CPU",
                what,
                (System.nanoTime() - start) / 1e6,
                (cpu() - used) / 1e6));
        return answer;
    }

    /// Nanoseconds of CPU that this process has used: the figure to trust on a machine that does other things too.
    private static long cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    @SuppressWarnings("SystemOut") // A program for a person at a console.
    private static void say(String line) {
        System.out.println(line);
    }
}
