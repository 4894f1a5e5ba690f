package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail.FlagOperation;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Body;

/// The session, the limits, blobs and pushes of [Jmap].
class JmapTest {
    private static final JmapSettings SMALL =
            new JmapSettings(200_000, 1, 2_000, 1, 3, 2, 2, Duration.ofHours(2), 300_000);

    private static JmapSettings small() {
        return SMALL;
    }

    @Test
    void theSessionSaysWhatThereIsAndWhere() {
        try (JmapServer server = new JmapServer()) {
            Json.Obj session = server.jmap.session(server.caller(), "https://mail.example.com");
            String account = Ids.of(server.alice.id());
            assertThat(at(session, "/username")).isEqualTo(Json.of("alice@example.com"));
            assertThat(at(session, "/accounts/" + account + "/isPersonal")).isEqualTo(Json.of(true));
            assertThat(at(session, "/primaryAccounts/urn:ietf:params:jmap:mail"))
                    .isEqualTo(Json.of(account));
            assertThat(at(session, "/capabilities/urn:ietf:params:jmap:core/maxObjectsInGet"))
                    .isEqualTo(Json.of(1_000));
            assertThat(at(session, "/accounts/" + account + "/accountCapabilities/urn:ietf:params:jmap:mail"))
                    .isInstanceOf(Json.Obj.class);
            assertThat(at(session, "/apiUrl")).isEqualTo(Json.of("https://mail.example.com/jmap/api"));
            Json.Obj answer = server.answer("{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[]}");
            // RFC 8620 §3.4: the client sees that its session object is still right.
            assertThat(at(answer, "/sessionState")).isEqualTo(at(session, "/state"));
        }
    }

    private static Json at(Json value, String pointer) {
        return tamanoir.mail.jmap.Pointer.parse(pointer).in(value).orElseThrow();
    }

    // ---- limits ------------------------------------------------------------------------------------------------

    @Test
    void everyLimitIsKeptAndNamed() {
        try (JmapServer server = new JmapServer(small())) {
            String echo = "[\"Core/echo\",{},\"0\"]";
            String head = "{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[";
            assertLimit(
                    "maxCallsInRequest",
                    () -> server.answer(head + String.join(",", List.of(echo, echo, echo, echo)) + "]}"));
            assertLimit("maxSizeRequest", () -> server.answer(head + "]}" + " ".repeat(2_000)));
            assertThat(server.call("Mailbox/get", "{\"ids\":[\"m1\",\"m2\",\"m3\"]}")
                            .get("type"))
                    .contains(Json.of("requestTooLarge"));
            assertThat(server.call("Mailbox/get", "{\"ids\":[\"m1\",\"m1\",\"m1\"]}")
                            .has("list"))
                    .as("an id that stands there three times is one")
                    .isTrue();
            assertThat(server.call("Email/set", "{\"destroy\":[\"e1\",\"e2\",\"e3\"]}")
                            .get("type"))
                    .contains(Json.of("requestTooLarge"));
            assertThat(server.call("Email/import", "{\"emails\":{\"a\":{},\"b\":{},\"c\":{}}}")
                            .get("type"))
                    .contains(Json.of("requestTooLarge"));
        }
    }

    @Test
    void anAccountHasOnlySoManyRequestsAtOnce() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (JmapServer server = new JmapServer(small())) {
            Jmap slow = new Jmap(small(), server.blobs, List.of(new OneMethod((_, _) -> {
                inside.countDown();
                try {
                    assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return Json.Obj.EMPTY;
            })));
            Json request = server.json("{\"using\":[\"urn:test\"],\"methodCalls\":[[\"Test/call\",{},\"0\"]]}");
            Thread first = Thread.ofVirtual().start(() -> slow.answer(server.caller(), request));
            assertThat(inside.await(1, TimeUnit.MINUTES)).isTrue();
            assertLimit("maxConcurrentRequests", () -> slow.answer(server.caller(), request));
            goOn.countDown();
            first.join();
            assertThat(slow.answer(server.caller(), request).has("methodResponses"))
                    .isTrue();
        }
    }

    private static void assertLimit(String name, Runnable step) {
        assertThatThrownBy(step::run).isInstanceOfSatisfying(RequestError.class, e -> {
            assertThat(e.asJson().get("type")).contains(Json.of("urn:ietf:params:jmap:error:limit"));
            assertThat(e.asJson().get("limit")).contains(Json.of(name));
        });
    }

