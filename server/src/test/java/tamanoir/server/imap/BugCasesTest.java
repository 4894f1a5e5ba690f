package tamanoir.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Faults that other servers had, each as its report tells it.
@Timeout(120)
class BugCasesTest {
    private static final String SMALL = "From: a@b\r\nSubject: s\r\n\r\nbody\r\n";

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ImapClient inbox(int messages) throws IOException {
        ImapClient client = server.login();
        for (int i = 0; i < messages; i++) {
            client.append("INBOX", SMALL);
        }
        client.ok("SELECT INBOX");
        return client;
    }

    private static String latin1OfUtf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    // ---- B22 ---------------------------------------------------------------------------------------------------

    @Test
    void b22Utf8AppendTakesItsParenthesis() throws IOException {
        String message = latin1OfUtf8("Subject: gr\u00fc\u00dfe \u4e16\u754c\r\nFrom: a@b\r\n\r\nx\r\n");
        try (ImapClient client = server.login()) {
            client.ok("ENABLE UTF8=ACCEPT");
            client.send("b append \"Sent\" (\\Seen) UTF8 (~{" + message.length() + "}\r\n");
            assertThat(client.response()).startsWith("+ ");
            client.send(message + ")\r\n");
            assertThat(client.until("b").tagged()).matches("OK \\[APPENDUID \\d+ 1] .*");
            client.send("c append Sent UTF8 (~{" + message.length() + "+}\r\n" + message + ")\r\n");
            assertThat(client.until("c").tagged()).matches("OK \\[APPENDUID \\d+ 2] .*");
            client.send("d append Sent UTF8 (~{" + message.length() + "+}\r\n" + message + "\r\n");
            assertThat(client.until("d").tagged()).startsWith("BAD ");
            client.ok("NOOP");
            client.ok("SELECT Sent");
            assertThat(client.ok("FETCH 1:* BODY.PEEK[]").untagged())
                    .hasSize(2)
                    .allMatch(l -> l.contains("{" + message.length() + "}\r\n" + message));
            // RFC 6855 §3: quoted strings may hold UTF-8 now
            assertThat(client.ok("FETCH 1 ENVELOPE").only()).contains(latin1OfUtf8("\"gr\u00fc\u00dfe \u4e16\u754c\""));
        }
    }

    @Test
    void b22EightBitHeadersAreKeptUnchangedWithoutEnable() throws IOException {
        String message = "Subject: gr\u00fcn\r\n\r\nx\r\n";
        try (ImapClient client = server.login()) {
            client.append("Sent", message);
            client.ok("SELECT Sent");
            assertThat(client.ok("FETCH 1 BODY.PEEK[]").only())
                    .endsWith("{" + message.length() + "}\r\n" + message + ")");
        }
    }

    // ---- B23 ---------------------------------------------------------------------------------------------------

