package tamanoir.server.jmap.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static tamanoir.server.jmap.personal.Desk.at;
import static tamanoir.server.jmap.personal.Desk.text;
import static tamanoir.server.jmap.personal.Desk.texts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Ids;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MessageChange;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Whereabouts;

class SnoozeTest {
    @TempDir
    private Path home;

    private Desk desk;
    private String email;
    private MessageId message;

    @BeforeEach
    void open() {
        desk = new Desk(home);
        email = desk.draft("From: alice@example.com\nSubject: later", "x");
        message = Ids.message(email).orElseThrow();
        change(flags -> Flags.of(List.of("\\Seen", "Work")), "Archive");
    }

    @AfterEach
    void close() {
        assertThat(desk.mailboxes.verify(desk.alice.id())).isEmpty();
        desk.close();
    }

    private AccountMail mail() {
        return desk.mailboxes.open(desk.alice.id());
    }

    private void change(java.util.function.UnaryOperator<Flags> flags, String mailbox) {
        mail().change(List.of(new MessageChange(
                message, flags, _ -> Set.of(mail().find(mailbox).orElseThrow().id()))));
    }

    private List<Whereabouts.Place> places() {
        return mail().whereabouts(List.of(message))
                .answer()
                .getFirst()
                .map(Whereabouts::places)
                .orElse(List.of());
    }

    private List<String> where() {
        return places().stream()
                .map(place -> mail().info(place.mailbox()).orElseThrow().name())
                .toList();
    }

    private String snooze(Duration time) {
        Json.Obj answer = desk.call(
                "Snooze/set",
                "{'create':{'z':{'emailId':'" + email + "','until':'"
                        + desk.clock.instant().plus(time) + "'}}}");
        return text(answer, "/created/z/id");
    }

    private void turn(Duration by) throws InterruptedException {
        desk.clock.advance(by);
        desk.snoozes.awaitQuiet();
    }

    @Test
    void aSnoozedMessageGoesAwayAndComesBackUnreadWhereItWas() throws InterruptedException {
        String id = snooze(Duration.ofHours(3));
        assertThat(id).startsWith("z");
        assertThat(where()).containsExactly("Snoozed");
        assertThat(mail().find("Snoozed").orElseThrow().role()).isEqualTo(Optional.of(Role.SNOOZED));
        assertThat(places().getFirst().flags().keywords()).contains("$snoozed", "Work");
        assertThat(text(desk.call("Snooze/get", "{}"), "/list/0/emailId")).isEqualTo(email);
        turn(Duration.ofMinutes(179));
        assertThat(where()).containsExactly("Snoozed");
        turn(Duration.ofMinutes(1));
        assertThat(where()).containsExactly("Archive");
        assertThat(places().getFirst().flags()).isEqualTo(Flags.of(List.of("Work")));
        assertThat(at(desk.call("Snooze/get", "{}"), "/list")).isEqualTo(Json.Arr.EMPTY);
    }

    @Test
    void itComesBackAfterARestartToo() throws InterruptedException {
        snooze(Duration.ofHours(3));
        desk.restart();
        turn(Duration.ofHours(3));
        assertThat(where()).containsExactly("Archive");
    }

    @Test
    void whatBecameDueWhileTheServerWasDownComesBackAtTheStart() throws InterruptedException {
        snooze(Duration.ofHours(3));
        desk.snoozes.close();
        desk.clock.advance(Duration.ofDays(2));
        desk.restart();
        turn(Duration.ZERO);
        assertThat(where()).containsExactly("Archive");
    }

    @Test
    void anotherTimeCountsAndDestroyingBringsItBackNow() throws InterruptedException {
        String id = snooze(Duration.ofHours(3));
        String later = desk.clock.instant().plus(Duration.ofHours(9)).toString();
        Json.Obj updated = desk.call("Snooze/set", "{'update':{'" + id + "':{'until':'" + later + "'}}}");
        assertThat(at(updated, "/notUpdated")).isEqualTo(Json.NULL);
        turn(Duration.ofHours(4));
        assertThat(where()).containsExactly("Snoozed");
        assertThat(texts(desk.call("Snooze/set", "{'destroy':['" + id + "']}"), "/destroyed"))
                .containsExactly(id);
        assertThat(where()).containsExactly("Archive");
        turn(Duration.ofHours(9));
        assertThat(where()).containsExactly("Archive");
    }

    @Test
    void aMessageThatSomebodyMovedStaysWhereItIs() throws InterruptedException {
        snooze(Duration.ofHours(3));
        change(flags -> flags.plus(Flags.of(List.of("\\Seen"))), "Trash");
        turn(Duration.ofHours(3));
        assertThat(where()).containsExactly("Trash");
        assertThat(places().getFirst().flags()).isEqualTo(Flags.of(List.of("\\Seen", "Work")));
        assertThat(at(desk.call("Snooze/get", "{}"), "/list")).isEqualTo(Json.Arr.EMPTY);
    }

    @Test
    void aMessageWhoseMailboxHasGoneComesToTheInbox() throws InterruptedException {
        mail().create("Projects", Optional.empty());
        change(flags -> flags, "Projects");
        snooze(Duration.ofHours(3));
        mail().delete("Projects");
        turn(Duration.ofHours(3));
        assertThat(where()).containsExactly("INBOX");
    }

    @Test
    void aMessageThatHasGoneIsForgotten() throws InterruptedException {
        snooze(Duration.ofHours(3));
        mail().change(List.of(MessageChange.removal(message)));
        turn(Duration.ofHours(3));
        assertThat(at(desk.call("Snooze/get", "{}"), "/list")).isEqualTo(Json.Arr.EMPTY);
    }

    @Test
    void whatCannotBeSnoozedIsRefusedByName() {
        String id = snooze(Duration.ofHours(3));
        Json.Obj again = desk.call(
                "Snooze/set",
                "{'create':{'z':{'emailId':'" + email + "','until':'2099-01-01T00:00:00Z'},"
                        + "'y':{'emailId':'" + email + "','until':'2031-01-01T00:00:00Z'},"
                        + "'x':{'emailId':'enosuch','until':'2031-01-01T00:00:00Z'},"
                        + "'w':{'emailId':'" + email + "','until':'2001-01-01T00:00:00Z'}}}");
        assertThat(texts(again, "/notCreated/z/properties")).containsExactly("until");
        assertThat(text(again, "/notCreated/y/type")).isEqualTo("alreadyExists");
        assertThat(text(again, "/notCreated/y/existingId")).isEqualTo(id);
        assertThat(texts(again, "/notCreated/x/properties")).containsExactly("emailId");
        assertThat(texts(again, "/notCreated/w/properties")).containsExactly("until");
        assertThat(texts(
                        desk.call("Snooze/set", "{'update':{'" + id + "':{'emailId':'e1'}}}"),
                        "/notUpdated/" + id + "/properties"))
                .containsExactly("emailId");
    }
}
