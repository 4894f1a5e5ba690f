package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tamanoir.server.directory.AccountId;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;

class DeliveryTest {
    private static final Partition QUEUE = Partition.of('Q', 3);
    private static final Space ENTRY = new Space(1, Space.Family.QUEUE);

    private final MailRoom room = new MailRoom();

    @AfterEach
    void verifyAndClose() {
        for (AccountId account : List.of(room.alice.id(), room.bob.id())) {
            assertThat(room.mailboxes.verify(account)).isEmpty();
        }
        room.close();
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Deposit to(AccountId account, String mailbox, boolean create, String once) {
        return new Deposit(account, mailbox, create, room.message("hello"), once);
    }

    @Test
    void severalAccountsAndTheQueueAreOneStep() {
        Batch queue = new Batch(QUEUE, Batch.ANY_VERSION).put(ENTRY, key("a"), key("b"));
        List<Deposited> answers = room.mailboxes.deliver(
                List.of(
                        to(room.bob.id(), "INBOX", false, ""),
                        to(room.alice.id(), "INBOX", false, ""),
                        to(new AccountId(99), "INBOX", false, ""),
                        to(room.alice.id(), "Trash", false, "")),
                List.of(queue));
        assertThat(answers.get(0)).isInstanceOf(Deposited.Stored.class);
        assertThat(answers.get(1)).isInstanceOf(Deposited.Stored.class);
        assertThat(answers.get(2)).isEqualTo(new Deposited.NoSuchAccount());
        assertThat(answers.get(3)).isInstanceOf(Deposited.Stored.class);
        assertThat(room.mail().quota().messages()).isEqualTo(2);
        try (Snapshot snapshot = room.store.snapshot()) {
            assertThat(snapshot.get(QUEUE, ENTRY, key("a"))).isPresent();
        }
    }

    @Test
    void withoutDepositsTheQueueRowsStillGo() {
        room.mailboxes.deliver(List.of(), List.of(new Batch(QUEUE, Batch.ANY_VERSION).put(ENTRY, key("a"), key("b"))));
        try (Snapshot snapshot = room.store.snapshot()) {
            assertThat(snapshot.get(QUEUE, ENTRY, key("a"))).isPresent();
        }
        assertThat(room.mailboxes.deliver(List.of(), List.of())).isEmpty();
    }

    @Test
    void whenTheQueueRowsConflictNothingIsStored() {
        Batch stale = new Batch(QUEUE, 7).put(ENTRY, key("a"), key("b"));
        assertThatThrownBy(
                        () -> room.mailboxes.deliver(List.of(to(room.alice.id(), "INBOX", false, "")), List.of(stale)))
                .isInstanceOf(Unavailable.class);
        assertThat(room.mail().quota().messages()).isZero();
    }

    @Test
    void theSameAcceptanceIsStoredOnceEvenAfterARestart() {
        Deposit deposit = to(room.alice.id(), "INBOX", false, "4711 alice@example.com");
        assertThat(room.mailboxes.deliver(List.of(deposit, deposit), List.of()))
                .hasExactlyElementsOfTypes(Deposited.Stored.class, Deposited.AlreadyThere.class);
        room.restart();
        assertThat(room.mailboxes.deliver(List.of(deposit), List.of())).containsExactly(new Deposited.AlreadyThere());
        assertThat(room.mailboxes.deliver(List.of(to(room.bob.id(), "INBOX", false, deposit.once())), List.of()))
                .hasExactlyElementsOfTypes(Deposited.Stored.class);
        room.clock.advance(Duration.ofDays(8));
        room.mailboxes.tidy(room.alice.id());
        assertThat(room.mailboxes.deliver(List.of(deposit), List.of()))
                .hasExactlyElementsOfTypes(Deposited.Stored.class);
    }

    @Test
    void whoIsOverQuotaGetsNothingAndOthersDo() {
        room.directory.setQuota(room.alice.id(), 50);
        assertThat(room.mailboxes.deliver(
                        List.of(to(room.alice.id(), "INBOX", false, "x"), to(room.bob.id(), "INBOX", false, "x")),
                        List.of()))
                .hasExactlyElementsOfTypes(Deposited.OverQuota.class, Deposited.Stored.class);
        room.directory.setQuota(room.alice.id(), 0);
        assertThat(room.mailboxes.deliver(List.of(to(room.alice.id(), "INBOX", false, "x")), List.of()))
                .hasExactlyElementsOfTypes(Deposited.Stored.class);
    }

    @Test
    void aMissingMailboxIsMadeOrInboxTakesTheMail() {
        room.mailboxes.deliver(
                List.of(
                        to(room.alice.id(), "lists/tamanoir", true, ""),
                        to(room.alice.id(), "nowhere", false, ""),
                        to(room.alice.id(), "..", true, ""),
                        to(room.alice.id(), "inbox", false, "")),
                List.of());
        assertThat(room.mail().find("lists/tamanoir").orElseThrow().messages()).isEqualTo(1);
        assertThat(room.mail().view(room.inbox()).size()).isEqualTo(3);
        assertThat(room.mail().find("nowhere")).isEmpty();
    }

    @Test
    void aSuspendedAccountReceivesMail() {
        room.directory.setState(room.alice.id(), tamanoir.server.directory.Account.State.SUSPENDED);
        assertThat(room.mailboxes.deliver(List.of(to(room.alice.id(), "INBOX", false, "")), List.of()))
                .hasExactlyElementsOfTypes(Deposited.Stored.class);
    }

    @Test
    void anErasedAccountLeavesNothing() {
        for (int i = 0; i < 300; i++) {
            room.mailboxes.deliver(List.of(to(room.alice.id(), "INBOX", false, "n" + i)), List.of());
        }
        AccountMail open = room.mail();
        room.directory.removeAccount(room.alice.id());
        room.mailboxes.erase(room.alice.id());
        assertThatThrownBy(() -> open.view(new MailboxId(1))).isInstanceOf(MailboxRefused.class);
        assertThat(room.mailboxes.deliver(List.of(to(room.alice.id(), "INBOX", false, "")), List.of()))
                .containsExactly(new Deposited.NoSuchAccount());
        room.restart();
        room.mailboxes.tidy(room.alice.id());
        assertThatThrownBy(() -> open.view(new MailboxId(1)))
                .as("an open session does not bring it back")
                .isInstanceOf(MailboxRefused.class);
        assertThatThrownBy(open::list).isInstanceOf(MailboxRefused.class);
        try (Snapshot snapshot = room.store.snapshot()) {
            for (Space space : Keys.ALL) {
                snapshot.scan(room.alice.id().partition(), space, Keys.NOTHING, Keys.NOTHING, (_, _) -> {
                    throw new AssertionError("a row of space " + space + " is left");
                });
            }
        }
        room.mailboxes.erase(room.alice.id());
    }
}