    /// A capability with one method.
    private record OneMethod(Method method) implements Capability {
        @Override
        public String uri() {
            return "urn:test";
        }

        @Override
        public Json.Obj ofServer() {
            return Json.Obj.EMPTY;
        }

        @Override
        public Json.Obj ofAccount(Account account) {
            return Json.Obj.EMPTY;
        }

        @Override
        public Map<String, Method> methods() {
            return Map.of("Test/call", method);
        }

        @Override
        public Map<String, String> states(Account account) {
            return Map.of();
        }
    }

    @Test
    void aBugInOneMethodIsAnErrorOfThisCallAlone() {
        try (JmapServer server = new JmapServer()) {
            Jmap buggy = new Jmap(JmapSettings.defaults(), server.blobs, List.of(new OneMethod((_, arguments) -> {
                if (arguments.has("fail")) {
                    throw new IllegalStateException("a bug that this test makes");
                }
                return arguments;
            })));
            Json.Obj answer = buggy.answer(
                    server.caller(),
                    server.json("{\"using\":[\"urn:test\"],\"methodCalls\":[[\"Test/call\",{\"fail\":1},\"0\"],"
                            + "[\"Test/call\",{\"a\":1},\"1\"]]}"));
            assertThat(at(answer, "/methodResponses/0/1/type")).isEqualTo(Json.of("serverFail"));
            assertThat(at(answer, "/methodResponses/1/1/a")).isEqualTo(Json.of(1));
        }
    }

    @Test
    void aCallMadeByAnotherOneAnswersBehindItUnderTheSameCallId() {
        try (JmapServer server = new JmapServer()) {
            Jmap jmap = new Jmap(JmapSettings.defaults(), server.blobs, List.of(new OneMethod((call, arguments) -> {
                call.createdIds().put("made", "e1");
                call.then("Core/echo", Json.object().put("implied", true).build());
                return arguments;
            })));
            // RFC 8620 §5.4: the implied method needs no capability in using.
            Json.Obj answer = jmap.answer(
                    server.caller(),
                    server.json(
                            "{\"using\":[\"urn:test\"],\"createdIds\":{},\"methodCalls\":[[\"Test/call\",{},\"x\"]]}"));
            assertThat(server.write(at(answer, "/methodResponses")))
                    .isEqualTo("[[\"Test/call\",{},\"x\"],[\"Core/echo\",{\"implied\":true},\"x\"]]");
            assertThat(at(answer, "/createdIds/made")).isEqualTo(Json.of("e1"));
        }
    }

    @Test
    void referencesThatDoubleWithEachCallComeToAnEnd() {
        try (JmapServer server = new JmapServer()) {
            StringBuilder calls = new StringBuilder("[\"Core/echo\",{\"a\":[1,2,3,4,5,6,7,8,9,10]},\"0\"]");
            for (int i = 1; i < 30; i++) {
                calls.append(",[\"Core/echo\",{");
                for (int j = 0; j < 10; j++) {
                    calls.append(j == 0 ? "" : ",")
                            .append("\"#a" + j + "\":{\"resultOf\":\"" + (i - 1)
                                    + "\",\"name\":\"Core/echo\",\"path\":\"\"}");
                }
                calls.append("},\"" + i + "\"]");
            }
            Json.Obj answer =
                    server.answer("{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[" + calls + "]}");
            assertThat(server.write(answer)).contains("requestTooLarge").hasSizeLessThan(30_000_000);
        }
    }

    @Test
    void answersThatWouldFillTheHeapAreRefused() {
        try (JmapServer server = new JmapServer()) {
            String body = "some text to read ".repeat(60_000);
            StringBuilder ids = new StringBuilder();
            for (int i = 0; i < 70; i++) {
                ids.append(i == 0 ? "\"" : ",\"")
                        .append(Ids.of(server.append("INBOX", "Subject: " + i + "\n\n" + body)))
                        .append('"');
            }
            String get = "{\"ids\":[" + ids + "],\"properties\":[\"bodyValues\"],\"fetchAllBodyValues\":true";
            assertThat(server.call("Email/get", get + "}").get("type")).contains(Json.of("requestTooLarge"));
            assertThat(server.call("Email/get", get + ",\"maxBodyValueBytes\":100}")
                            .has("list"))
                    .isTrue();
        }
    }

