package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions with scanners behind them that answer as the real ones do.
class ScannerDialogueTest {
    private static final String TO = "user001@example.com";
    private static final String MESSAGE = "From: a@example.net\r\nSubject: hi\r\nX-Spam-Flag: NO\r\n\r\nbody\r\n";

    @TempDir
    Path home;

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account(TO);
        return up;
    }

    /// A daemon that answers every connection with one text when the client has said all, or with silence.
    private static ServerSocket daemon(String answer, AtomicReference<String> heard) throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept();
                        InputStream in = client.getInputStream();
                        OutputStream out = client.getOutputStream()) {
                    StringBuilder all = new StringBuilder();
                    byte[] some = new byte[8192];
                    client.setSoTimeout(150);
                    try {
                        for (int n = in.read(some); n > 0; n = in.read(some)) {
                            all.append(new String(some, 0, n, StandardCharsets.ISO_8859_1));
                        }
                    } catch (java.net.SocketTimeoutException e) {
                        // The client waits for an answer.
                    }
                    heard.set(all.toString());
                    if (!answer.isEmpty()) {
                        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    } else {
                        client.setSoTimeout(0);
                        in.read();
                    }
                } catch (IOException e) {
                    return;
                }
            }
        });
        return socket;
    }

    private static HttpServer rspamd(String answer, Map<String, List<String>> fields, AtomicReference<String> heard)
            throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        http.createContext("/checkv2", exchange -> {
            exchange.getRequestHeaders().forEach(fields::put);
            heard.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] octets = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, octets.length);
            exchange.getResponseBody().write(octets);
            exchange.close();
        });
        http.start();
        return http;
    }

    private static String send(MailOnLoopback up) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail("a@example.net", MESSAGE, TO);
        }
    }

    @Test
    void rspamdIsToldWhoSendsAndItsHeadersAreAdded() throws IOException {
        Map<String, List<String>> fields = new HashMap<>();
        AtomicReference<String> heard = new AtomicReference<>("");
        HttpServer http = rspamd(
                "{\"action\":\"add header\",\"score\":7.0,\"required_score\":15.0,\"symbols\":{\"A\":{\"score\":7.0}},"
                        + "\"milter\":{\"add_headers\":{\"X-Spamd-Bar\":{\"value\":\"+++++++\",\"order\":0}},"
                        + "\"remove_headers\":{\"X-Spam-Flag\":0}}}",
                fields,
                heard);
        try (MailOnLoopback up =
                server("rspamd_url", "http://127.0.0.1:" + http.getAddress().getPort())) {
            assertThat(send(up)).startsWith("250");
            assertThat(fields.get("Ip")).containsExactly("127.0.0.1");
            assertThat(fields.get("Helo")).containsExactly("client.example");
            assertThat(fields.get("From")).containsExactly("<a@example.net>");
            assertThat(fields.get("Rcpt")).containsExactly("<" + TO + ">");
            assertThat(fields).containsKey("Queue-id").doesNotContainKey("User");
            assertThat(heard.get()).contains("Received: from client.example").endsWith(MESSAGE);
            assertThat(up.inbox(TO).getFirst())
                    .contains("\r\nX-Spamd-Bar: +++++++\r\nFrom: a@example.net")
                    .doesNotContain("X-Spam-Flag");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void softRejectAndGreylistAreForNow() throws IOException {
        for (String action : List.of("soft reject", "greylist", "reject")) {
            HttpServer http =
                    rspamd("{\"action\":\"" + action + "\",\"score\":7.0}", new HashMap<>(), new AtomicReference<>());
            try (MailOnLoopback up =
                    server("rspamd_url", "http://127.0.0.1:" + http.getAddress().getPort())) {
                assertThat(send(up)).startsWith(action.equals("reject") ? "554 5.7.1" : "451 4.7.1");
                assertThat(up.inbox(TO)).isEmpty();
            } finally {
                http.stop(0);
            }
        }
    }

    @Test
    void spamdMarksJunk() throws IOException {
        AtomicReference<String> heard = new AtomicReference<>("");
        try (ServerSocket spamd = daemon("SPAMD/1.1 0 EX_OK\r\nSpam: True ; 15.0 / 5.0\r\n\r\nGTUBE\r\n", heard);
                MailOnLoopback up = server("spamd_endpoint", "inet:127.0.0.1:" + spamd.getLocalPort())) {
            assertThat(send(up)).startsWith("250");
            assertThat(heard.get())
                    .startsWith("SYMBOLS SPAMC/1.5\r\nContent-length: ")
                    .endsWith(MESSAGE);
            assertThat(up.inbox(TO).getFirst())
                    .contains("X-Spam-Flag: YES\r\nX-Spam-Score: 15.0\r\nX-Spam-Status: Yes, score=15.0")
                    .doesNotContain("X-Spam-Flag: NO");
        }
    }

    @Test
    void aVirusIsRefusedOrHeld() throws IOException {
        AtomicReference<String> heard = new AtomicReference<>("");
        try (ServerSocket clamd = daemon("stream: Test.Virus FOUND\0", heard)) {
            String endpoint = "inet:127.0.0.1:" + clamd.getLocalPort();
            try (MailOnLoopback up = server("clamd_endpoint", endpoint)) {
                assertThat(send(up)).isEqualTo("554 5.7.1 Error: this message holds a virus: Test.Virus");
                assertThat(heard.get()).startsWith("zINSTREAM\0").endsWith(MESSAGE + "\0\0\0\0");
            }
            try (MailOnLoopback up = server("clamd_endpoint", endpoint, "clamd_virus_action", "quarantine")) {
                assertThat(send(up)).startsWith("250");
                assertThat(up.inbox(TO)).isEmpty();
                assertThat(up.queue.list(Optional.empty(), 10).toString()).contains("virus Test.Virus");
            }
        }
    }

    @Test
    void aScannerThatErrsDefersOrLetsPassAndNeverBounces() throws IOException {
        AtomicReference<String> heard = new AtomicReference<>("");
        try (ServerSocket silent = daemon("", heard);
                ServerSocket wrong = daemon("?\r\n", heard)) {
            for (ServerSocket daemon : List.of(silent, wrong)) {
                String endpoint = "inet:127.0.0.1:" + daemon.getLocalPort();
                try (MailOnLoopback up = server("clamd_endpoint", endpoint, "clamd_timeout", "1s")) {
                    assertThat(send(up)).startsWith("451 4.7.1");
                    assertThat(up.inbox(TO)).isEmpty();
                }
            }
        }
        try (MailOnLoopback up = server(
                "clamd_endpoint", "inet:127.0.0.1:1",
                "clamd_default_action", "accept",
                "spamd_endpoint", "unix:nowhere.sock",
                "rspamd_url", "http://127.0.0.1:1")) {
            assertThat(send(up)).startsWith("250");
            assertThat(up.inbox(TO)).hasSize(1);
        }
    }

    @Test
    void whoIsSignedInAndWhatIsLargeIsScannedOnlyWhereMainCfSaysSo() throws IOException {
        try (MailOnLoopback up = server(
                "clamd_endpoint",
                "inet:127.0.0.1:1",
                "clamd_size_limit",
                "100",
                "spamd_endpoint",
                "inet:127.0.0.1:1",
                "spamd_default_action",
                "defer")) {
            assertThat(send(up)).startsWith("451");
            try (SmtpClient client = up.client("submission")) {
                client.say("EHLO client.example");
                client.startTls();
                client.say("EHLO client.example");
                client.plain(TO, "secret");
                assertThat(client.mail(TO, MESSAGE, TO)).startsWith("250");
            }
        }
    }
}
