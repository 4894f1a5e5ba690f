package tamanoir.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.jmap.Ids;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.testkit.TestCertificates;

/// Addresses, headers, files and limits of the web part.
@Timeout(60)
class SiteTest {
    private static final String WITH_FILES = """
            From: a@b.example
            Subject: files
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain

            Hello.
            --x
            Content-Type: image/png
            Content-Disposition: attachment; filename=dot.png

            0123456789
            --x
            Content-Type: text/html
            Content-Disposition: attachment; filename="../evil.html"

            <script>alert(1)</script>
            --x
            Content-Type: text/plain
            Content-Disposition: attachment; filename=dot.png

            second
            --x--
            """;

    @TempDir
    Path folder;

    private WebHouse house;

    @BeforeEach
    void make() throws IOException {
        house = new WebHouse(folder.resolve("home"));
    }

    @AfterEach
    void stop() {
        house.close();
    }

    // ---- headers ---------------------------------------------------------------------------------------------

    @Test
    void theAppRunsOnlyWhatThisServerSends() throws IOException {
        house.start();
        for (String place : new String[] {"/", "/mail/inbox", "/settings/account"}) {
            Asker.Answer page = house.asker().get(place);
            assertThat(page.header("Content-Security-Policy").orElseThrow())
                    .contains(
                            "default-src 'none'",
                            "script-src 'self'",
                            "style-src 'self'",
                            "connect-src 'self'",
                            "frame-ancestors 'none'",
                            "base-uri 'none'",
                            "form-action 'self'",
                            "require-trusted-types-for 'script'",
                            "trusted-types dompurify tamanoir")
                    .doesNotContain("unsafe");
            assertThat(page.header("Cross-Origin-Opener-Policy")).hasValue("same-origin");
            assertThat(page.header("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(page.header("Referrer-Policy")).hasValue("no-referrer");
            assertThat(page.header("Permissions-Policy").orElseThrow()).contains("camera=()");
            assertThat(page.header("Cache-Control")).hasValue("no-store");
            assertThat(page.header("Server")).isEmpty();
        }
    }

    @Test
    void theFramesOfMailBodiesRunNothingAndFetchNothing() throws IOException {
        house.start();
        String strict = house.asker()
                .get("/frame/strict.html")
                .header("Content-Security-Policy")
                .orElseThrow();
        assertThat(strict)
                .contains(
                        "default-src 'none'",
                        "style-src 'unsafe-inline'",
                        "img-src blob: data:",
                        "form-action 'none'",
                        "base-uri 'none'",
                        "frame-ancestors 'self'",
                        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox")
                .doesNotContain("allow-scripts", "http");
        assertThat(house.asker().get("/frame/remote.html").header("Content-Security-Policy"))
                .hasValue(strict + " http://localhost:" + house.port() + "/pictures/fetch");
    }

    // ---- files -----------------------------------------------------------------------------------------------

    @Test
    void nothingButTheWebmailIsServed() throws IOException {
        house.start();
        for (String path : new String[] {
            "/.git/config",
            "/.env",
            "/.well-known/nothing",
            "/assets/.hidden",
            "/assets/../../tamanoir/server/web/Files.class",
            "/assets/%2e%2e/%2e%2e/logback.xml",
            "/assets/..%2f..%2flogback.xml",
            "/assets/..\\..\\logback.xml",
            "/assets//etc/passwd",
            "/main.cf",
            "/index.html.br",
            "/META-INF/MANIFEST.MF"
        }) {
            Asker.Answer answer = house.asker().get(path);
            assertThat(answer.status()).as(path).isIn(400, 404);
            assertThat(answer.body()).as(path).doesNotContain("root:", "mydomain");
        }
        assertThat(house.asker()
                        .ask("PUT", "/index.html", "x", "Content-Type: application/json")
                        .status())
                .isEqualTo(405);
        assertThat(house.asker().ask("TRACE", "/", "").status()).isGreaterThanOrEqualTo(400);
    }

    // ---- attachments -----------------------------------------------------------------------------------------

    private String blob(Asker browser, MessageId message, int attachment) throws IOException {
        String answer = browser.post(
                        "/jmap/api",
                        "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":[[\"Email/get\","
                                + "{\"accountId\":\"" + house.alice.id() + "\",\"ids\":[\"" + id(message)
                                + "\"],\"properties\":[\"attachments\"]},\"0\"]]}")
                .body();
        List<String> blobs = new ArrayList<>();
        java.util.regex.Matcher matcher =
                java.util.regex.Pattern.compile("\"blobId\":\"([^\"]+)\"").matcher(answer);
        while (matcher.find()) {
            blobs.add(matcher.group(1));
        }
        return blobs.get(attachment);
    }

    private static String id(MessageId message) {
        return Ids.of(message);
    }

    private String download(String blob, String name, String query) {
        return "/jmap/download/" + house.alice.id() + "/" + blob + "/" + name + query;
    }

    @Test
    void aRangeOfADownloadIsAnswered() throws IOException {
        house.start();
        Asker browser = house.browser("alice");
        String file = download(
                blob(browser, house.deliver(house.alice, WITH_FILES), 0), "dot.png", "?accept=image/png&inline=1");
        Asker.Answer whole = browser.get(file);
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo("0123456789");
        assertThat(whole.header("Content-Type")).hasValue("image/png");
        assertThat(whole.header("Content-Disposition").orElseThrow()).startsWith("inline; filename=\"dot.png\"");
        assertThat(whole.header("Content-Security-Policy")).hasValue("sandbox; default-src 'none'");
        assertThat(whole.header("Cross-Origin-Resource-Policy")).hasValue("same-origin");
        for (String[] range : new String[][] {
            {"bytes=0-0", "0", "bytes 0-0/10"},
            {"bytes=3-5", "345", "bytes 3-5/10"},
            {"bytes=7-", "789", "bytes 7-9/10"},
            {"bytes=-2", "89", "bytes 8-9/10"},
            {"bytes=5-99", "56789", "bytes 5-9/10"}
        }) {
            Asker.Answer part = browser.get(file, "Range: " + range[0]);
            assertThat(part.status()).as(range[0]).isEqualTo(206);
            assertThat(part.body()).isEqualTo(range[1]);
            assertThat(part.header("Content-Range")).hasValue(range[2]);
        }
        Asker.Answer beyond = browser.get(file, "Range: bytes=10-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).hasValue("bytes */10");
        String tag = whole.header("ETag").orElseThrow();
        assertThat(browser.get(file, "If-None-Match: " + tag).status()).isEqualTo(304);
        assertThat(browser.get(file, "Range: bytes=1-2", "If-Range: \"other\"").status())
                .isEqualTo(200);
        assertThat(browser.ask("HEAD", file, "").header("Content-Length")).hasValue("10");
    }

    @Test
    void whatCouldRunIsOnlySaved() throws IOException {
        house.start();
        Asker browser = house.browser("alice");
        String blob = blob(browser, house.deliver(house.alice, WITH_FILES), 1);
        for (String type :
                new String[] {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/css"}) {
            Asker.Answer answer = browser.get(download(blob, "x.html", "?inline=1&accept=" + type.replace("+", "%2B")));
            assertThat(answer.header("Content-Type")).as(type).hasValue("application/octet-stream");
            assertThat(answer.header("Content-Disposition").orElseThrow()).startsWith("attachment");
        }
        assertThat(browser.get(download(blob, "sw.js", "?accept=text/html"), "Service-Worker: script")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void namesOfFilesMayHoldAnything() throws IOException {
        house.start();
        Asker browser = house.browser("alice");
        String blob = blob(browser, house.deliver(house.alice, WITH_FILES), 0);
        assertThat(browser.get(download(blob, "100%25%2Fa%22b%20%C3%A9.png", ""))
                        .header("Content-Disposition"))
                .hasValue("attachment; filename=\"100%_a_b _.png\"; filename*=UTF-8''100%25_a%22b%20%C3%A9.png");
        assertThat(browser.get(download(blob, "%zz", "")).status()).isEqualTo(400);
    }

    @Test
    void anothersFilesAreNotThere() throws IOException {
        house.start();
        String file = download(blob(house.browser("alice"), house.deliver(house.alice, WITH_FILES), 0), "x", "");
        assertThat(house.browser("bob").get(file).status()).isEqualTo(404);
    }

    @Test
    void allAttachmentsComeInOneFileWithNamesOfTheirOwn() throws IOException {
        house.start();
        Asker browser = house.browser("alice");
        MessageId message = house.deliver(house.alice, WITH_FILES);
        Asker.Answer zip = browser.get("/jmap/zip/" + house.alice.id() + "/" + id(message) + "/files.zip");
        assertThat(zip.status()).isEqualTo(200);
        assertThat(zip.header("Content-Disposition").orElseThrow()).contains("filename=\"files.zip\"");
        List<String> entries = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.octets()))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.add(entry.getName() + "=" + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        }
        assertThat(entries)
                .containsExactly("dot.png=0123456789", ".._evil.html=<script>alert(1)</script>", "dot (2).png=second");
    }

    @Test
    void anUploadOfAnyTypeIsKept() throws IOException {
        house.start();
        Asker browser = house.browser("alice");
        String upload = "/jmap/upload/" + house.alice.id() + "/";
        assertThat(browser.ask("POST", upload, "GIF89a", "Content-Type: image/gif")
                        .status())
                .as("a form of another site can send this")
                .isEqualTo(403);
        Asker.Answer kept =
                browser.ask("POST", upload, "GIF89a", "Content-Type: image/gif", "X-Requested-With: tamanoir");
        assertThat(kept.status()).isEqualTo(201);
        assertThat(kept.body()).contains("\"type\":\"image/gif\"", "\"size\":6");
        String blob = kept.body().replaceAll(".*\"blobId\":\"([^\"]+)\".*", "$1");
        assertThat(browser.get(download(blob, "x.gif", "?accept=image/gif")).body())
                .isEqualTo("GIF89a");
    }

    // ---- names and https -------------------------------------------------------------------------------------

    @Test
    void fromElsewhereOnlyHttpsIsSpoken() throws IOException {
        house.start();
        Asker.Answer moved = house.asker().get("/mail?x=1", "Host: mail.example.com");
        assertThat(moved.status()).isEqualTo(308);
        assertThat(moved.header("Location"))
                .hasValue(
                        "https://mail.example.com:" + house.server().port(true).orElseThrow() + "/mail?x=1");
        assertThat(house.asker()
                        .post("/auth/sign-in", "{}", "Host: mail.example.com")
                        .status())
                .as("no password in the clear")
                .isEqualTo(308);
    }

    @Test
    void anotherNameIsNotServed() throws IOException {
        house.with("webmail_hosts", "webmail.example.com").start();
        assertThat(house.asker().get("/", "Host: evil.example").status()).isEqualTo(421);
        assertThat(house.asker().get("/", "Host: webmail.example.com").status()).isEqualTo(308);
        assertThat(house.asker().get("/", "Host: mail.example.com").status()).isEqualTo(308);
        assertThat(house.asker().get("/").status()).as("this machine").isIn(200, 503);
    }

    @Test
    void aReloadChangesNamesWithoutClosingPorts() throws IOException {
        house.start();
        int port = house.port();
        assertThat(house.asker().get("/", "Host: other.example").status()).isEqualTo(308);
        house.with("webmail_hosts", "webmail.example.com");
        house.server().reload(house.config());
        assertThat(house.port()).isEqualTo(port);
        assertThat(house.asker().get("/", "Host: other.example").status()).isEqualTo(421);
    }

    private HttpResponse<String> overTls(HttpClient.Version version, String path) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(TestCertificates.clientContext())
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:"
                                    + house.server().port(true).orElseThrow() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void httpsSpeaksBothVersionsAndRemembersWhenToldTo() throws Exception {
        house.with("http_strict_transport_security", "365d").start();
        HttpResponse<String> two = overTls(HttpClient.Version.HTTP_2, "/healthz");
        assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(two.body()).isEqualTo("ok\n");
        assertThat(two.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
        HttpResponse<String> one = overTls(HttpClient.Version.HTTP_1_1, "/healthz");
        assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(house.asker().get("/healthz").header("Strict-Transport-Security"))
                .as("RFC 6797 §7.2: not in the clear")
                .isEmpty();
    }

    @Test
    void mailProgramsAreToldWhereMailIs() throws IOException {
        house.with("imaps_port", "993")
                .with("submissions_port", "465")
                .with("webmail_hosts", "webmail.example.com")
                .start();
        for (String path : new String[] {
            "/mail/config-v1.1.xml?emailaddress=ann@example.org", "/.well-known/autoconfig/mail/config-v1.1.xml"
        }) {
            Asker.Answer answer = house.asker().get(path, "Host: autoconfig.example.org");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type").orElseThrow()).startsWith("text/xml");
            assertThat(answer.body())
                    .contains(
                            "<domain>example.org</domain>",
                            "<hostname>mail.example.com</hostname>",
                            "<port>993</port>",
                            "<port>465</port>");
        }
        assertThat(house.asker()
                        .get("/mail/config-v1.1.xml?emailaddress=x@%3Cscript%3E", "Host: localhost")
                        .body())
                .doesNotContain("<script>");
        assertThat(house.asker().get("/.well-known/change-password").header("Location"))
                .hasValue("/settings/account");
    }

    // ---- limits ----------------------------------------------------------------------------------------------

    @Test
    void aHeaderThatComesDropByDropIsCutOff() throws Exception {
        house.with("http_header_time_limit", "2s").start();
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), house.port());
                Socket raw = new Socket(
                        InetAddress.getLoopbackAddress(),
                        house.server().port(true).orElseThrow())) {
            assertThat(dripped(plain)).as("in the clear").isTrue();
            assertThat(dripped(raw)).as("a handshake").isTrue();
        }
        try (SSLSocket tls = TestCertificates.over(
                TestCertificates.clientContext(),
                new Socket(
                        InetAddress.getLoopbackAddress(),
                        house.server().port(true).orElseThrow()),
                Optional.empty())) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            assertThat(dripped(tls)).as("over TLS").isTrue();
        }
    }

    /// Says an octet again and again; true when the server hangs up within ten seconds.
    private static boolean dripped(Socket socket) throws IOException {
        socket.setSoTimeout(200);
        InputStream in = socket.getInputStream();
        byte[] request = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 50; i++) {
            try {
                socket.getOutputStream().write(i < request.length ? request[i] : 'x');
                if (in.read() < 0) {
                    return true;
                }
            } catch (java.net.SocketTimeoutException _) {
                // Still open.
            } catch (IOException _) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aKeptConnectionIsNotMistakenForADawdler() throws Exception {
        house.with("http_header_time_limit", "1s").start();
        try (Asker.Stream first = house.asker().open("GET", "/healthz", "", "Connection: keep-alive")) {
            first.rest();
            first.socket.setSoTimeout(4_000);
            try {
                assertThat(first.in.read()).as("the server hung up").isGreaterThanOrEqualTo(0);
            } catch (java.net.SocketTimeoutException _) {
                // Still open after four seconds of silence: right.
            }
        }
    }

    @Test
    void oneClientHasOnlySoManyConnectionsAndRequests() throws IOException {
        house.with("http_client_limit_exceptions", "")
                .with("http_client_connection_count_limit", "3")
                .with("http_client_request_rate_limit", "5")
                .start();
        List<Asker.Stream> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(house.asker().open("GET", "/healthz", "", "Connection: keep-alive"));
            }
            assertThat(open).allMatch(stream -> stream.status == 200);
            assertThat(refused()).isTrue();
        } finally {
            for (Asker.Stream stream : open) {
                stream.close();
            }
        }
        house.stop();
        house.with("http_client_connection_count_limit", "0").start();
        for (int i = 0; i < 5; i++) {
            assertThat(house.asker().get("/healthz").status()).isEqualTo(200);
        }
        Asker.Answer much = house.asker().get("/healthz");
        assertThat(much.status()).isEqualTo(429);
        assertThat(much.header("Retry-After")).isPresent();
    }

    private boolean refused() {
        try {
            house.asker().get("/healthz");
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws IOException {
        house.start();
        assertThat(house.asker()
                        .post("/auth/sign-in", "{\"name\":\"" + "x".repeat(100_000) + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(house.asker().get("/", "X: " + "x".repeat(20_000)).status()).isEqualTo(431);
    }

    // ---- logs ------------------------------------------------------------------------------------------------

    @Test
    void eachHostHasItsLogsAndNoSecretIsInThem() throws IOException {
        house.with("webmail_hosts", "webmail.example.com")
                .with("http_access_log", "access-{host}.log")
                .with("http_error_log", "error.log")
                .start();
        house.browser("alice").get("/auth/session?token=hidden", "User-Agent: \"me\"\\", "Referer: http://a/?b=hidden");
        house.asker().get("/", "Host: webmail.example.com");
        house.asker().get("/", "Host: evil.example");
        house.stop();
        String other = Files.readString(house.home.resolve("access-other.log"));
        assertThat(other.lines().toList())
                .anyMatch(
                        line -> line.matches(
                                "127\\.0\\.0\\.1 - alice@example\\.com \\[\\d\\d/\\w{3}/\\d{4}:[\\d:]{8} \\+0000\\] "
                                        + "\"GET /auth/session HTTP/1\\.1\" 200 \\d+ \"http://a/\" \"\\\\x22me\\\\x22\\\\x5C\""));
        assertThat(other).doesNotContain("hidden", WebHouse.PASSWORD);
        assertThat(Files.readString(house.home.resolve("access-webmail.example.com.log")))
                .contains("\"GET / HTTP/1.1\" 308 ");
        assertThat(Files.readString(house.home.resolve("error.log")))
                .contains("status=421 reason=\"this server has another name\"");
    }
}
