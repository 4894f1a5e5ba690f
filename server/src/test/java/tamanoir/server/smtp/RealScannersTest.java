package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real daemons of Debian, each as a process of its own on loopback; `./test daemons` runs it.
class RealScannersTest {
    private static final String TO = "user001@example.com";
    /// What every spam filter must call spam.
    private static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private static final String HEADER = "From: a@example.net\r\nTo: user001@example.com\r\nSubject: test\r\n"
            + "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.net>\r\n\r\n";

    @TempDir
    Path home;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static boolean mayRun(String binary) {
        if (!Boolean.getBoolean("tamanoir.daemons")) {
            System.out.println("NOT RUN: " + binary + " for real (./test daemons); its transcripts are tested.");
            return false;
        }
        if (!Files.isExecutable(Path.of(binary))) {
            System.out.println("NOT RUN: " + binary + " is not installed; its transcripts are tested.");
            return false;
        }
        return true;
    }

    private void start(int port, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("daemon.log").toFile())
                .start();
        started.add(process);
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (Instant.now().isBefore(end) && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(100_000_000);
            }
        }
        throw new AssertionError(command[0] + " did not start: " + Files.readString(home.resolve("daemon.log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private MailOnLoopback server(String... pairs) throws IOException {
        MailOnLoopback up = new MailOnLoopback(home, Map.of(pairs[0], pairs[1]));
        up.account(TO);
        return up;
    }

    private static String send(MailOnLoopback up, String text) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail("a@example.net", HEADER + text + "\r\n", TO);
        }
    }

    @Test
    void clamdFindsWhatItsDatabaseNames() throws IOException {
        if (!mayRun("/usr/sbin/clamd")) {
            return;
        }
        Path database = Files.createDirectory(home.resolve("db"));
        // A signature of our own: name:target:offset:octets of "no real virus at all".
        Files.writeString(
                database.resolve("own.ndb"),
                "Own.Test:0:*:"
                        + java.util.HexFormat.of().formatHex("no real virus at all".getBytes(StandardCharsets.US_ASCII))
                        + "\n");
        int port = freePort();
        Files.writeString(
                home.resolve("clamd.conf"),
                "Foreground yes\nTCPSocket " + port + "\nTCPAddr 127.0.0.1\nDatabaseDirectory " + database
                        + "\nStreamMaxLength 1M\nUser root\n");
        start(port, "/usr/sbin/clamd", "--config-file=" + home.resolve("clamd.conf"));
        try (MailOnLoopback up = server("clamd_endpoint", "inet:127.0.0.1:" + port)) {
            assertThat(send(up, "this is fine")).startsWith("250");
            assertThat(send(up, "here is no real virus at all"))
                    .startsWith("554 5.7.1")
                    .contains("Own.Test");
            // Beyond StreamMaxLength clamd cannot say: the mail waits.
            assertThat(send(up, "a long line of text\r\n".repeat(100_000))).startsWith("451 4.7.1");
        }
    }

    @Test
    void spamdKnowsItsTestMessage() throws IOException {
        if (!mayRun("/usr/sbin/spamd")) {
            return;
        }
        int port = freePort();
        start(port, "/usr/sbin/spamd", "-L", "-x", "-i", "127.0.0.1", "-p", Integer.toString(port), "-m", "1");
        try (MailOnLoopback up = server("spamd_endpoint", "inet:127.0.0.1:" + port)) {
            assertThat(send(up, GTUBE)).startsWith("250");
            assertThat(up.inbox(TO).getFirst()).contains("X-Spam-Flag: YES").contains("GTUBE");
            assertThat(send(up, "hello")).startsWith("250");
            assertThat(up.inbox(TO).get(1)).contains("X-Spam-Status: No").doesNotContain("X-Spam-Flag");
        }
    }

    @Test
    void rspamdKnowsItsTestMessage() throws IOException {
        if (!mayRun("/usr/bin/rspamd")) {
            return;
        }
        int port = freePort();
        Path config = home.resolve("rspamd.conf");
        Files.writeString(
                config,
                "options { pidfile = \"" + home
                        + "/pid\"; dns { nameserver = [\"127.0.0.1\"]; timeout = 1s; retransmits = 1; } }\n"
                        + "logging { type = \"console\"; level = \"error\"; }\n"
                        + "actions { reject = 15; add_header = 6; greylist = 4; }\n"
                        + "worker \"normal\" { bind_socket = \"127.0.0.1:" + port + "\"; count = 1; }\n");
        start(port, "/usr/bin/rspamd", "-f", "-i", "-c", config.toString());
        try (MailOnLoopback up = server("rspamd_url", "http://127.0.0.1:" + port)) {
            assertThat(send(up, "hello")).startsWith("250");
            assertThat(send(up, GTUBE)).startsWith("554 5.7.1");
        }
    }
}
