package tamanoir.server.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Deposited;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.NewMessage;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// An account with mail in a store in memory: what the tests of this room begin with.
final class Post implements AutoCloseable {
    final TurnableClock clock = new TurnableClock();
    final Store store = new MemoryStore();
    final Directory directory = new Directory(
            store,
            clock,
            new DirectorySettings(2, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), 64, 1, 1, 4096, 10_000),
            () -> List.of(Domain.of("example.com")));
    final Account alice = directory.addAccount(new Address("alice", Domain.of("example.com")), "", "secret", 0);
    final Account bob = directory.addAccount(new Address("bob", Domain.of("example.com")), "", "secret", 0);
    Mailboxes mailboxes = new Mailboxes(store, directory, clock, settings());

    private static MailboxSettings settings() {
        MailboxSettings standard = MailboxSettings.defaults();
        return new MailboxSettings(
                1, Map.of(), standard.imageOctets(), Duration.ofDays(7), 200, 5_000, 0, Duration.ofDays(1));
    }

    private final List<Path> folders = new ArrayList<>();

    /// With a folder of their own.
    SearchSettings search() {
        try {
            Path folder = Files.createTempDirectory("tamanoir-search");
            folders.add(folder);
            return SearchSettings.in(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AccountMail mail() {
        return mailboxes.open(alice.id());
    }

    MailboxId mailbox(String name) {
        return mail().find(name)
                .orElseGet(() -> mail().create(name, Optional.empty()))
                .id();
    }

    MailboxId inbox() {
        return mailbox("INBOX");
    }

    Deposited.Stored deliver(MailboxId mailbox, String message, Instant received, String... flags) {
        NewMessage what = new NewMessage(
                Octets.of(""),
                new Body.Small(Octets.of(message.replace("\n", "\r\n"))),
                Flags.of(List.of(flags)),
                received);
        return mail().append(mailbox, List.of(what)).messages().getFirst();
    }

    MessageId deliver(String message) {
        return deliver(inbox(), message, clock.instant()).message();
    }

    /// As a server that was stopped and started: nothing is left in memory but the store.
    void restart() {
        mailboxes.close();
        mailboxes = new Mailboxes(store, directory, clock, settings());
    }

    @Override
    public void close() {
        mailboxes.close();
        directory.close();
        store.close();
        folders.forEach(Post::delete);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
