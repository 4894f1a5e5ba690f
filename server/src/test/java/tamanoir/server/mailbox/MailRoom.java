package tamanoir.server.mailbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TurnableClock;

/// A store, a directory with the accounts alice and bob, and their mailboxes: what the tests of this room begin with.
final class MailRoom implements AutoCloseable {
    static final DirectorySettings CHEAP_HASHES =
            new DirectorySettings(2, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), 64, 1, 1, 4096, 10_000);

    final TurnableClock clock = new TurnableClock();
    final Store store;
    final Directory directory;
    Mailboxes mailboxes;
    final Account alice;
    final Account bob;

    MailRoom() {
        this(new MemoryStore(), settings());
    }

    MailRoom(Store store, MailboxSettings settings) {
        this.store = store;
        this.directory = new Directory(store, clock, CHEAP_HASHES, () -> List.of(Domain.of("example.com")));
        this.alice = account("alice");
        this.bob = account("bob");
        this.mailboxes = new Mailboxes(store, directory, clock, settings);
    }

    /// The reaper comes only when it is called.
    static MailboxSettings settings() {
        MailboxSettings standard = MailboxSettings.defaults();
        return new MailboxSettings(
                1,
                Map.of("Trash", MailboxInfo.Role.TRASH),
                standard.imageOctets(),
                Duration.ofDays(7),
                200,
                5_000,
                0,
                Duration.ofDays(1));
    }

    Account account(String name) {
        Address address = new Address(name, Domain.of("example.com"));
        return directory.account(address).orElseGet(() -> directory.addAccount(address, "", "secret", 0));
    }

    AccountMail mail() {
        return mailboxes.open(alice.id());
    }

    MailboxId inbox() {
        return mail().find("INBOX").orElseThrow().id();
    }

    /// As a server that was stopped and started: nothing is left in memory but the store.
    void restart() {
        mailboxes.close();
        mailboxes = new Mailboxes(store, directory, clock, settings());
    }

    NewMessage message(String subject, String... flags) {
        return raw(
                "Subject: " + subject + "\r\nMessage-ID: <" + subject.hashCode() + "@example.com>\r\n",
                "Hello.\r\n",
                flags);
    }

    NewMessage raw(String header, String body, String... flags) {
        return new NewMessage(
                Octets.of("Return-Path: <ann@example.org>\r\n"),
                new Body.Small(Octets.of(header + "\r\n" + body)),
                Flags.of(List.of(flags)),
                clock.instant());
    }

    /// Appends `count` messages to INBOX.
    void fill(int count) {
        for (int i = 0; i < count; i++) {
            mail().append(inbox(), List.of(message("message " + i)));
        }
    }

    @Override
    public void close() {
        mailboxes.close();
        directory.close();
        store.close();
    }
}
