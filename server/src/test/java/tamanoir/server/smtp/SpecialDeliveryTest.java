package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueuedMessage;

/// Point 35: `"|command"` and `/file/name` in aliases, run for real (aliases(5), local(8)).
class SpecialDeliveryTest {
    private static final String MESSAGE =
            "From: a@example.net\r\nSubject: special\r\n\r\nbody\r\nFrom here on\r\nFro\r\n";

    @TempDir
    Path home;

    private Path out;

    @BeforeEach
    void folders() throws IOException {
        // The user that programs run as has to get in.
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        out = Files.createDirectory(home.resolve("out"));
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private Path script(String name, String text) throws IOException {
        Path script = home.resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    /// A server of root changes to `nobody`; another one is its own user.
    private static String user() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        return root ? "nobody" : System.getProperty("user.name");
    }

    private Map<String, String> mainCf(String alias, String... pairs) throws IOException {
        Path aliases = home.resolve("aliases");
        Files.writeString(aliases, alias);
        Map<String, String> values = new HashMap<>(Map.of(
                "alias_maps", "hash:" + aliases,
                "recipient_delimiter", "+",
                "allow_mail_to_commands", "alias",
                "allow_mail_to_files", "alias",
                "default_privs", user()));
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return values;
    }

    private Outcome delivered(Map<String, String> mainCf) throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, mainCf)) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, "special@example.com"))
                        .startsWith("250");
            }
            Queue.Listed owed = up.queue.list(Optional.empty(), 1).getFirst();
            QueuedMessage message = up.queue.show(owed.id()).orElseThrow();
            return up.reception
                    .localDeliverer()
                    .deliver(message, message.envelope().recipients())
                    .values()
                    .iterator()
                    .next();
        }
    }

    private Reply reply(String script, String... pairs) throws IOException {
        Path program = script("program", script);
        return delivered(mainCf("special: \"|" + program + "\"\n", pairs)).reply();
    }

    @Test
    void aCommandGetsTheMessageUnderTheHeadersOfLocal() throws IOException {
        Path program = script(
                "keep",
                "cat > " + out + "/mail\necho \"$1 $LOCAL $SENDER $RECIPIENT\" > " + out + "/facts\nid -un >> " + out
                        + "/facts\n");
        Outcome outcome = delivered(mainCf("special: \"|" + program + " first\"\n"));
        assertThat(outcome).isInstanceOf(Outcome.Sent.class);
        assertThat(Files.readString(out.resolve("mail")))
                .startsWith("From a@example.net ")
                .contains("\nReturn-Path: <a@example.net>\nX-Original-To: special@example.com\n"
                        + "Delivered-To: special@example.com\n")
                .endsWith("\n\nbody\nFrom here on\nFro\n");
        assertThat(Files.readAllLines(out.resolve("facts")))
                .containsExactly("first special a@example.net special@example.com", user());
    }

    @Test
    void theExitStatusDecidesAndAStatusInTheOutputBeforeIt() throws IOException {
        assertThat(reply("exit 75\n").toString()).startsWith("451 4.3.0 temporary failure");
        assertThat(reply("echo who is it; exit 67\n").toString())
                .startsWith("550 5.1.1 user unknown. Command output: who is it");
        assertThat(reply("exit 3\n").toString()).startsWith("554 5.3.0 Command died with status 3");
        assertThat(reply("echo 4.2.2 the box is full; exit 1\n").toString()).startsWith("451 4.2.2 the box is full");
        assertThat(reply("kill -9 $$\n").code()).isEqualTo(451);
        assertThat(reply("exec sleep 600\n", "command_time_limit", "1s").toString())
                .startsWith("554 5.3.0 Command time limit exceeded");
    }

    @Test
    void noShellIsRunAndNoOtherUserServed() throws IOException {
        assertThat(delivered(mainCf("special: \"|/bin/true; /bin/false\"\n"))
                        .reply()
                        .toString())
                .startsWith("451 4.3.5")
                .contains("needs a shell");
        assertThat(reply("exit 0\n", "default_privs", "root").toString()).startsWith("451 4.3.5");
        assertThat(reply("exit 0\n", "default_privs", "nobody-of-that-name").toString())
                .startsWith("451 4.3.5");
    }

    @Test
    void aFileIsAppendedToInMboxForm() throws IOException {
        Path folder = Files.createDirectory(home.resolve("boxes"));
        Path box = folder.resolve("box");
        Map<String, String> mainCf = mainCf("special: " + box + "\n");
        assertThat(delivered(mainCf)).isInstanceOf(Outcome.Sent.class);
        assertThat(delivered(mainCf)).isInstanceOf(Outcome.Sent.class);
        List<String> lines = Files.readAllLines(box);
        assertThat(lines).filteredOn(line -> line.startsWith("From ")).hasSize(2);
        assertThat(lines).filteredOn(">From here on"::equals).hasSize(2);
        assertThat(lines.getLast()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(box)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLinkASecondNameAndAnOpenFolderAreNoPlacesForMail() throws IOException {
        Path folder = Files.createDirectory(home.resolve("boxes"));
        Path other = Files.writeString(folder.resolve("other"), "kept\n");
        Files.createSymbolicLink(folder.resolve("link"), other);
        assertThat(delivered(mainCf("special: " + folder.resolve("link") + "\n")))
                .isInstanceOf(Outcome.Deferred.class);
        Files.createLink(folder.resolve("second"), other);
        assertThat(delivered(mainCf("special: " + folder.resolve("second") + "\n")))
                .isInstanceOf(Outcome.Deferred.class);
        assertThat(delivered(mainCf("special: " + out.resolve("box") + "\n"))).isInstanceOf(Outcome.Deferred.class);
        assertThat(Files.readString(other)).isEqualTo("kept\n");
        assertThat(out.resolve("box")).doesNotExist();
    }

    /// What an administrator took out of the alias, or forbids now, is not run from the queue.
    @Test
    void theQueueAsksTheAliasAgain() throws IOException {
        Path program = script("touch", "touch " + out + "/ran\n");
        Map<String, String> mainCf = mainCf("special: \"|" + program + "\"\n");
        try (MailOnLoopback up = new MailOnLoopback(home, mainCf)) {
            try (SmtpClient client = up.client("smtp")) {
                client.say("EHLO client.example");
                assertThat(client.mail("a@example.net", MESSAGE, "special@example.com"))
                        .startsWith("250");
            }
            QueuedMessage message = up.queue
                    .show(up.queue.list(Optional.empty(), 1).getFirst().id())
                    .orElseThrow();
            mainCf.put("allow_mail_to_commands", "");
            try (MailOnLoopback forbids = new MailOnLoopback(home, mainCf)) {
                Outcome outcome = forbids.reception
                        .localDeliverer()
                        .deliver(message, message.envelope().recipients())
                        .values()
                        .iterator()
                        .next();
                assertThat(outcome).isInstanceOf(Outcome.Failed.class);
                assertThat(outcome.reply().toString()).startsWith("550 5.7.0");
                assertThat(out.resolve("ran")).doesNotExist();
            }
        }
    }
}