    // ---- blobs -------------------------------------------------------------------------------------------------

    @Test
    void anUploadIsKeptForAWhileAndForItsOwnerAlone() throws IOException {
        try (JmapServer server = new JmapServer(small())) {
            String account = Ids.of(server.alice.id());
            String little = upload(server, "text/plain; charset=utf-8", "hello".getBytes(StandardCharsets.UTF_8));
            byte[] large = new byte[Body.SMALL + 1_000];
            large[70] = 5;
            String blob = upload(server, "Image/PNG", large);
            assertThat(server.jmap.download(server.caller(), account, little).orElseThrow())
                    .satisfies(download -> assertThat(download.type()).isEqualTo("text/plain; charset=utf-8"))
                    .satisfies(download -> assertThat(read(download)).asString().isEqualTo("hello"));
            assertThat(server.jmap.download(server.caller(), account, blob).orElseThrow())
                    .satisfies(download -> assertThat(download.type()).isEqualTo("image/png"))
                    .satisfies(download -> assertThat(download.size()).isEqualTo(large.length))
                    .satisfies(download -> assertThat(read(download)).isEqualTo(large));
            assertThat(server.jmap.download(server.caller(server.bob), Ids.of(server.bob.id()), little))
                    .isEmpty();
            assertThat(server.jmap.download(server.caller(server.bob), account, little))
                    .isEmpty();
            assertThat(server.jmap.download(server.caller(), account, "u-1")).isEmpty();
            assertThat(server.jmap.download(server.caller(), account, little + "-0"))
                    .isPresent();
            server.clock.advance(Duration.ofHours(2));
            assertThat(server.jmap.download(server.caller(), account, little)).isEmpty();
            server.uploads.sweepQuietly(new Trace("jmap", "test"));
            assertThat(server.jmap.download(server.caller(), account, blob)).isEmpty();
        }
    }

    @Test
    void uploadsHaveTheirLimits() throws IOException {
        try (JmapServer server = new JmapServer(small())) {
            assertLimit("maxSizeUpload", () -> tryUpload(server, new byte[200_001]));
            upload(server, "", new byte[150_000]);
            upload(server, "nonsense\r\nX: y", new byte[150_000]);
            assertLimit("uploadQuota", () -> tryUpload(server, new byte[1]));
            server.clock.advance(Duration.ofHours(3));
            upload(server, "a/b", new byte[1]);
            assertThatThrownBy(() ->
                            server.jmap.upload(server.caller(), "other", "a/b", new ByteArrayInputStream(new byte[1])))
                    .isInstanceOf(RequestError.class);
        }
    }

    @Test
    void whatWasUploadedGoesOnInTheEmailWhenItsTimeIsOver() throws IOException {
        try (JmapServer server = new JmapServer()) {
            byte[] large = new byte[100_000];
            java.util.Arrays.fill(large, (byte) 'x');
            String blob = upload(server, "application/pdf", large);
            String raw = upload(
                    server,
                    "message/rfc822",
                    ("Subject: big\r\n\r\n" + "y".repeat(90_000)).getBytes(StandardCharsets.UTF_8));
            String inbox = Ids.of(server.mailbox("INBOX"));
            Json.Obj made = server.call(
                    "Email/set",
                    "{\"create\":{\"a\":{\"mailboxIds\":{\"" + inbox + "\":true},\"attachments\":[{\"blobId\":\"" + blob
                            + "\",\"type\":\"application/pdf\",\"name\":\"a.pdf\"}]}}}");
            Json.Obj imported = server.call(
                    "Email/import",
                    "{\"emails\":{\"b\":{\"mailboxIds\":{\"" + inbox + "\":true},\"blobId\":\"" + raw + "\"}}}");
            server.clock.advance(Duration.ofDays(3));
            server.uploads.sweepQuietly(new Trace("jmap", "test"));
            String a = ((Json.Text) at(made, "/created/a/id")).value();
            String b = ((Json.Text) at(imported, "/created/b/id")).value();
            Json.Obj got = server.call(
                    "Email/get",
                    "{\"ids\":[\"" + a + "\",\"" + b + "\"],\"properties\":[\"attachments\",\"subject\",\"size\"]}");
            assertThat(at(got, "/list/0/attachments/0/size")).isEqualTo(Json.of(100_000));
            assertThat(at(got, "/list/1/subject")).isEqualTo(Json.of("big"));
            String part = ((Json.Text) at(got, "/list/0/attachments/0/blobId")).value();
            Jmap.Download download = server.jmap
                    .download(server.caller(), Ids.of(server.alice.id()), part)
                    .orElseThrow();
            assertThat(download.name()).contains("a.pdf");
            assertThat(read(download)).isEqualTo(large);
            // An upload that is too old cannot be used any more.
            assertThat(at(
                            server.call(
                                    "Email/import",
                                    "{\"emails\":{\"b\":{\"mailboxIds\":{\"" + inbox + "\":true},\"blobId\":\"" + raw
                                            + "\"}}}"),
                            "/notCreated/b/type"))
                    .isEqualTo(Json.of("blobNotFound"));
        }
    }

