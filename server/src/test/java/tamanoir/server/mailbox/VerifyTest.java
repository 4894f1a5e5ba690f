package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Snapshot;

/// A check that finds nothing is worth something only when it finds what is wrong.
class VerifyTest {
    private final MailRoom room = new MailRoom();
    private int inbox;
    private long message;

    @BeforeEach
    void someMail() {
        room.fill(3);
        inbox = room.inbox().number();
        message = room.mail().view(room.inbox()).message(1).number();
    }

    @AfterEach
    void close() {
        room.close();
    }

    private void damage(Consumer<Batch> what) {
        assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        Batch batch = new Batch(room.alice.id().partition(), Batch.ANY_VERSION);
        what.accept(batch);
        room.store.commit(batch);
    }

    private void finds(String... words) {
        List<String> findings = room.mailboxes.verify(room.alice.id());
        for (String word : words) {
            assertThat(findings).anyMatch(finding -> finding.contains(word));
        }
    }

    private byte[] row(tamanoir.server.store.Space space, byte[] key) {
        try (Snapshot snapshot = room.store.snapshot()) {
            return snapshot.get(room.alice.id().partition(), space, key).orElseThrow();
        }
    }

    @Test
    void aLostMessageRow() {
        damage(batch -> batch.delete(Keys.MESSAGE, Keys.message(inbox, 2)));
        finds("has 2 messages", "is said to be at");
    }

    @Test
    void aLostBody() {
        damage(batch -> batch.delete(Keys.BODY, Keys.u64(message)));
        finds("message " + message + " has no body");
    }

    @Test
    void aLostLetter() {
        damage(batch -> batch.delete(Keys.LETTER, Keys.u64(message)));
        finds("of which nothing is kept", "body " + message + " belongs to no message", "a conversation names message");
    }

    @Test
    void aLostPlace() {
        damage(batch -> batch.delete(Keys.LETTER, Keys.membership(message, inbox, 2)));
        finds("is not among the places", "is in no mailbox");
    }

    @Test
    void aWrongCounter() {
        MailboxRow box = MailboxRow.decode(inbox, row(Keys.MAILBOX, Keys.mailbox(inbox)));
        damage(batch -> batch.put(
                Keys.MAILBOX,
                Keys.mailbox(inbox),
                box.counting(box.highestModseq(), box.uidNext(), 0, 1, 0, 0).encode()));
        finds("3 unseen");
    }

    @Test
    void aUidFromTheFuture() {
        MessageRow row = MessageRow.decode(2, row(Keys.MESSAGE, Keys.message(inbox, 2)));
        damage(batch -> batch.put(Keys.MESSAGE, Keys.message(inbox, 99), row.encode()));
        finds("has a UID from the future", "has 4 messages");
    }

    @Test
    void aNameThatLeadsNowhere() {
        damage(batch -> batch.delete(Keys.NAME, Keys.name(0, "INBOX")));
        finds("is not found by its name");
    }

    @Test
    void aRowCutShort() {
        damage(batch -> batch.put(Keys.MESSAGE, Keys.message(inbox, 2), new byte[] {1, 2, 3}));
        finds("ends too early");
    }

    @Test
    void aLogRowOutOfItsBounds() {
        damage(batch -> batch.put(Keys.LOG, Keys.u64(999), new LogRow().encode()));
        finds("the log has modseq 999");
    }

    @Test
    void rowsWithoutAHead() {
        damage(batch -> batch.delete(Keys.HEAD, Keys.NOTHING));
        finds("without a head");
    }

    /// The pictures of accounts share a bounded memory; who falls out is read again.
    @Test
    void moreAccountsThanMemoryAreServedAllTheSame() {
        MailboxSettings standard = MailRoom.settings();
        Mailboxes small = new Mailboxes(
                room.store,
                room.directory,
                room.clock,
                new MailboxSettings(
                        1,
                        standard.firstMailboxes(),
                        20_000,
                        standard.rememberDeposits(),
                        standard.mostMailboxes(),
                        standard.logKept(),
                        0,
                        standard.reapAfter()));
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            accounts.add(room.account("user" + i));
        }
        for (int round = 1; round <= 3; round++) {
            for (Account account : accounts) {
                small.deliver(
                        List.of(new Deposit(account.id(), "INBOX", false, room.message("m" + round), "")), List.of());
                AccountMail mail = small.open(account.id());
                MailboxId id = mail.find("INBOX").orElseThrow().id();
                assertThat(mail.view(id).size()).isEqualTo(round);
                mail.store(id, Uids.ALL, FlagOperation.ADD, new Flags(Flags.SEEN, java.util.Set.of()), Long.MAX_VALUE);
            }
        }
        for (Account account : accounts) {
            assertThat(small.verify(account.id())).isEmpty();
            assertThat(small.open(account.id()).list().getFirst().unseen()).isZero();
        }
        small.close();
    }
}
