package tamanoir.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What changes reaches those who listen, and nobody else (RFC 8620 §7, RFC 8887).
@Timeout(60)
class PushTest {
    private static final String MAIL = "From: a@b.example\nSubject: news\n\nHello.\n";

    @TempDir
    Path folder;

    private WebHouse house;

    @BeforeEach
    void start() throws IOException {
        house = new WebHouse(folder.resolve("home")).start();
    }

    @AfterEach
    void stop() {
        house.close();
    }

    // ---- EventSource -----------------------------------------------------------------------------------------

    @Test
    void aDeliveryReachesTheStreamOfItsAccount() throws IOException {
        try (Asker.Stream stream = house.browser("alice")
                .open("GET", "/jmap/events?types=*&closeafter=no&ping=0", "", "Connection: keep-alive")) {
            assertThat(stream.status).isEqualTo(200);
            assertThat(stream.headers).contains("Content-Type: text/event-stream");
            stream.line(); // The size of the first chunk: the stream is open.
            house.deliver(house.bob, MAIL);
            house.deliver(house.alice, MAIL);
            assertThat(stream.event()).isEqualTo("event: state");
            assertThat(stream.event()).startsWith("id: ");
            assertThat(stream.event())
                    .startsWith("data: {\"@type\":\"StateChange\",\"changed\":{\"" + house.alice.id() + "\":{")
                    .contains("\"Email\":", "\"Mailbox\":")
                    .doesNotContain(house.bob.id().toString());
        }
    }

    @Test
    void onlyTheTypesAskedForAreTold() throws IOException {
        try (Asker.Stream stream =
                house.browser("alice").open("GET", "/jmap/events?types=Mailbox&closeafter=state&ping=0", "")) {
            stream.line();
            house.deliver(house.alice, MAIL);
            assertThat(stream.rest().body())
                    .as("the stream ends after one state")
                    .contains("\"Mailbox\":")
                    .doesNotContain("\"Email\":");
        }
    }

    @Test
    void whoeverComesBackHearsWhatWasMissed() throws IOException {
        Asker browser = house.browser("alice");
        String id;
        try (Asker.Stream stream = browser.open("GET", "/jmap/events?types=*&closeafter=no&ping=0", "")) {
            stream.line();
            house.deliver(house.alice, MAIL);
            stream.event();
            id = stream.event().substring(4);
        }
        house.deliver(house.alice, MAIL);
        try (Asker.Stream stream =
                browser.open("GET", "/jmap/events?types=*&closeafter=state&ping=0", "", "Last-Event-ID: " + id)) {
            assertThat(stream.rest().body()).contains("\"Email\":");
        }
    }

    @Test
    void aRevokedSessionHearsNothingMore() throws IOException {
        Asker browser = house.browser("alice");
        try (Asker.Stream stream = browser.open("GET", "/jmap/events?types=*&closeafter=no&ping=0", "")) {
            stream.line();
            assertThat(browser.post("/auth/sign-out", "").status()).isEqualTo(204);
            house.deliver(house.alice, MAIL);
            assertThat(stream.rest().body()).doesNotContain("StateChange");
        }
    }

    @Test
    void pingsComeAsOftenAsTheyWereAskedFor() throws IOException {
        try (Asker.Stream stream =
                house.browser("alice").open("GET", "/jmap/events?types=*&closeafter=no&ping=5", "")) {
            assertThat(stream.event()).isEqualTo("event: ping");
            assertThat(stream.event()).isEqualTo("data: {\"interval\":5}");
        }
    }