    @Test
    void partsAreDecodedAsTheyAreRead() throws IOException {
        byte[] octets = new byte[200_000];
        new java.util.Random(7).nextBytes(octets);
        String base64 = java.util.Base64.getMimeEncoder().encodeToString(octets);
        try (JmapServer server = new JmapServer()) {
            server.prefix = Octets.of("Return-Path: <ann@example.org>\r\n");
            MessageId id = server.append(
                    "INBOX",
                    "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
                            + "Content-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9 \n--b\n"
                            + "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
                            + base64 + "\n--b\nContent-Type: message/rfc822\n\nSubject: in\n"
                            + "Content-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n");
            String blob = AccountBlobs.ofMessage(id);
            assertThat(part(server, blob + "-1")).asString().isEqualTo("café");
            assertThat(part(server, blob + "-2")).isEqualTo(octets);
            assertThat(part(server, blob + "-3")).asString().startsWith("Subject: in\r\n");
            assertThat(part(server, blob + "-4")).asString().isEqualTo("hello");
            assertThat(part(server, blob + "-3-0")).asString().isEqualTo("hello");
            assertThat(server.blobs.find(server.alice.id(), blob + "-5")).isEmpty();
            assertThat(server.blobs.find(server.alice.id(), blob + "-3-1")).isEmpty();
            assertThat(server.blobs.find(server.alice.id(), blob + "-")).isEmpty();
            assertThat(server.blobs.find(server.alice.id(), blob + "--1")).isEmpty();
            assertThat(server.blobs.find(server.alice.id(), "b1-0")).isEmpty();
        }
    }

    @Test
    void aLongMessageIsShownWithoutReadingItsAttachments() {
        String attachment = java.util.Base64.getMimeEncoder().encodeToString(new byte[300_000]);
        String raw = "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n"
                + "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + attachment
                + "\n--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
                + "Content-Type: image/png\n\n" + "x".repeat(100_000) + "\n--c\n\ninner\n--c--\n\n--b\n"
                + "Content-Type: text/html\nX-After: yes\n\n<p>last\n--b\nContent-Type: image/gif\n\nsmall\n--b--\n";
        String get =
                "\"properties\":[\"bodyStructure\",\"textBody\",\"htmlBody\",\"attachments\",\"bodyValues\",\"headers\"],"
                        + "\"fetchAllBodyValues\":true,\"bodyProperties\":[\"partId\",\"size\",\"type\",\"name\",\"headers\"]}";
        try (JmapServer server = new JmapServer()) {
            server.prefix = Octets.of("Return-Path: <ann@example.org>\r\n");
            String id = Ids.of(server.append("INBOX", raw));
            Json.Obj email = (Json.Obj) at(server.call("Email/get", "{\"ids\":[\"" + id + "\"]," + get), "/list/0");
            // The same octets parsed from elsewhere are read whole.
            String blob = "b" + id.substring(1);
            Json.Obj whole = (Json.Obj)
                    at(server.call("Email/parse", "{\"blobIds\":[\"" + blob + "\"]," + get), "/parsed/" + blob);
            for (String property :
                    List.of("bodyStructure", "textBody", "htmlBody", "attachments", "bodyValues", "headers")) {
                assertThat(email.get(property)).as(property).isEqualTo(whole.get(property));
            }
            assertThat(at(email, "/attachments/0/size")).isEqualTo(Json.of(300_000));
            assertThat(at(email, "/htmlBody/1/headers/1/value")).isEqualTo(Json.of(" yes"));
        }
    }