    @Test
    void b23HugeLiteralsBeforeLoginAreNotAskedFor() throws IOException {
        try (ImapClient client = server.connect()) {
            client.send("a LOGIN {4000000000}\r\n");
            assertThat(client.response()).startsWith("a BAD ");
            client.send("b LOGIN {99999999999999999999}\r\n");
            assertThat(client.response()).startsWith("b BAD ");
            client.ok("NOOP");
            client.send("c LOGIN {4000000000+}\r\n");
            assertThat(client.response()).startsWith("* BYE [TOOBIG] ");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void b23ManyLiteralsBeforeLoginAreRefused() throws IOException {
        try (ImapClient client = server.connect()) {
            client.send("a LOGIN {5}\r\n");
            String response = client.response();
            int asked = 0;
            while (response.startsWith("+ ")) {
                asked++;
                client.send("12345 {5}\r\n");
                response = client.response();
            }
            assertThat(asked).isLessThan(50);
            assertThat(response).startsWith("a BAD ");
            client.ok("LOGIN {3}\r\n".replace("{3}\r\n", "ann@example.com secret"));
        }
    }

    @Test
    void b23AnnouncementsReserveNothing() throws IOException {
        List<ImapClient> clients = new ArrayList<>();
        try {
            long before = used();
            for (int i = 0; i < 200; i++) {
                ImapClient client = server.connect();
                clients.add(client);
                client.send("a LOGIN {50000000}\r\n");
                assertThat(client.response()).startsWith("a BAD ");
                client.send("b LOGIN {60000}\r\n");
                assertThat(client.response()).startsWith("+ ");
            }
            assertThat(used() - before).isLessThan(40L << 20);
        } finally {
            for (ImapClient client : clients) {
                client.close();
            }
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void b23AppendBeyondTheLimitIsRefusedWithoutAsking() throws IOException {
        try (ImapClient client = server.login()) {
            client.send("a APPEND INBOX {200001}\r\n");
            assertThat(client.response()).startsWith("a NO [TOOBIG] ");
            client.send("b APPEND INBOX (\\Seen) \"17-Jul-1996 02:44:25 -0700\" {200001+}\r\n" + "x".repeat(200_001)
                    + "\r\n");
            assertThat(client.until("b").tagged()).startsWith("NO [TOOBIG] ");
            client.append("INBOX (\\Seen)", "x".repeat(199_998) + "\r\n");
            client.send("c APPEND INBOX {200000}\r\n");
            assertThat(client.response()).startsWith("+ ");
            client.send("y".repeat(200_000) + "\r\n");
            assertThat(client.until("c").tagged()).startsWith("OK [APPENDUID ");
            assertThat(client.ok("STATUS INBOX (MESSAGES APPENDLIMIT)").only())
                    .isEqualTo("* STATUS INBOX (MESSAGES 2 APPENDLIMIT 200000)");
        }
    }

    // ---- B24 ---------------------------------------------------------------------------------------------------

    private static long number(List<String> lines, String name) {
        for (String line : lines) {
            Matcher matcher = Pattern.compile("\\[" + name + " (\\d+)]").matcher(line);
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1));
            }
        }
        throw new AssertionError(name + " in " + lines);
    }

    @Test
    void b24QresyncTellsExactlyWhatVanished() throws IOException {
        try (ImapClient a = server.login();
                ImapClient b = server.login()) {
            a.ok("CREATE box");
            for (int i = 0; i < 10; i++) {
                a.append("box", SMALL);
            }
            a.ok("ENABLE QRESYNC");
            ImapClient.Talk first = a.ok("SELECT box");
            long validity = number(first.untagged(), "UIDVALIDITY");
            long modseq = number(first.untagged(), "HIGHESTMODSEQ");
            a.ok("UNSELECT");

            b.ok("SELECT box");
            b.ok("STORE 4,7 +FLAGS.SILENT (\\Deleted)");
            b.ok("EXPUNGE");
            b.ok("UID STORE 2 +FLAGS (\\Flagged)");

            ImapClient.Talk again = a.ok("SELECT box (QRESYNC (" + validity + " " + modseq + " 1:10))");
            assertThat(again.with("VANISHED")).containsExactly("* VANISHED (EARLIER) 4,7");
            assertThat(again.with(" FETCH "))
                    .hasSize(1)
                    .allMatch(l -> l.startsWith("* 2 FETCH (UID 2 FLAGS (\\Flagged"));
            long now = number(again.untagged(), "HIGHESTMODSEQ");

            ImapClient.Talk third = a.ok("SELECT box (QRESYNC (" + validity + " " + now + " 1:10))");
            assertThat(third.untagged()).first().asString().startsWith("* OK [CLOSED] ");
            assertThat(third.with("VANISHED")).isEmpty();
            assertThat(third.with(" FETCH ")).isEmpty();

            ImapClient.Talk wrong = a.ok("SELECT box (QRESYNC (" + (validity + 1) + " " + modseq + "))");
            assertThat(wrong.with("VANISHED")).isEmpty();
            assertThat(wrong.with(" FETCH ")).isEmpty();
            assertThat(wrong.untagged()).contains("* 8 EXISTS");

            ImapClient.Talk fetch = a.ok("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + modseq + " VANISHED)");
            assertThat(fetch.untagged()).hasSize(2);
            assertThat(fetch.untagged().getFirst()).isEqualTo("* VANISHED (EARLIER) 4,7");
            assertThat(fetch.untagged().getLast()).startsWith("* 2 FETCH (UID 2 FLAGS (");
            assertThat(a.ok("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + now + " VANISHED)")
                            .untagged())
                    .isEmpty();

            // RFC 7162 §3.2.10: from now on VANISHED instead of EXPUNGE
            b.ok("UID STORE 9 +FLAGS (\\Deleted)");
            b.ok("UID EXPUNGE 9");
            assertThat(a.ok("NOOP").untagged()).contains("* VANISHED 9").noneMatch(l -> l.contains("EXPUNGE"));
        }
    }

    // ---- B25 ---------------------------------------------------------------------------------------------------

    @Test
    void b25CopyuidPairsSourceAndTarget() throws IOException {
        try (ImapClient client = inbox(5)) {
            client.ok("CREATE gone");
            long validity = number(client.ok("EXAMINE Trash").untagged(), "UIDVALIDITY");
            client.ok("SELECT INBOX");
            assertThat(client.ok("UID COPY 3,1 Trash").tagged()).startsWith("OK [COPYUID " + validity + " 1,3 1:2] ");
            ImapClient.Talk move = client.ok("UID MOVE 2 Trash");
            assertThat(move.untagged().get(0)).startsWith("* OK [COPYUID " + validity + " 2 3] ");
            assertThat(move.untagged().get(1)).isEqualTo("* 2 EXPUNGE");
            assertThat(move.tagged()).doesNotContain("COPYUID");
            assertThat(client.ok("COPY 1:2 Trash").tagged()).startsWith("OK [COPYUID " + validity + " 1,3 4:5] ");
            assertThat(client.ok("UID COPY 700:800 Trash").tagged()).doesNotContain("[");
            ImapClient.Talk nothing = client.ok("UID MOVE 700 Trash");
            assertThat(nothing.untagged()).isEmpty();
            assertThat(nothing.tagged()).doesNotContain("[");
            assertThat(client.no("UID COPY 1 nowhere").tagged()).startsWith("NO [TRYCREATE] ");
        }
    }

    // ---- B26 ---------------------------------------------------------------------------------------------------

    @Test
    void b26PartialFetchesNameTheirOrigin() throws IOException {
        String message = "From: somebody@example.com\r\nSubject: partial\r\n\r\n0123456789\r\n";
        try (ImapClient client = server.login()) {
            client.append("INBOX", message);
            client.ok("SELECT INBOX");
            assertThat(client.ok("FETCH 1 (BODY.PEEK[HEADER]<0.30> BODY.PEEK[]<5.7> BODY.PEEK[TEXT]<0.4294967295>)")
                            .only())
                    .isEqualTo("* 1 FETCH (BODY[HEADER]<0> {30}\r\n" + message.substring(0, 30) + " BODY[]<5> {7}\r\n"
                            + message.substring(5, 12) + " BODY[TEXT]<0> {12}\r\n0123456789\r\n)");
            assertThat(client.ok("FETCH 1 BODY.PEEK[]<4294967296.1>").only())
                    .isEqualTo("* 1 FETCH (BODY[]<4294967296> {0}\r\n)");
            client.bad("FETCH 1 BODY.PEEK[]<0.0>");
            client.bad("FETCH 1 BODY.PEEK[]<99999999999999999999.1>");
            assertThat(client.ok("FETCH 1 FLAGS").only()).doesNotContain("\\Seen");
            assertThat(client.ok("FETCH 1 BODY[TEXT]<2.3>").only())
                    .startsWith("* 1 FETCH (BODY[TEXT]<2> {3}\r\n234 FLAGS (\\Seen");
            assertThat(client.ok("FETCH 1 (BODY.PEEK[TEXT]<1.2> BODY.PEEK[TEXT]<4.2>)")
                            .only())
                    .isEqualTo("* 1 FETCH (BODY[TEXT]<1> {2}\r\n12 BODY[TEXT]<4> {2}\r\n45)");
        }
    }

    // ---- B27 ---------------------------------------------------------------------------------------------------

    @Test
    void b27EveryMessageHasAStructure() throws IOException {
        List<String> types = List.of(
                "Content-Type: multipart/signed\r\n",
                "Content-Type: multipart/mixed; boundary=\"\"\r\n",
                "Content-Type: multipart/mixed; boundary=never\r\n",
                "Content-Type: multipart/mixed; boundary=b\r\n",
                "Content-Type: text\r\n",
                "Content-Type: ;\r\n",
                "Content-Type: text/html\r\nContent-Type: multipart/mixed; boundary=b\r\n",
                "Content-Type: message/rfc822\r\n");
        try (ImapClient client = server.login()) {
            for (String type : types) {
                client.append(
                        "INBOX", "From: a@b\r\nMIME-Version: 1.0\r\n" + type + "\r\npreamble\r\n--b--\r\nepilogue\r\n");
            }
            client.ok("SELECT INBOX");
            ImapClient.Talk fetch = client.ok("FETCH 1:* (BODYSTRUCTURE ENVELOPE)");
            assertThat(fetch.untagged()).hasSize(types.size());
            for (String response : fetch.untagged()) {
                String structure = response.substring(response.indexOf("BODYSTRUCTURE "));
                assertThat(structure).doesNotContain("-1", "(boundary NIL)", "(NIL \"mixed\")");
                assertThat(StructureGrammar.structure(structure.substring("BODYSTRUCTURE ".length())))
                        .as(response)
                        .isTrue();
            }
            assertThat(client.ok("FETCH 1:* (BODY BODY.PEEK[1])").untagged()).hasSize(types.size());
        }
    }

    // ---- B28 ---------------------------------------------------------------------------------------------------

    @Test
    void b28SearchDatesDoNotDependOnTheHost() throws IOException {
        TimeZone zone = TimeZone.getDefault();
        try (ImapClient client = server.login()) {
            client.append(
                    "INBOX \"27-Dec-2020 23:30:00 -0800\"",
                    "Date: Mon, 28 Dec 2020 03:18:38 +0900\r\nSubject: x\r\n\r\nx\r\n");
            client.ok("SELECT INBOX");
            assertThat(client.ok("FETCH 1 INTERNALDATE").only()).contains("\"28-Dec-2020 07:30:00 +0000\"");
            for (String host : List.of("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago")) {
                TimeZone.setDefault(TimeZone.getTimeZone(host));
                assertThat(client.ok("SEARCH ON 27-Dec-2020").only()).isEqualTo("* SEARCH");
                assertThat(client.ok("SEARCH ON 28-Dec-2020").only()).isEqualTo("* SEARCH 1");
                assertThat(client.ok("SEARCH BEFORE 28-Dec-2020").only()).isEqualTo("* SEARCH");
                assertThat(client.ok("SEARCH SINCE 28-Dec-2020").only()).isEqualTo("* SEARCH 1");
                assertThat(client.ok("SEARCH SENTON 28-Dec-2020").only()).isEqualTo("* SEARCH 1");
                assertThat(client.ok("SEARCH SENTON 27-Dec-2020").only()).isEqualTo("* SEARCH");
                assertThat(client.ok("SEARCH SENTSINCE 28-Dec-2020").only()).isEqualTo("* SEARCH 1");
                assertThat(client.ok("SEARCH SENTSINCE 29-Dec-2020").only()).isEqualTo("* SEARCH");
            }
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    // ---- B29 ---------------------------------------------------------------------------------------------------

    @Test
    void b29NamesHaveOneSpelling() throws IOException {
        try (ImapClient client = server.login()) {
            int before = client.ok("LIST \"\" *").untagged().size();
            for (String name : List.of("a&AC8-b", "x&AGE-", "&AOk", "&&-", "&2D0-", "/etc", "a//b")) {
                assertThat(client.no("CREATE \"" + name + "\"").tagged())
                        .as(name)
                        .startsWith("NO [CANNOT] ");
            }
            client.bad("CREATE \"a\0b\"");
            assertThat(client.ok("LIST \"\" *").untagged()).hasSize(before);
            for (String name : List.of("Q&-A", "&BBAEMQQy-&-&BDMENAQ1-")) {
                client.ok("CREATE \"" + name + "\"");
                assertThat(client.ok("LIST \"\" \"" + name + "\"").only()).endsWith(" \"/\" " + name);
            }
            client.command("CREATE ../../etc/passwd");
            assertThat(client.ok("LIST \"\" \"%\"").untagged()).allMatch(l -> !l.contains("passwd"));
        }
        try (ImapClient client = server.login()) {
            client.ok("ENABLE UTF8=ACCEPT");
            String name = latin1OfUtf8("\u0410\u0431\u0432&\u0433\u0434\u0435");
            assertThat(client.ok("LIST \"\" \"" + name + "\"").only()).endsWith("\"" + name + "\"");
            assertThat(client.ok("LIST \"\" Q&A").only()).endsWith(" Q&A");
        }
    }

    // ---- B30 ---------------------------------------------------------------------------------------------------

    @Test
    void b30InboxAndSpecialUsesComeOnce() throws IOException {
        try (ImapClient client = server.login()) {
            client.ok("CREATE inbox/Child");
            client.ok("CREATE p/q/r");
            List<String> all = client.ok("LIST \"\" *").untagged();
            assertThat(all.stream()
                            .filter(l -> l.toUpperCase(java.util.Locale.ROOT).endsWith(" INBOX")))
                    .hasSize(1)
                    .allMatch(l -> l.endsWith(" INBOX"));
            for (String use : List.of("\\Drafts", "\\Sent", "\\Trash", "\\Junk", "\\Archive")) {
                assertThat(all.stream().filter(l -> l.contains(use))).as(use).hasSize(1);
            }
            client.no("CREATE inbox");
            client.no("CREATE InBox");
            client.ok("SELECT iNbOx");
            client.ok("STATUS Inbox (MESSAGES)");

            assertThat(client.ok("LIST (SUBSCRIBED) \"\" \"#shared/*\" RETURN (SPECIAL-USE)")
                            .untagged())
                    .isEmpty();
            assertThat(client.ok("LIST \"#shared/\" \"*\"").untagged()).isEmpty();
            assertThat(client.ok("LIST \"p/\" \"*\"").untagged())
                    .isEqualTo(client.ok("LIST \"\" \"p/*\"").untagged())
                    .hasSize(2);
            assertThat(client.ok("LIST \"INBOX\" \"/%\"").untagged())
                    .hasSize(1)
                    .allMatch(l -> l.endsWith(" INBOX/Child"));
            assertThat(client.ok("NAMESPACE").only()).isEqualTo("* NAMESPACE ((\"\" \"/\")) NIL NIL");
            assertThat(client.ok("LIST \"\" %/%").untagged()).noneMatch(l -> l.endsWith("p/q/r"));
            ImapClient.Talk status = client.ok("LIST \"\" (\"INBOX\" \"Sent\") RETURN (STATUS (MESSAGES))");
            assertThat(status.with("* LIST ")).hasSize(2);
            assertThat(status.with("* STATUS "))
                    .containsExactly("* STATUS INBOX (MESSAGES 0)", "* STATUS Sent (MESSAGES 0)");
            client.ok("DELETE p/q");
            assertThat(client.ok("LIST \"\" p/%").only()).matches(".*\\\\(NonExistent|Noselect).* p/q");
        }
    }

    // ---- B31 ---------------------------------------------------------------------------------------------------

    @Test
    void b31IdleTellsEachChangeOnce() throws IOException {
        try (ImapClient a = inbox(3);
                ImapClient b = server.login()) {
            b.ok("SELECT INBOX");
            a.send("i IDLE\r\n");
            assertThat(a.response()).startsWith("+ ");
            b.append("INBOX", SMALL);
            assertThat(a.response()).isEqualTo("* 4 EXISTS");
            // RFC 3501 §2.3.2: the fourth is recent for whichever session the server tells first.
            assertThat(a.response()).isIn("* 3 RECENT", "* 4 RECENT");
            b.ok("STORE 2 +FLAGS.SILENT (\\Deleted)");
            assertThat(a.response()).startsWith("* 2 FETCH (FLAGS (\\Deleted");
            b.ok("EXPUNGE");
            assertThat(a.response()).isEqualTo("* 2 EXPUNGE");
            a.send("DONE\r\n");
            ImapClient.Talk end = a.until("i");
            assertThat(end.untagged()).noneMatch(l -> l.contains("EXISTS"));
            assertThat(end.tagged()).startsWith("OK ");
            assertThat(a.ok("EXPUNGE").untagged()).isEmpty();
        }
    }

    @Test
    void b31NumbersDoNotShiftUntilTold() throws IOException {
        try (ImapClient a = inbox(4);
                ImapClient b = server.login()) {
            b.ok("SELECT INBOX");
            b.ok("STORE 1 +FLAGS.SILENT (\\Deleted)");
            b.ok("EXPUNGE");
            b.append("INBOX", SMALL);
            ImapClient.Talk fetch = a.ok("FETCH 3 (UID)");
            assertThat(fetch.untagged())
                    .contains("* 3 FETCH (UID 3)", "* 5 EXISTS")
                    .noneMatch(l -> l.contains("EXPUNGE"));
            assertThat(a.ok("FETCH 1 (FLAGS)").tagged()).startsWith("OK [EXPUNGEISSUED] ");
            assertThat(a.ok("STORE 1:2 +FLAGS (\\Flagged)").untagged())
                    .hasSize(1)
                    .allMatch(l -> l.startsWith("* 2 FETCH (FLAGS (\\Flagged"));
            assertThat(a.ok("SEARCH ALL").only()).isEqualTo("* SEARCH 2 3 4 5");
            assertThat(a.ok("FETCH 5 UID").only()).isEqualTo("* 5 FETCH (UID 5)");
            ImapClient.Talk noop = a.ok("NOOP");
            assertThat(noop.untagged()).containsExactly("* 1 EXPUNGE");
            assertThat(a.ok("FETCH 1,4 UID").untagged()).containsExactly("* 1 FETCH (UID 2)", "* 4 FETCH (UID 5)");
        }
    }

    @Test
    void b31EveryMessageGoesOnceHoweverDoneAndChangesMeet() throws IOException {
        try (ImapClient a = inbox(30);
                ImapClient b = server.login()) {
            b.ok("SELECT INBOX");
            int exists = 30;
            for (int round = 0; round < 25; round++) {
                a.send("i" + round + " IDLE\r\n");
                assertThat(a.response()).startsWith("+ ");
                b.send("x" + round + " UID STORE " + (round + 1) + " +FLAGS.SILENT (\\Deleted)\r\ny" + round
                        + " EXPUNGE\r\n");
                a.send("DONE\r\n");
                List<String> said = new ArrayList<>(a.until("i" + round).untagged());
                b.until("x" + round);
                b.until("y" + round);
                said.addAll(a.ok("NOOP").untagged());
                assertThat(said.stream().filter(l -> l.endsWith(" EXPUNGE"))).containsExactly("* 1 EXPUNGE");
                assertThat(said).noneMatch(l -> l.endsWith(" EXISTS"));
                exists--;
            }
            assertThat(a.ok("UID SEARCH ALL").only().split(" ")).hasSize(2 + exists);
        }
    }

    // ---- B37 ---------------------------------------------------------------------------------------------------

    @Test
    void b37NulNeverCutsAString() throws IOException {
        try (ImapClient other = server.login()) {
            for (String command : List.of(
                    "LOGIN \"ann@example.com\0er\" \"secret\"",
                    "LOGIN \"u\\\n",
                    "LOGIN {3+}\r\na\0b \"x\"",
                    "LOGIN ann@example.com\0 secret")) {
                try (ImapClient client = server.connect()) {
                    client.send("a " + command + "\r\n");
                    assertThat(client.response()).as(command).matches("(?s)(a|\\*) (BAD|NO) .*");
                }
            }
            try (ImapClient client = server.connect()) {
                client.send("a AUTHENTICATE \"PL\0AIN\"\r\n");
                assertThat(client.response()).startsWith("a BAD ");
                // base64 of \0ann@example.com\0sec\0ret: one NUL too many
                client.send("b AUTHENTICATE PLAIN AGFubkBleGFtcGxlLmNvbQBzZWMAcmV0\r\n");
                assertThat(client.response()).matches("b (BAD|NO) .*");
                client.ok("NOOP");
            }
            other.ok("NOOP");
        }
    }

    @Test
    void b37NulInMessagesNeverReachesALiteral() throws IOException {
        String message = "From: a@b\r\nSubject: one\0two\r\nContent-Transfer-Encoding: 8bit\r\n\r\nthree\0four\r\n";
        try (ImapClient client = server.login()) {
            client.append("INBOX", message);
            client.ok("SELECT INBOX");
            assertThat(client.ok("FETCH 1 (ENVELOPE BODYSTRUCTURE)").only()).doesNotContain("\0");
            String body = client.ok("FETCH 1 BODY.PEEK[]").only();
            assertThat(body).contains("{" + message.length() + "}\r\n").doesNotContain("\0");
            assertThat(client.ok("FETCH 1 BINARY.PEEK[1]").only())
                    .isEqualTo("* 1 FETCH (BINARY[1] ~{12}\r\nthree\0four\r\n)");
            assertThat(client.ok("FETCH 1 BINARY.PEEK[]").only())
                    .isEqualTo("* 1 FETCH (BINARY[] ~{" + message.length() + "}\r\n" + message + ")");
        }
    }
}
