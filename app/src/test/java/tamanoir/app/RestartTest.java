package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What was there before a restart is there after it.
@Timeout(120)
class RestartTest {
    @TempDir
    Path folder;

    private static String last(String reply) {
        return reply.substring(reply.lastIndexOf(' ') + 1);
    }

    @Test
    void mailboxesPeopleAndQueueAreThereAgain() throws IOException {
        int port = House.freePort();
        try (House house = House.of(folder.resolve("home"), "relayhost = [127.0.0.1]:" + port)) {
            house.start().people("ann");
            house.run("alias", "add", "info@example.com", "ann@example.com");
            String waiting;
            String held;
            try (Line smtp = house.smtp()) {
                for (int i = 1; i <= 3; i++) {
                    smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: number " + i + "\n\nx\n");
                }
                // Longer than what a row holds.
                smtp.mail("me@elsewhere.example", "info@example.com", "Subject: long\n\n" + "a line\n".repeat(50_000));
                waiting = last(smtp.mail("ann@example.com", "one@elsewhere.example", "Subject: waits\n\nx\n"));
                held = last(smtp.mail("ann@example.com", "two@elsewhere.example", "Subject: held\n\nx\n"));
            }
            house.run("queue", "hold", held, "--reason", "asking");
            House.await(
                    "it was tried",
                    () -> house.run("queue", "show", waiting, "--json").out().contains("lastReply"));
            String before;
            try (Line imap = house.inbox("ann")) {
                imap.imap("CREATE Kept");
                imap.imap("SUBSCRIBE Kept");
                imap.imap("STORE 2 +FLAGS (\\Flagged $Label)");
                imap.imap("COPY 2 Kept");
                imap.imap("STORE 1 +FLAGS (\\Deleted)");
                imap.imap("EXPUNGE");
                before = look(imap);
            }
            String queue = house.run("queue", "list").out();
            house.stop();

            house.start();
            try (Line imap = house.inbox("ann")) {
                assertThat(look(imap)).isEqualTo(before).contains("$Label", "UIDNEXT 5");
                assertThat(imap.message(3)).contains("Subject: long", "a line\na line\n");
            }
            assertThat(house.run("queue", "list").out())
                    .isEqualTo(queue)
                    .contains("on hold: asking", "to <one@elsewhere.example>", "Connection refused");
            assertThat(house.run("alias", "list").out()).contains("info@example.com -> ann@example.com");
            assertThat(house.run("verify", "--bodies").out()).contains(" 0 findings");
        }
    }

    @Test
    void aBackupOfARunningServerIsAServerToo() throws IOException {
        Path copy = folder.resolve("copy");
        try (House house = House.of(folder.resolve("home")).start().people("ann");
                Line smtp = house.smtp()) {
            smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: before\n\nx\n");
            smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: long\n\n" + "a line\n".repeat(50_000));
            House.Outcome backup = house.run("backup", copy + "/");
            assertThat(backup.exit()).as(backup.err()).isZero();
            assertThat(backup.out()).startsWith("Backed up into " + copy + ": all rows, and 1 large bodies");
            assertThat(house.run("backup", copy.toString()).exit()).isEqualTo(75);
            smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: after\n\nx\n");
        }
        try (House restored = House.of(folder.resolve("restored"))) {
            Files.move(copy, restored.home.resolve("data"));
            restored.start();
            try (Line imap = restored.inbox("ann")) {
                assertThat(imap.imap("STATUS INBOX (MESSAGES)")).contains("MESSAGES 2)");
                assertThat(imap.message(2)).contains("Subject: long", "a line\na line\n");
            }
            assertThat(restored.run("verify", "--bodies").out()).contains(" 0 findings");
        }
    }

    /// Everything that must not change.
    private static String look(Line imap) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String command : new String[] {
            "LIST \"\" *",
            "LSUB \"\" *",
            "STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)",
            "STATUS Kept (MESSAGES UIDNEXT UIDVALIDITY)",
            "UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE)"
        }) {
            all.append(imap.imap(command).replaceAll("(?m)^t\\d+ .*$", "").replace(" \\Recent", ""));
        }
        return all.toString().replace("(\\Recent)", "()");
    }
}