    private static byte[] part(JmapServer server, String blob) {
        Jmap.Download download = server.blobs.find(server.alice.id(), blob).orElseThrow();
        byte[] octets = read(download);
        assertThat(download.size()).isEqualTo(octets.length);
        return octets;
    }

    @Test
    void largeAttachmentsComeOutAsTheyWentIn() throws IOException {
        byte[] octets = new byte[200_001];
        new java.util.Random(3).nextBytes(octets);
        String plain = "Subject: in\r\n\r\n" + "line\r\n".repeat(20_000);
        String eight = "Subject: in\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + "l\u00EFne\r\n".repeat(20_000);
        try (JmapServer server = new JmapServer()) {
            String data = upload(server, "application/pdf", octets);
            String message = upload(server, "message/rfc822", plain.getBytes(StandardCharsets.UTF_8));
            String high = upload(server, "message/rfc822", eight.getBytes(StandardCharsets.UTF_8));
            String drafts = Ids.of(server.mailbox("Drafts"));
            for (String last : List.of(message, high)) {
                Json.Obj made = server.call(
                        "Email/set",
                        "{\"create\":{\"a\":{\"mailboxIds\":{\"" + drafts
                                + "\":true},\"textBody\":[{\"partId\":\"t\"}],"
                                + "\"bodyValues\":{\"t\":{\"value\":\"hi\"}},\"attachments\":["
                                + "{\"blobId\":\"" + data + "\",\"type\":\"application/pdf\"},"
                                + "{\"blobId\":\"" + last + "\",\"type\":\"message/rfc822\"},"
                                + "{\"blobId\":\"" + high + "\",\"type\":\"message/global\"},"
                                + "{\"blobId\":\"" + data + "\",\"type\":\"message/odd\"}]}}}");
                String id = ((Json.Text) at(made, "/created/a/id")).value();
                Json.Obj got = server.call(
                        "Email/get",
                        "{\"ids\":[\"" + id
                                + "\"],\"properties\":[\"attachments\",\"size\",\"bodyStructure\",\"bodyValues\"],"
                                + "\"fetchAllBodyValues\":true,\"bodyProperties\":[\"blobId\",\"size\",\"header:Content-Transfer-Encoding\"]}");
                assertThat(at(got, "/list/0/size")).isEqualTo(at(made, "/created/a/size"));
                assertThat(at(got, "/list/0/bodyValues/1/value")).isEqualTo(Json.of("hi"));
                byte[][] expected = {
                    octets,
                    (last.equals(message) ? plain : eight).getBytes(StandardCharsets.UTF_8),
                    eight.getBytes(StandardCharsets.UTF_8),
                    octets
                };
                for (int i = 0; i < expected.length; i++) {
                    String blob = ((Json.Text) at(got, "/list/0/attachments/" + i + "/blobId")).value();
                    assertThat(part(server, blob)).as("attachment %d", i).isEqualTo(expected[i]);
                }
                // RFC 2045 §6.4: what is around 8-bit parts says so.
                assertThat(at(got, "/list/0/bodyStructure/header:Content-Transfer-Encoding"))
                        .isEqualTo(Json.of(last.equals(message) ? " 7bit" : " 8bit"));
                byte[] whole = read(server.blobs
                        .find(server.alice.id(), "b" + id.substring(1))
                        .orElseThrow());
                assertThat(new String(whole, StandardCharsets.ISO_8859_1).lines())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThan(200));
            }
        }
    }

    @Test
    void whatIsTooLargeOrEmptyIsNoEmail() throws IOException {
        try (JmapServer server = new JmapServer(small())) {
            String drafts = Ids.of(server.mailbox("Drafts"));
            String blob = upload(server, "a/b", new byte[150_000]);
            String empty = upload(server, "a/b", new byte[0]);
            assertThat(at(
                            server.call(
                                    "Email/set",
                                    "{\"create\":{\"a\":{\"mailboxIds\":{\"" + drafts
                                            + "\":true},\"attachments\":[{\"blobId\":\"" + blob + "\"},{\"blobId\":\""
                                            + blob + "\"}]}}}"),
                            "/notCreated/a/type"))
                    .isEqualTo(Json.of("tooLarge"));
            assertThat(at(
                            server.call(
                                    "Email/import",
                                    "{\"emails\":{\"a\":{\"mailboxIds\":{\"" + drafts + "\":true},\"blobId\":\"" + empty
                                            + "\"}}}"),
                            "/notCreated/a/type"))
                    .isEqualTo(Json.of("invalidEmail"));
            String id = Ids.of(server.append("INBOX", "Subject: a\n\nb\n"));
            assertThat(at(
                            server.call(
                                    "Email/set",
                                    "{\"update\":{\"" + id + "\":{\"keywords/a\":true}},\"destroy\":[\"" + id + "\"]}"),
                            "/notUpdated/" + id + "/type"))
                    .isEqualTo(Json.of("willDestroy"));
        }
    }

    @Test
    void anAccountThatIsFullTakesNoMore() throws IOException {
        try (JmapServer server = new JmapServer()) {
            Map<String, Json> emails = new HashMap<>();
            String drafts = Ids.of(server.mailboxes
                    .open(server.bob.id())
                    .find("Drafts")
                    .orElseThrow()
                    .id());
            emails.put(
                    "a",
                    server.json("{\"mailboxIds\":{\"" + drafts + "\":true},\"textBody\":[{\"partId\":\"1\"}],"
                            + "\"bodyValues\":{\"1\":{\"value\":\"" + "long ".repeat(6_000) + "\"}}}"));
            Json.Obj request = Json.object()
                    .put("using", Json.Arr.ofTexts(JmapServer.USING))
                    .put(
                            "methodCalls",
                            List.of(new Json.Arr(List.of(
                                    Json.of("Email/set"),
                                    Json.object()
                                            .put("accountId", Ids.of(server.bob.id()))
                                            .put("create", new Json.Obj(emails))
                                            .build(),
                                    Json.of("0")))))
                    .build();
            Json.Obj answer = server.jmap.answer(server.caller(server.bob), request);
            assertThat(at(answer, "/methodResponses/0/1/notCreated/a/type")).isEqualTo(Json.of("overQuota"));
        }
    }

    @Test
    void keywordsBeyondTheRoomOfAnAccountAreRefused() {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append("INBOX", "Subject: a\n\nb\n");
            for (int i = 0; i < 64; i++) {
                Json.Obj set = server.call(
                        "Email/set", "{\"update\":{\"" + Ids.of(id) + "\":{\"keywords/k" + i + "\":true}}}");
                assertThat(set.get("notUpdated")).contains(Json.NULL);
            }
            assertThat(at(
                            server.call(
                                    "Email/set", "{\"update\":{\"" + Ids.of(id) + "\":{\"keywords/onemore\":true}}}"),
                            "/notUpdated/" + Ids.of(id) + "/type"))
                    .isEqualTo(Json.of("tooManyKeywords"));
        }
    }

    private static String upload(JmapServer server, String type, byte[] octets) throws IOException {
        Json.Obj answer =
                server.jmap.upload(server.caller(), Ids.of(server.alice.id()), type, new ByteArrayInputStream(octets));
        assertThat(answer.get("size")).contains(Json.of(octets.length));
        return ((Json.Text) answer.get("blobId").orElseThrow()).value();
    }

    private static void tryUpload(JmapServer server, byte[] octets) {
        try {
            upload(server, "a/b", octets);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(Jmap.Download download) {
        try (InputStream in = download.content().open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void changesBeforeTheLogBeginsAreNotKnown() {
        try (JmapServer server = new JmapServer()) {
            server.append("INBOX", "Subject: a\n\nb\n");
            String first = server.jmap.states(server.caller()).get("Email");
            Uids one = Uids.of(1);
            Flags flag = Flags.of(List.of("\\Flagged"));
            for (int i = 0; i < 60_000; i++) {
                server.mail()
                        .store(
                                server.mailbox("INBOX"),
                                one,
                                i % 2 == 0 ? FlagOperation.ADD : FlagOperation.REMOVE,
                                flag,
                                Long.MAX_VALUE);
            }
            server.mailboxes.tidy(server.alice.id());
            for (String type : List.of("Email", "Thread", "Mailbox")) {
                assertThat(server.call(type + "/changes", "{\"sinceState\":\"" + first + "\"}")
                                .get("type"))
                        .contains(Json.of("cannotCalculateChanges"));
            }
        }
    }

    @Test
    void anAddressBeyondAsciiStaysAsItIs() {
        try (JmapServer server = new JmapServer()) {
            String drafts = Ids.of(server.mailbox("Drafts"));
            Json.Obj made = server.call(
                    "Email/set",
                    "{\"create\":{\"a\":{\"mailboxIds\":{\"" + drafts + "\":true},"
                            + "\"from\":[{\"name\":\"Dörte\",\"email\":\"dörte@bücher.example\"}],\"subject\":\"ä\"}}}");
            String id = ((Json.Text) at(made, "/created/a/id")).value();
            Json.Obj got =
                    server.call("Email/get", "{\"ids\":[\"" + id + "\"],\"properties\":[\"from\",\"header:From\"]}");
            assertThat(at(got, "/list/0/from/0/email")).isEqualTo(Json.of("dörte@bücher.example"));
            assertThat(at(got, "/list/0/from/0/name")).isEqualTo(Json.of("Dörte"));
            assertThat(at(got, "/list/0/header:From"))
                    .isEqualTo(Json.of(" =?utf-8?B?RMO2cnRl?= <dörte@bücher.example>"));
        }
    }

    // ---- pushes ------------------------------------------------------------------------------------------------

    @Test
    void aFlagSetOverImapIsSeenAtOnce() throws Exception {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append("INBOX", "Subject: a\n\nb\n");
            Map<String, String> before = server.jmap.states(server.caller());
            assertThat(before).containsOnlyKeys("Mailbox", "Thread", "Email");
            CountDownLatch told = new CountDownLatch(1);
            try (AutoCloseable _ = server.jmap.watch(server.caller(), told::countDown)) {
                long start = System.nanoTime();
                server.mail()
                        .store(
                                server.mailbox("INBOX"),
                                Uids.ALL,
                                FlagOperation.ADD,
                                Flags.of(List.of("\\Seen")),
                                Long.MAX_VALUE);
                assertThat(told.await(1, TimeUnit.MINUTES)).isTrue();
                Json.Obj changes = server.call("Email/changes", "{\"sinceState\":\"" + before.get("Email") + "\"}");
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
                assertThat(changes.get("updated")).contains(Json.Arr.ofTexts(List.of(Ids.of(id))));
                assertThat(server.jmap.states(server.caller()).get("Email"))
                        .isEqualTo(((Json.Text) changes.get("newState").orElseThrow()).value());
            }
            // And the other way: what JMAP sets, a view of IMAP has at once.
            server.call("Email/set", "{\"update\":{\"" + Ids.of(id) + "\":{\"keywords/$flagged\":true}}}");
            assertThat(server.mail().view(server.mailbox("INBOX")).flags(0).has(Flags.FLAGGED))
                    .isTrue();
        }
    }

    @Test
    void clearingAwayWhatIsGoneIsNoChange() {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append("INBOX", "Subject: a\n\nb\n");
            Json.Obj set = server.call("Email/set", "{\"destroy\":[\"" + Ids.of(id) + "\"]}");
            long version = server.mail().version();
            server.mailboxes.tidy(server.alice.id());
            assertThat(server.mail().version()).isGreaterThan(version);
            assertThat(server.jmap.states(server.caller()).get("Email"))
                    .isEqualTo(((Json.Text) at(set, "/newState")).value());
            Json.Obj changes = server.call("Email/changes", "{\"sinceState\":\"" + version + "\"}");
            assertThat(at(changes, "/newState")).isEqualTo(Json.of(Long.toString(version)));
            assertThat(at(changes, "/hasMoreChanges")).isEqualTo(Json.of(false));
        }
    }

    @Test
    void idsAreReadBackOnlyAsTheyWereWritten() {
        for (long number : new long[] {1, 15, 16, 0x7fffffff, Long.MAX_VALUE}) {
            assertThat(Ids.message(Ids.of(new MessageId(number)))).contains(new MessageId(number));
            assertThat(Ids.isId(Ids.of(new MessageId(number)))).isTrue();
        }
        for (String wrong : List.of("", "e", "e01", "eA", "E1", "m1", "e1 ", "e11111111111111111", "1", "e-1")) {
            assertThat(Ids.message(wrong)).as(wrong).isEqualTo(Optional.empty());
        }
        assertThat(Ids.mailbox("m0")).isEmpty();
        assertThat(Ids.mailbox("m80000000")).isEmpty();
        assertThat(Ids.isId("a b")).isFalse();
    }
}
