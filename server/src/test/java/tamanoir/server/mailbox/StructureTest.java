package tamanoir.server.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused.Reason;

class StructureTest {
    private final MailRoom room = new MailRoom();

    @AfterEach
    void verifyAndClose() {
        assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        room.mailboxes.tidy(room.alice.id());
        assertThat(room.mailboxes.verify(room.alice.id())).isEmpty();
        List<MailboxInfo> before = room.mail().list();
        room.restart();
        assertThat(room.mail().list()).isEqualTo(before);
        room.close();
    }

    private List<String> names() {
        return room.mail().list().stream().map(MailboxInfo::name).toList();
    }

    private void refused(Reason reason, Runnable what) {
        assertThatThrownBy(what::run)
                .isInstanceOfSatisfying(
                        MailboxRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aNewAccountHasInboxAndTheUsualMailboxes() {
        assertThat(names()).containsExactly("INBOX", "Trash");
        assertThat(room.mail().find("Trash").orElseThrow().role()).contains(Role.TRASH);
        assertThat(room.mail().subscriptions()).containsExactly("INBOX", "Trash");
        refused(Reason.NONEXISTENT, () -> room.mailboxes.open(new tamanoir.server.directory.AccountId(17)));
    }

    /// B30, RFC 9051 §5.1.
    @Test
    void inboxIsInboxInAnyCase() {
        assertThat(room.mail().find("inbox")).isEqualTo(room.mail().find("INBOX"));
        refused(Reason.ALREADYEXISTS, () -> room.mail().create("Inbox", Optional.empty()));
        room.mail().create("iNBoX/below", Optional.empty());
        assertThat(names()).containsExactly("INBOX", "INBOX/below", "Trash");
        assertThat(room.mail().find("InBox/below")).isPresent();
        assertThat(room.mail().find("INBOX/Below")).as("case counts elsewhere").isEmpty();
        room.mail().create("Inboxes", Optional.empty());
        assertThat(names()).contains("Inboxes");
    }

    @Test
    void parentsAreMadeAndTheFinalSeparatorIsOnlyAHint() {
        room.mail().create("a/b/c/", Optional.empty());
        assertThat(names()).containsExactly("INBOX", "Trash", "a", "a/b", "a/b/c");
        assertThat(room.mail().find("a").orElseThrow().hasChildren()).isTrue();
        assertThat(room.mail().find("a/b/c").orElseThrow().hasChildren()).isFalse();
        refused(Reason.ALREADYEXISTS, () -> room.mail().create("a/b", Optional.empty()));
    }

    @Test
    void childrenFollowTheirParentDirectly() {
        for (String name : List.of("a", "a/b", "a-b", "a b")) {
            room.mail().create(name, Optional.empty());
        }
        assertThat(names()).containsExactly("INBOX", "Trash", "a", "a/b", "a b", "a-b");
    }

    /// B29.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc",
                "a//b",
                "..",
                "a/../b",
                "a/.",
                "nul\0",
                "line\r\nbreak",
                "\u0085",
                "a%",
                "b*",
                "#shared",
                "\ud800",
                " ",
                "a/ ",
                "\u202egnp.exe",
                "\ufeff"
            })
    void namesThatPlayTricksAreRefused(String name) {
        refused(Reason.CANNOT, () -> room.mail().create(name, Optional.empty()));
        assertThat(names()).hasSize(2);
    }

    @Test
    void namesAreBoundedInLengthAndDepth() {
        refused(Reason.CANNOT, () -> room.mail().create("x".repeat(256), Optional.empty()));
        refused(Reason.CANNOT, () -> room.mail().create("ä".repeat(128), Optional.empty()));
        refused(Reason.CANNOT, () -> room.mail().create("a/".repeat(24) + "a", Optional.empty()));
        room.mail().create("x".repeat(255), Optional.empty());
        room.mail().create("d/".repeat(20) + "d", Optional.empty());
        refused(Reason.CANNOT, () -> room.mail().rename("d", "1/2/3/4/5/d"));
    }

    @Test
    void oneNameHasOneSpelling() {
        room.mail().create("Ü", Optional.empty());
        refused(Reason.ALREADYEXISTS, () -> room.mail().create("U\u0308", Optional.empty()));
        assertThat(room.mail().find("U\u0308")).isPresent();
        room.mail().create("Отправленные", Optional.empty());
        room.mail().create("Q&A", Optional.empty());
        assertThat(names()).contains("Отправленные", "Q&A");
    }

