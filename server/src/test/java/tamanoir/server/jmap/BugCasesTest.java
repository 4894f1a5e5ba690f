package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Pointer;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.MessageId;

/// What broke other mail programs, as a JMAP client sees it here. The numbers are those of the list of bug cases.
class BugCasesTest {
    private static final String LIST = "\"subject\",\"from\",\"to\",\"cc\",\"sentAt\",\"receivedAt\",\"hasAttachment\","
            + "\"preview\",\"size\",\"keywords\",\"mailboxIds\",\"threadId\"";
    private static final String BODIES = "\"bodyStructure\",\"textBody\",\"htmlBody\",\"attachments\",\"bodyValues\"";

    private static Json at(Json value, String pointer) {
        return Pointer.parse(pointer).in(value).orElseThrow();
    }

    private static Json.Obj get(JmapServer server, MessageId id, String properties) {
        return get(server, id, properties, "");
    }

    private static Json.Obj get(JmapServer server, MessageId id, String properties, String more) {
        Json.Obj got = server.call(
                "Email/get", "{\"ids\":[\"" + Ids.of(id) + "\"],\"properties\":[" + properties + "]" + more + "}");
        assertThat(got.has("list")).as("%s", server.write(got)).isTrue();
        return (Json.Obj) at(got, "/list/0");
    }

    private static Octets latin1(String raw) {
        return Octets.latin1(raw.replace("\n", "\r\n"));
    }

