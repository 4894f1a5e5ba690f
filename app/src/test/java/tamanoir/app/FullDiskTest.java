package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A disk without room: mail is put off in the words that make other servers try again, and taken again by itself.
@Timeout(120)
class FullDiskTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private static boolean run(String... words) throws Exception {
        return new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
    }

    @Test
    void mailIsPutOffAndTakenAgainWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        // The engine's library must not come from the small disk, which could not be unmounted then.
        try (House first = House.of(folder.resolve("first")).start()) {
            assertThat(first.run("domain", "list").exit()).isZero();
        }
        if (!"root".equals(System.getProperty("user.name"))
                || !run("mount", "-t", "tmpfs", "-o", "size=400m", "tamanoir-test", disk.toString())) {
            System.out.println("NOT RUN: FullDiskTest needs root to mount a small file system");
            return;
        }
        try (House house = House.of(folder.resolve("home"), "data_directory = " + disk.resolve("data"))) {
            house.start().people("ann");
            fullAndFreed(house, disk.resolve("filler"), disk);
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static void fullAndFreed(House house, Path filler, Path disk) throws IOException {
        try (Line imap = house.inbox("ann");
                Line smtp = house.smtp()) {
            assertThat(mail(smtp, "before")).startsWith("250 2.0.0");
            imap.imap("NOOP");
            fill(filler, disk, 200 * MIB);
            House.await("it is refused", () -> mail(smtp, "full").equals("452 4.3.1 Insufficient system storage"));
            assertThat(append(imap)).startsWith("NO ");
            // Reading and deleting go on: they are the way out.
            assertThat(imap.message(1)).contains("Subject: before");
            assertThat(imap.imap("STORE 1 +FLAGS (\\Deleted)")).contains(" OK ");
            assertThat(imap.imap("EXPUNGE")).contains("* 1 EXPUNGE");
            try (Line submission = house.submission("ann")) {
                assertThat(submission.mail("ann@example.com", "bob@elsewhere.example", "Subject: x\n\nx\n"))
                        .startsWith("452 4.3.1");
            }
            assertThat(house.runWith("Subject: x\n\nx\n", "sendmail", "ann@example.com")
                            .exit())
                    .isEqualTo(75);

            Files.delete(filler);
            House.await("it is taken again", () -> mail(smtp, "after").startsWith("250 2.0.0"));
            assertThat(append(imap)).startsWith("OK ");
            assertThat(imap.imap("FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
                    .contains("Subject: after", "Subject: appended")
                    .doesNotContain("Subject: full");
        }
        assertThat(house.run("verify", "--bodies").out()).contains(" 0 findings");
    }

    private static String mail(Line smtp, String subject) {
        try {
            return smtp.mail("me@elsewhere.example", "ann@example.com", "Subject: " + subject + "\n\nx\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The tagged answer without its tag.
    private static String append(Line imap) throws IOException {
        String message = "Subject: appended\r\n\r\nx\r\n";
        imap.send("ap APPEND INBOX {" + message.length() + "+}\r\n" + message);
        String all = imap.until("ap ");
        return all.substring(all.lastIndexOf("ap ") + 3);
    }

    private static void fill(Path filler, Path disk, long free) throws IOException {
        try (FileChannel out = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (Files.getFileStore(disk).getUsableSpace() > free) {
                out.write(ByteBuffer.allocate((int) MIB));
            }
        }
    }
}