    @Test
    void mailboxesAreBoundedInNumber() {
        for (int i = 0; i < 198; i++) {
            room.mail().create("box " + i, Optional.empty());
        }
        refused(Reason.LIMIT, () -> room.mail().create("one more", Optional.empty()));
    }

    /// RFC 6154 §3, RFC 8621 §2.
    @Test
    void aSpecialUseBelongsToOneMailbox() {
        room.mail().create("Gesendet", Optional.of(Role.SENT));
        refused(Reason.USEATTR, () -> room.mail().create("Sent", Optional.of(Role.SENT)));
        refused(Reason.USEATTR, () -> room.mail().create("Bin", Optional.of(Role.TRASH)));
        room.mail().delete("Gesendet");
        room.mail().create("Sent", Optional.of(Role.SENT));
    }

    // ---- DELETE ------------------------------------------------------------------------------------------------

    @Test
    void aDeletedMailboxIsGoneAtOnceAndItsMailSoon() {
        MailboxId box = room.mail().create("box", Optional.empty()).id();
        for (int i = 0; i < 3; i++) {
            room.mail().append(box, List.of(room.message("m" + i)));
        }
        room.fill(1);
        long version = room.mail().version();
        MessageId message = room.mail().view(box).message(0);
        room.mail().delete("box");
        assertThat(room.mail().find("box")).isEmpty();
        refused(Reason.NONEXISTENT, () -> room.mail().view(box));
        refused(Reason.NONEXISTENT, () -> room.mail().append(box, List.of(room.message("late"))));
        assertThat(room.mail().quota().messages()).isEqualTo(1);
        assertThat(room.mail().mailboxesOf(message)).isEmpty();
        room.mailboxes.tidy(room.alice.id());
        refused(Reason.EXPUNGEISSUED, () -> room.mail().whole(message));
        assertThat(room.mail().changesSince(version).orElseThrow().changes())
                .contains(new Changes.Change.MailboxGone(version + 1, box))
                .filteredOn(change -> change instanceof Changes.Change.Removed)
                .hasSize(3);
        refused(Reason.NONEXISTENT, () -> room.mail().delete("box"));
        refused(Reason.CANNOT, () -> room.mail().delete("inbox"));
    }

