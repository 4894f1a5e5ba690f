package tamanoir.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters;
import tamanoir.server.config.NetParameters;

/// The run from which the build makes the start-up cache: a server starts in a folder that is thrown away, takes and
/// shows some mail, and ends in an orderly way, so that the JVM knows which classes a start needs.
public final class Training {
    private static final int MESSAGES = 50;

    private Training() {}

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        Files.writeString(
                home.resolve("main.cf"),
                Demo.MAIN_CF.replaceAll("(?m)^port_offset.*$", "port_offset = " + freeOffset()));
        Config config = Config.load(home, Map.of("log_level", "warn")).config();
        try (Tamanoir tamanoir = Tamanoir.start(home, Map.of("log_level", "warn"), config)) {
            Demo.fill(tamanoir.office(), Instant.now());
            talk(config.port(NetParameters.SMTPD_PORT).orElseThrow(), smtp());
            talk(
                    config.port(ImapParameters.IMAP_PORT).orElseThrow(),
                    List.of(
                            "a LOGIN alice " + Demo.PASSWORD,
                            "b SELECT INBOX",
                            "c FETCH 1:* (FLAGS UID ENVELOPE BODYSTRUCTURE)",
                            "d FETCH 1 BODY.PEEK[]",
                            "e SEARCH TEXT anteater",
                            "f LIST \"\" *",
                            "g LOGOUT"));
            read(tamanoir.port("http").orElse(0));
            tamanoir.status();
            tamanoir.reload();
        }
    }

    /// Signs in and reads the list as the webmail does.
    private static void read(int port) throws IOException, InterruptedException {
        String base = "http://localhost:" + port;
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(URI.create(base + "/")).build(), HttpResponse.BodyHandlers.discarding());
            String cookie = client.send(
                            post(base + "/auth/sign-in", "{\"name\":\"alice\",\"password\":\"" + Demo.PASSWORD + "\"}")
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElse("")
                    .split(";", 2)[0];
            client.send(
                    post(
                                    base + "/jmap/api",
                                    "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[[\"Core/echo\",{},\"0\"]]}")
                            .header("Cookie", cookie)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private static HttpRequest.Builder post(String address, String json) {
        return HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    private static int freeOffset() {
        return 20_000 + (int) (ProcessHandle.current().pid() % 20_000);
    }

    private static List<String> smtp() {
        return Stream.concat(
                        Stream.of("EHLO training.example.com"),
                        Stream.concat(
                                Stream.generate(() -> List.of(
                                                "MAIL FROM:<training@training.example.com>",
                                                "RCPT TO:<alice@example.com>",
                                                "DATA",
                                                "Subject: training\r\nFrom: t@training.example.com\r\n\r\nHello.\r\n."))
                                        .limit(MESSAGES)
                                        .flatMap(List::stream),
                                Stream.of("QUIT")))
                .toList();
    }

    /// Says each line after something was answered to the one before; what is answered does not matter here.
    private static void talk(int port, List<String> lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            for (String line : lines) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
                in.readLine();
            }
            while (in.readLine() != null) {
                // until the server has said all
            }
        }
    }
}