    @Test
    void theEndOfTheServerWaitsForNoStream() throws IOException {
        try (Asker.Stream stream = house.browser("alice").open("GET", "/jmap/events?types=*&ping=0", "")) {
            stream.line();
            long begun = System.nanoTime();
            house.server().drain(Duration.ofSeconds(20));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    // ---- WebSocket -------------------------------------------------------------------------------------------

    /// The other side of a WebSocket: what came, in order; `closed <code>` at the end.
    private static final class Ear implements WebSocket.Listener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("failed " + error);
        }

        String next() {
            try {
                String next = heard.poll(20, TimeUnit.SECONDS);
                return next == null ? "nothing" : next;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private WebSocket socket(Ear ear, String protocol, String... headers) {
        HttpClient client = HttpClient.newHttpClient();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        if (!protocol.isEmpty()) {
            builder.subprotocols(protocol);
        }
        return builder.buildAsync(URI.create("ws://localhost:" + house.port() + "/jmap/ws"), ear)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /// One after the other: the next may begin only when this one has gone.
    private static void send(WebSocket socket, String message) {
        socket.sendText(message, true).join();
    }

    private static String basic() {
        return "Basic "
                + Base64.getEncoder().encodeToString(("alice:" + WebHouse.PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void requestsAreAnsweredWithTheirName() {
        Ear ear = new Ear();
        WebSocket socket = socket(ear, "jmap", "Authorization", basic());
        assertThat(socket.getSubprotocol()).isEqualTo("jmap");
        send(
                socket,
                "{\"@type\":\"Request\",\"id\":\"R1\",\"using\":[\"urn:ietf:params:jmap:core\"],"
                        + "\"methodCalls\":[[\"Core/echo\",{\"hello\":true},\"0\"]]}");
        assertThat(ear.next())
                .contains("\"@type\":\"Response\"", "\"requestId\":\"R1\"", "[\"Core/echo\",{\"hello\":true},\"0\"]");
        send(socket, "{\"@type\":\"Request\",\"id\":\"R2\",\"using\":1}");
        assertThat(ear.next())
                .contains(
                        "\"@type\":\"RequestError\"",
                        "\"requestId\":\"R2\"",
                        "\"type\":\"urn:ietf:params:jmap:error:notRequest\"");
        send(socket, "not JSON");
        assertThat(ear.next()).contains("\"type\":\"urn:ietf:params:jmap:error:notJSON\"");
        send(socket, "{\"@type\":\"Riddle\"}");
        assertThat(ear.next()).contains("urn:ietf:params:jmap:error:notRequest");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
        assertThat(ear.next()).isEqualTo("closed 1000");
    }

    @Test
    void pushIsSwitchedOnAndOff() {
        Ear ear = new Ear();
        WebSocket socket = socket(ear, "jmap", "Authorization", basic());
        send(socket, "{\"@type\":\"WebSocketPushEnable\",\"dataTypes\":[\"Email\"],\"pushState\":null}");
        echo(socket, ear); // Answered in order, so push is on.
        house.deliver(house.alice, MAIL);
        String change = ear.next();
        assertThat(change).contains("\"@type\":\"StateChange\"", "\"Email\":").doesNotContain("\"Mailbox\":");
        String state = change.replaceAll(".*\"pushState\":\"([^\"]+)\".*", "$1");
        send(socket, "{\"@type\":\"WebSocketPushDisable\"}");
        echo(socket, ear);
        house.deliver(house.alice, MAIL);
        echo(socket, ear);
        send(socket, "{\"@type\":\"WebSocketPushEnable\",\"dataTypes\":null,\"pushState\":\"" + state + "\"}");
        assertThat(ear.next())
                .as("what was missed")
                .contains("\"@type\":\"StateChange\"", "\"Email\":", "\"Mailbox\":");
        socket.abort();
    }

    private static void echo(WebSocket socket, Ear ear) {
        send(
                socket,
                "{\"@type\":\"Request\",\"using\":[\"urn:ietf:params:jmap:core\"],"
                        + "\"methodCalls\":[[\"Core/echo\",{},\"0\"]]}");
        assertThat(ear.next()).contains("\"@type\":\"Response\"");
    }

    @Test
    void aSocketClosesWhenItsSessionEnds() throws IOException {
        String cookie = house.signIn("alice", WebHouse.PASSWORD).cookie();
        Ear ear = new Ear();
        WebSocket socket = socket(ear, "jmap", "Cookie", cookie, "Origin", "http://localhost:" + house.port());
        echo(socket, ear);
        assertThat(house.asker().post("/auth/sign-out", "", "Cookie: " + cookie).status())
                .isEqualTo(204);
        assertThat(ear.next()).isEqualTo("closed 1008");
    }

    @Test
    void aPageOfAnotherSiteOpensNoSocket() throws IOException {
        String cookie = house.signIn("alice", WebHouse.PASSWORD).cookie();
        assertThat(refusal("jmap", "Cookie", cookie, "Origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(refusal("", "Authorization", basic())).as("RFC 8887 §4.1").isNotEqualTo(101);
        assertThat(refusal("jmap")).isEqualTo(401);
    }

    private int refusal(String protocol, String... headers) {
        try {
            socket(new Ear(), protocol, headers).abort();
            return 101;
        } catch (CompletionException e) {
            return e.getCause() instanceof WebSocketHandshakeException refused
                    ? refused.getResponse().statusCode()
                    : -1;
        }
    }

    @Test
    void aMessageThatIsTooLongIsCutOff() throws IOException {
        house.stop();
        house.with("jmap_request_size_limit", "10000").start();
        Ear ear = new Ear();
        WebSocket socket = socket(ear, "jmap", "Authorization", basic());
        send(socket, "{\"@type\":\"Request\",\"id\":\"" + "x".repeat(20_000) + "\"}");
        assertThat(ear.next()).isEqualTo("closed 1009");
    }
}