    @Test
    void aNameMadeAgainHasAnotherUidValidity() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            assertThat(seen.add(room.mail().create("box", Optional.empty()).uidValidity()))
                    .isTrue();
            room.mail().delete("box");
        }
        room.clock.advance(java.time.Duration.ofDays(-1000));
        assertThat(seen.add(room.mail().create("box", Optional.empty()).uidValidity()))
                .isTrue();
        room.clock.set(tamanoir.server.testkit.TurnableClock.START);
    }

    /// RFC 9051 §6.3.5.
    @Test
    void aNameWithChildrenStaysAsAPlaceholderUntilTheLastChildGoes() {
        MailboxId parent = room.mail().create("p", Optional.empty()).id();
        room.mail().append(parent, List.of(room.message("m")));
        room.mail().create("p/a", Optional.empty());
        MailboxId b = room.mail().create("p/b", Optional.empty()).id();
        room.mail().delete("p");
        MailboxInfo placeholder = room.mail().find("p").orElseThrow();
        assertThat(placeholder.selectable()).isFalse();
        assertThat(placeholder.messages()).isZero();
        refused(Reason.NONEXISTENT, () -> room.mail().view(placeholder.id()));
        refused(Reason.HASCHILDREN, () -> room.mail().delete("p"));
        assertThat(room.mail().info(b).orElseThrow().name()).isEqualTo("p/b");
        room.mail().delete("p/a");
        assertThat(names()).contains("p", "p/b");
        room.mail().delete("p/b");
        assertThat(names()).containsExactly("INBOX", "Trash");
    }

    @Test
    void aPlaceholderCanBecomeAMailbox() {
        long first = room.mail().create("p", Optional.empty()).uidValidity();
        MailboxId old = room.mail().find("p").orElseThrow().id();
        room.mail().append(old, List.of(room.message("old")));
        room.mail().create("p/a", Optional.empty());
        room.mail().delete("p");
        MailboxInfo again = room.mail().create("p", Optional.empty());
        assertThat(again.selectable()).isTrue();
        assertThat(again.hasChildren()).isTrue();
        assertThat(again.uidValidity()).isGreaterThan(first);
        assertThat(room.mail().view(again.id()).size())
                .as("old mail does not come back")
                .isZero();
        room.mail().append(again.id(), List.of(room.message("new")));
        room.mailboxes.tidy(room.alice.id());
        assertThat(room.mail().view(again.id()).size()).isEqualTo(1);
    }

    // ---- RENAME ------------------------------------------------------------------------------------------------

    @Test
    void childrenMoveWithTheirParentAndKeepWhatTheyAre() {
        MailboxInfo child = room.mail().create("a/b/c", Optional.empty());
        room.mail().append(child.id(), List.of(room.message("m")));
        room.mail().rename("a", "x/y");
        assertThat(names()).containsExactly("INBOX", "Trash", "x", "x/y", "x/y/b", "x/y/b/c");
        MailboxInfo moved = room.mail().find("x/y/b/c").orElseThrow();
        assertThat(moved.id()).isEqualTo(child.id());
        assertThat(moved.uidValidity()).isEqualTo(child.uidValidity());
        assertThat(moved.messages()).isEqualTo(1);
    }

    @Test
    void renamingObeysTheTree() {
        room.mail().create("a/b", Optional.empty());
        room.mail().create("z", Optional.empty());
        refused(Reason.NONEXISTENT, () -> room.mail().rename("nothing", "c"));
        refused(Reason.ALREADYEXISTS, () -> room.mail().rename("a", "z"));
        refused(Reason.ALREADYEXISTS, () -> room.mail().rename("a", "a"));
        refused(Reason.ALREADYEXISTS, () -> room.mail().rename("a", "inbox"));
        refused(Reason.CANNOT, () -> room.mail().rename("a", "a/b/c"));
        refused(Reason.CANNOT, () -> room.mail().rename("a", "../a"));
        room.mail().rename("a/b", "b");
        assertThat(names()).containsExactly("INBOX", "Trash", "a", "b", "z");
    }

    @Test
    void aPlaceholderGoesWhenItsLastChildIsRenamedAway() {
        room.mail().create("p/a", Optional.empty());
        room.mail().delete("p");
        room.mail().rename("p/a", "a");
        assertThat(names()).containsExactly("INBOX", "Trash", "a");
    }

    /// RFC 9051 §6.3.6.
    @Test
    void renamingInboxMovesItsMailAndLeavesItsChildren() {
        room.fill(3);
        room.mail().create("INBOX/child", Optional.empty());
        MailboxId inbox = room.inbox();
        room.mail().rename("inbox", "old/mail");
        assertThat(room.inbox()).isEqualTo(inbox);
        assertThat(room.mail().view(inbox).size()).isZero();
        assertThat(room.mail()
                        .view(room.mail().find("old/mail").orElseThrow().id())
                        .size())
                .isEqualTo(3);
        assertThat(names()).containsExactly("INBOX", "INBOX/child", "Trash", "old", "old/mail");
        room.fill(1);
        assertThat(room.mail().view(inbox).uid(0)).isEqualTo(4);
    }

    // ---- SUBSCRIBE ---------------------------------------------------------------------------------------------

    /// RFC 9051 §6.3.7, §6.3.8.
    @Test
    void aSubscriptionOutlivesItsMailbox() {
        room.mail().create("box", Optional.empty());
        assertThat(room.mail().subscriptions()).doesNotContain("box");
        room.mail().subscribe("box", true);
        room.mail().delete("box");
        assertThat(room.mail().subscriptions()).contains("box");
        room.mail().subscribe("box", true);
        assertThat(room.mail().create("box", Optional.empty()).subscribed()).isTrue();
        room.mail().delete("box");
        room.mail().subscribe("box", false);
        room.mail().subscribe("box", false);
        assertThat(room.mail().subscriptions()).doesNotContain("box");
        refused(Reason.NONEXISTENT, () -> room.mail().subscribe("never there", true));
    }

    @Test
    void subscribingTwiceChangesNothing() {
        room.mail().subscribe("Trash", true);
        long version = room.mail().version();
        room.mail().subscribe("Trash", true);
        assertThat(room.mail().version()).isEqualTo(version);
    }
}