    // ---- B33 to B38 --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            filename*0*=UTF-8''%E2%98; filename*1*=%83.txt | ☃.txt
            filename*0*=ISO-2022-JP''%1B%24B%24%22; filename*1*=%24%24%1B%28B.png | あい.png
            filename*0*="''a%2E"; filename*1*="%62"; filename*2=at | a.bat
            filename*0="it 'is' so"; filename*1=".eml" | it 'is' so.eml
            filename*1=b; filename*0=a | ab
            filename*0=a; filename*2=c | a
            filename="x.txt"; filename*=utf-8''e.exe | e.exe
            """)
    void b33FileNamesAreJoinedThenDecoded(String parameters, String name) {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append(
                    "INBOX",
                    "Subject: a\nContent-Type: application/octet-stream\nContent-Disposition: attachment; " + parameters
                            + "\n\nx\n");
            Json.Obj email = get(server, id, "\"attachments\"");
            assertThat(at(email, "/attachments/0/name")).isEqualTo(Json.of(name));
            String blob = ((Json.Text) at(email, "/attachments/0/blobId")).value();
            assertThat(server.blobs.find(server.alice.id(), blob).orElseThrow().name())
                    .contains(name);
        }
    }

    @Test
    void b34EncodedWordsAreJoinedWhereverACharacterWasCut() {
        try (JmapServer server = new JmapServer()) {
            byte[] kana = "あいうえ".getBytes(StandardCharsets.UTF_8);
            for (int cut = 1; cut < kana.length; cut++) {
                String subject = word(kana, 0, cut) + "\n " + word(kana, cut, kana.length);
                MessageId id = server.append("INBOX", "Subject: " + subject + "\n\nx\n");
                Json.Obj email = get(server, id, "\"subject\",\"header:Subject:asText\"");
                assertThat(email.get("subject")).contains(Json.of("あいうえ"));
                assertThat(email.get("header:Subject:asText")).contains(Json.of("あいうえ"));
            }
        }
    }

    private static String word(byte[] octets, int from, int to) {
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(octets, from, to)) + "?=";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            =?UTF-8?B?U3M=?= =?UTF-8?B?bGE=?= | Ssla
            [SPAM]=?utf-8?B?aGk=?= | [SPAM]hi
            =?x-unknown?B?aGk=?= | =?x-unknown?B?aGk=?=
            =?utf-8*en?Q?a?= | a
            a =?utf-8?Q?b?= c | a b c
            """)
    void b34EncodedWords(String subject, String text) {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append("INBOX", "Subject: " + subject + "\n\nx\n");
            assertThat(get(server, id, "\"subject\"").get("subject")).contains(Json.of(text));
        }
    }

    @Test
    void b35CharsetsThatLie() {
        try (JmapServer server = new JmapServer()) {
            assertText(server, "gb2312", "\u00A8C", "–", false);
            assertText(server, "iso-8859-1", "\u0093A\u0094 \u0080", "\u201CA\u201D €", false);
            assertText(server, "iso-2022-jp", "\u001B$B-!\u001B(B", "①", false);
            assertText(server, "us-ascii", "caf\u00C3\u00A9", "café", false);
            assertText(server, "\"utf8\"", "caf\u00C3\u00A9", "café", false);
            assertText(server, "x-nope", "\u00C3\u00A9".repeat(10), "é".repeat(10), true);
        }
    }

    private static void assertText(JmapServer server, String charset, String octets, String text, boolean problem) {
        MessageId id = server.append(
                "INBOX",
                latin1("Subject: a\nContent-Type: text/plain; charset=" + charset
                        + "\nContent-Transfer-Encoding: 8bit\n\n" + octets));
        for (String most : List.of("", ",\"maxBodyValueBytes\":100000")) {
            Json.Obj email = get(server, id, "\"bodyValues\",\"preview\"", ",\"fetchTextBodyValues\":true" + most);
            assertThat(at(email, "/bodyValues/0/value")).as(charset).isEqualTo(Json.of(text));
            assertThat(at(email, "/bodyValues/0/isEncodingProblem")).as(charset).isEqualTo(Json.of(problem));
            assertThat(at(email, "/preview")).as(charset).isEqualTo(Json.of(text));
        }
    }

    @Test
    void b36AddressesAsAnAttackTakeLinearTime() {
        List<String> headers = List.of(
                "To: a@example.net\n".repeat(100_000),
                "To: " + "a@example.net,".repeat(100_000) + "\n",
                "From: " + "(".repeat(50_000) + "x" + ")".repeat(50_000) + "\n",
                "To: " + "g:".repeat(50_000) + "\n");
        for (String header : headers) {
            try (JmapServer server = new JmapServer()) {
                MessageId id = server.append("INBOX", latin1("Subject: a\n" + header + "\nx\n"));
                long start = System.nanoTime();
                get(server, id, LIST + ",\"header:To:asGroupedAddresses\",\"header:To:asAddresses:all\"");
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
            }
        }
    }

    @Test
    void b36PartsAsAnAttackTakeLinearTime() {
        List<String> bodies = List.of(
                "Content-Type: multipart/mixed; boundary=a\n\n" + "--a\nx:y\n\n".repeat(100_000), nested(1_000));
        for (String body : bodies) {
            try (JmapServer server = new JmapServer()) {
                MessageId id = server.append("INBOX", latin1("Subject: a\n" + body));
                long start = System.nanoTime();
                get(server, id, LIST + "," + BODIES, ",\"fetchAllBodyValues\":true");
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
            }
        }
    }

    private static String nested(int depth) {
        return "Content-Type: message/rfc822\n\n".repeat(depth) + "Subject: deep\n\nx\n";
    }

    @Test
    void b37NulIsNeverPassedOn() {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append("INBOX", latin1("Subject: a\0b\nX-N: c\0d\n\nbody\0end\n"));
            Json.Obj email =
                    get(server, id, "\"subject\",\"header:X-N\",\"header:X-N:asText\",\"headers\",\"preview\"");
            assertThat(email.get("subject")).contains(Json.of("a b"));
            assertThat(email.get("header:X-N")).contains(Json.of(" cd"));
            assertThat(server.write(email)).doesNotContain("\\u0000");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', nullValues = "null", textBlock = """
            Wed, 26 Jul 23 17:21:17 UT | 2023-07-26T17:21:17Z
            Thu, 10 Jul 1997 14:53:31 EST5EDT | 1997-07-10T14:53:31Z
            Sun, 27 Oct 2002 23:57:07 EST | 2002-10-27T23:57:07-05:00
            Thu, 6 Oct 2022 12:27:13 +0200 (GMT+02:00) | 2022-10-06T12:27:13+02:00
            Thu, 1 Oct 2015 14:40:57 +0200 (Mitteleurop\u00E4ische Sommerzeit) | 2015-10-01T14:40:57+02:00
            1 Jan 100 00:00 A | 2000-01-01T00:00:00Z
            Mon, 31 Feb 2025 25:61:61 +9999 | none
            """)
    void b38DatesOfThirtyYears(String date, String sentAt) {
        try (JmapServer server = new JmapServer()) {
            MessageId id = server.append("INBOX", latin1("Subject: a\nDate: " + date + "\n\nx\n"));
            Json.Obj email = get(server, id, "\"sentAt\",\"header:Date:asDate\",\"receivedAt\"");
            Json expected = sentAt.equals("none") ? Json.NULL : Json.of(sentAt);
            assertThat(email.get("sentAt")).contains(expected);
            assertThat(email.get("header:Date:asDate")).contains(expected);
            assertThat(email.get("receivedAt")).contains(Json.of("2026-11-25T12:00:00Z"));
        }
    }

    // ---- B46, B47, B49 -----------------------------------------------------------------------------------------

    @Test
    void b46PagesOfOneChangeComeToAnEnd() {
        try (JmapServer server = new JmapServer()) {
            String state = server.jmap.states(server.caller()).get("Email");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(Ids.of(server.append("INBOX", "Subject: a" + i + "\nTo: undisclosed-recipients:;\n\nx\n")));
            }
            // All in one commit: the pages must cut it.
            server.call(
                    "Email/set",
                    "{\"update\":{"
                            + String.join(
                                    ",",
                                    ids.stream()
                                            .map(id -> "\"" + id + "\":{\"keywords/$seen\":true}")
                                            .toList())
                            + "}}");
            List<String> found = new ArrayList<>();
            boolean more = true;
            for (int pages = 0; more; pages++) {
                assertThat(pages).isLessThan(7);
                Json.Obj changes = server.call("Email/changes", "{\"sinceState\":\"" + state + "\",\"maxChanges\":1}");
                assertThat(changes.get("oldState")).contains(Json.of(String.valueOf(state)));
                ((Json.Arr) at(changes, "/created")).items().forEach(id -> found.add(((Json.Text) id).value()));
                assertThat(((Json.Arr) at(changes, "/updated")).items()).isEmpty();
                state = ((Json.Text) at(changes, "/newState")).value();
                more = at(changes, "/hasMoreChanges").equals(Json.of(true));
            }
            assertThat(found).isEqualTo(ids);
            assertThat(state).isEqualTo(server.jmap.states(server.caller()).get("Email"));
            Json.Obj email = (Json.Obj) at(
                    server.call(
                            "Email/get",
                            "{\"ids\":[\"" + ids.getFirst()
                                    + "\"],\"properties\":[\"to\",\"header:To:asGroupedAddresses\"]}"),
                    "/list/0");
            assertThat(email.get("to")).contains(Json.Arr.EMPTY);
            assertThat(server.write(email)).contains("{\"name\":\"undisclosed-recipients\",\"addresses\":[]}");
        }
    }

    @Test
    void b47MailWithoutTheUsualPiecesIsListedLikeAnyOther() {
        try (JmapServer server = new JmapServer()) {
            MessageId zip = server.append(
                    "INBOX",
                    "Subject: report\nContent-Type: application/zip; name=r.zip\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n");
            MessageId patch = server.append("INBOX", """
                    Content-Type: multipart/mixed; boundary=b

                    --b

                    first
                    --b
                    Content-Type: text/x-patch
                    Content-Disposition: inline; filename=a.patch

                    --- a
                    --b

                    last
                    --b--
                    """.stripIndent());
            MessageId headless = server.append("INBOX", "<b>data\n");
            MessageId empty = server.append("INBOX", Octets.EMPTY);
            MessageId picture = server.append("INBOX", """
                    Content-Type: multipart/related; boundary=b

                    --b
                    Content-Type: image/png

                    x
                    --b
                    Content-Type: text/plain

                    y
                    --b--
                    """.stripIndent());
            MessageId invitation = server.append("INBOX", """
                    Content-Type: multipart/alternative; boundary=b

                    --b

                    come
                    --b
                    Content-Type: text/html

                    <p>come
                    --b
                    Content-Type: text/calendar; method=REQUEST

                    BEGIN:VCALENDAR
                    --b--
                    """.stripIndent());

            Json.Obj report = get(server, zip, LIST + "," + BODIES);
            assertThat(at(report, "/textBody")).isEqualTo(Json.Arr.EMPTY);
            assertThat(at(report, "/attachments/0/name")).isEqualTo(Json.of("r.zip"));
            assertThat(at(report, "/attachments/0/size")).isEqualTo(Json.of(5));
            assertThat(at(report, "/hasAttachment")).isEqualTo(Json.of(true));

            Json.Obj patched = get(server, patch, LIST + "," + BODIES);
            assertThat(((Json.Arr) at(patched, "/textBody")).items()).hasSize(2);
            assertThat(at(patched, "/attachments/0/name")).isEqualTo(Json.of("a.patch"));

            Json.Obj bare = get(server, headless, LIST + "," + BODIES, ",\"fetchTextBodyValues\":true");
            assertThat(at(bare, "/subject")).isEqualTo(Json.NULL);
            assertThat(at(bare, "/bodyValues/0/value")).isEqualTo(Json.of("<b>data\n"));

            Json.Obj nothing = get(server, empty, LIST + "," + BODIES, ",\"fetchTextBodyValues\":true");
            assertThat(at(nothing, "/bodyValues/0/value")).isEqualTo(Json.of(""));
            assertThat(at(nothing, "/size")).isEqualTo(Json.of(0));

            Json.Obj related = get(server, picture, LIST + "," + BODIES);
            assertThat(at(related, "/textBody/0/type")).isEqualTo(Json.of("image/png"));
            assertThat(at(related, "/attachments/0/type")).isEqualTo(Json.of("text/plain"));

            Json.Obj calendar = get(server, invitation, LIST + "," + BODIES);
            assertThat(at(calendar, "/textBody/0/type")).isEqualTo(Json.of("text/plain"));
            assertThat(at(calendar, "/htmlBody/0/type")).isEqualTo(Json.of("text/html"));
            assertThat(at(calendar, "/attachments/0/type")).isEqualTo(Json.of("text/calendar"));
        }
    }

    @Test
    void b49APreviewIsNotTheWholeMessage() {
        StringBuilder html = new StringBuilder(20 << 20);
        html.append("<html><body>");
        html.append("<div>".repeat(300_000));
        html.append("&lt;".repeat(5 << 18));
        html.append("<table>".repeat(20_000));
        while (html.length() < 20 << 20) {
            html.append("some words that go on and on ");
        }
        try (JmapServer server = new JmapServer()) {
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            raw.writeBytes("Subject: large\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            raw.writeBytes(html.toString().getBytes(StandardCharsets.US_ASCII));
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add("\"" + Ids.of(server.append("INBOX", Octets.of(raw.toByteArray()))) + "\"");
            }
            long start = System.nanoTime();
            Json.Obj one = server.call(
                    "Email/get",
                    "{\"ids\":[" + ids.getFirst() + "],\"properties\":[\"preview\",\"bodyValues\"],"
                            + "\"fetchHTMLBodyValues\":true,\"maxBodyValueBytes\":1000}");
            long took = System.nanoTime() - start;
            String value = ((Json.Text) at(one, "/list/0/bodyValues/0/value")).value();
            assertThat(value.length()).isBetween(900, 1_000);
            assertThat(value).endsWith(">");
            assertThat(at(one, "/list/0/bodyValues/0/isTruncated")).isEqualTo(Json.of(true));
            assertThat(((Json.Text) at(one, "/list/0/preview")).value().length())
                    .isLessThanOrEqualTo(256);
            assertThat(took).isLessThan(TimeUnit.SECONDS.toNanos(1));
            start = System.nanoTime();
            server.call("Email/get", "{\"ids\":[" + String.join(",", ids) + "],\"properties\":[" + LIST + "]}");
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
        }
    }

    @Test
    void aValueIsCutBetweenTwoCharactersOfAnyCharset() {
        try (JmapServer server = new JmapServer()) {
            String text = "日本語のとても長い本文です。".repeat(3_000);
            for (String charset : List.of("utf-8", "iso-2022-jp", "gb18030", "utf-16be", "shift_jis")) {
                byte[] octets = text.getBytes(java.nio.charset.Charset.forName(charset));
                MessageId id = server.append(
                        "INBOX",
                        "Content-Type: text/plain; charset=" + charset + "\nContent-Transfer-Encoding: base64\n\n"
                                + Base64.getMimeEncoder().encodeToString(octets) + "\n");
                for (int most = 1; most < 400; most += 37) {
                    Json.Obj email = get(
                            server,
                            id,
                            "\"bodyValues\"",
                            ",\"fetchTextBodyValues\":true,\"maxBodyValueBytes\":" + most);
                    String value = ((Json.Text) at(email, "/bodyValues/0/value")).value();
                    assertThat(text).as("%s %d", charset, most).startsWith(value);
                    assertThat(value.getBytes(StandardCharsets.UTF_8).length).isBetween(most - 2, most);
                    assertThat(at(email, "/bodyValues/0/isEncodingProblem"))
                            .as("%s %d", charset, most)
                            .isEqualTo(Json.of(false));
                }
            }
        }
    }
}
