package tamanoir.server.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.config.Problem;
import tamanoir.server.filter.draft.Edit;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.LookupTable;
import tamanoir.server.tables.Tables;

/// header_checks(5) to the letter.
class ContentChecksTest {
    private static final Trace TRACE = new Trace("test", "");

    @TempDir
    Path home;

    private List<LookupTable> table(String lines) throws IOException {
        Path file = Files.createTempFile(home, "checks", "");
        Files.writeString(file, lines);
        return new Tables(Config.of(home, Map.of()), Clock.systemUTC(), TRACE).open(List.of("pcre:" + file));
    }

    private Findings header(String lines, String message) throws IOException {
        List<LookupTable> all = table(lines);
        return examine(new ContentChecks(all, all, all, List.of(), 51200, 102400, MimeRules.DEFAULT), message);
    }

    private Findings body(String lines, long limit, String message) throws IOException {
        return examine(
                new ContentChecks(List.of(), List.of(), List.of(), table(lines), limit, 102400, MimeRules.DEFAULT),
                message);
    }

    private static Findings strict(MimeRules rules, String message) {
        return examine(new ContentChecks(List.of(), List.of(), List.of(), List.of(), 51200, 102400, rules), message);
    }

    private static Findings examine(ContentChecks checks, String message) {
        return checks.examine(
                new ByteArrayInputStream(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)), TRACE, "ID");
    }

    private static String edits(Findings findings) {
        StringBuilder text = new StringBuilder();
        for (Edit edit : ((Findings.Go) findings).edits()) {
            text.append(edit.from())
                    .append('-')
                    .append(edit.to())
                    .append(':')
                    .append(edit.instead().latin1());
        }
        return text.toString();
    }

    @Test
    void point26APatternSeesOneLogicalHeaderWithItsNewlines() throws IOException {
        assertThat(header("/^subject: one\\n two$/ REJECT", "Subject: one\n two\n\nx\n"))
                .isInstanceOf(Findings.Reject.class);
        assertThat(header("/^subject: one.*two$/ REJECT", "Subject: one\n two\n\nx\n"))
                .isInstanceOf(Findings.Reject.class);
        assertThat(header("/^subject: one.*two$/s REJECT", "Subject: one\n two\n\nx\n"))
                .isInstanceOf(Findings.Go.class);
        assertThat(header("/^subject: one/i REJECT", "Subject: one\n\nx\n")).isInstanceOf(Findings.Go.class);
        assertThat(header("/^ two/ REJECT", "Subject: one\n two\n\nx\n")).isInstanceOf(Findings.Go.class);
        assertThat(header("/buy/ REJECT", "Subject: =?utf-8?B?YnV5?=\n\nx\n")).isInstanceOf(Findings.Go.class);
    }

    @Test
    void point26BodyChecksSeeOneLineAndStopAtTheLimitOfEachPart() throws IOException {
        String message = "Subject: a\n\n1234567890\nfind me\n";
        assertThat(body("/find me/ REJECT", 100, message)).isInstanceOf(Findings.Reject.class);
        assertThat(body("/find me/ REJECT", 10, message)).isInstanceOf(Findings.Go.class);
        assertThat(body("/0.find/ REJECT", 100, message)).isInstanceOf(Findings.Go.class);
        String parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1234567890\n--b\n\nfind me\n--b--\n";
        assertThat(body("/find me/ REJECT", 10, parts)).isInstanceOf(Findings.Reject.class);
    }

    @Test
    void point27TheFirstMatchOfAHeaderCountsAndTheNextHeaderFollows() throws IOException {
        Findings found =
                header("/^X-A/ IGNORE\n/^X-A/ REJECT\n/^X-B/ OK\n/^X-C/ IGNORE", "X-A: 1\nX-B: 2\nX-C: 3\n\nx\n");
        assertThat(edits(found)).isEqualTo("0-8:16-24:");
    }

    @Test
    void point27RejectAndDiscardEndTheInspectionAndPassStopsIt() throws IOException {
        assertThat(header("/^X-A/ REJECT 4.7.9 later\n/^X-B/ DISCARD", "X-A: 1\nX-B: 2\n\nx\n"))
                .isInstanceOfSatisfying(
                        Findings.Reject.class,
                        r -> assertThat(r.reply().toString()).isEqualTo("450 4.7.9 later"));
        assertThat(header("/^X-B/ DISCARD\n/^X-C/ REJECT", "X-A: 1\nX-B: 2\nX-C: 3\n\nx\n"))
                .isInstanceOf(Findings.Discard.class);
        assertThat(header("/^X-A/ PASS\n/^X-B/ REJECT", "X-A: 1\nX-B: 2\n\nx\n"))
                .isInstanceOf(Findings.Go.class);
    }

    @Test
    void point27TheLastFilterAndTheRedirectAreKept() throws IOException {
        Findings.Go go = (Findings.Go) header(
                "/^X-A/ FILTER smtp:[127.0.0.1]:1\n/^X-B/ FILTER smtp:[127.0.0.1]:2\n/^X-C/ REDIRECT a@b.example\n/^X-D/ BCC c@b.example\n/^X-E/ HOLD look",
                "X-A: 1\nX-B: 2\nX-C: 3\nX-D: 4\nX-E: 5\n\nx\n");
        assertThat(go.through()).contains("smtp:[127.0.0.1]:2");
        assertThat(go.redirect().orElseThrow().toString()).isEqualTo("a@b.example");
        assertThat(go.copies()).hasSize(1);
        assertThat(go.hold()).contains("look");
    }

    @Test
    void point28PrependReplaceIgnoreAndStripChangeTheHeaderAndAreNotCheckedAgain() throws IOException {
        Findings found = header(
                "/^X-A/ PREPEND X-B: new\n/^X-B/ REJECT\n/^X-C: (.*)/ REPLACE X-B: $1\n/^X-D/ STRIP gone",
                "X-A: 1\nX-C: 3\nX-D: 4\n\nx\n");
        assertThat(edits(found)).isEqualTo("0-0:X-B: new\r\n8-16:X-B: 3\r\n16-24:");
    }

    @Test
    void point28TheDefaultStatusOfARefusalIs571() throws IOException {
        assertThat(header("/^X-A/ REJECT", "X-A: 1\n\nx\n").toString())
                .contains("550", "5.7.1", "message content rejected");
    }

    @Test
    void point28OnTheWayOutNothingDecidesAboutTheMessage() throws IOException {
        List<LookupTable> all = table("/^X-A/ REJECT\n/^X-B/ DISCARD\n/^X-C/ PASS\n/^X-D/ HOLD\n/^X-E/ IGNORE");
        ContentChecks out = new ContentChecks(all, all, all, List.of(), 51200, 102400, MimeRules.DEFAULT).onTheWayOut();
        assertThat(edits(examine(out, "X-A: 1\nX-B: 2\nX-C: 3\nX-D: 4\nX-E: 5\n\nx\n")))
                .isEqualTo("32-40:");
    }

    @Test
    void aWrongActionDefersWithTheLineOfTheTable() {
        assertThatThrownBy(() -> header("/^X-B/ IGNORE\n/^X-A/ REJEKT", "X-A: 1\n\nx\n"))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        e -> assertThat(e.detail()).contains(":2: ").contains("REJEKT"));
    }

    @Test
    void theCheckNamesFileAndLineOfWrongActionsAndMilters() throws IOException {
        Path file = home.resolve("headers");
        Files.writeString(file, "/^a/ IGNORE\n\n/^b/ REJEKT now\nif /c/\n/^d/ REDIRECT nowhere\nendif\n");
        Path out = home.resolve("out");
        Files.writeString(out, "/^a/ REJECT\n");
        Config config = Config.of(
                home,
                Map.of(
                        "header_checks",
                        "pcre:" + file,
                        "smtp_header_checks",
                        "regexp:" + out,
                        "smtpd_milters",
                        "{ inet:127.0.0.1:1, speed=fast }",
                        "rspamd_url",
                        "nowhere"));
        try (MemoryStore store = new MemoryStore()) {
            List<String> problems = new FilterCheck(store.blobs())
                    .check(config, new Tables(config, Clock.systemUTC(), TRACE)).stream()
                            .map(Problem::toString)
                            .toList();
            assertThat(problems)
                    .anyMatch(p -> p.startsWith(file + ":3: error: ") && p.contains("REJEKT"))
                    .anyMatch(p -> p.startsWith(file + ":5: error: ") && p.contains("REDIRECT nowhere"))
                    .anyMatch(p -> p.startsWith(out + ":1: warning: ") && p.contains("smtp_header_checks"))
                    .anyMatch(p -> p.contains("\"speed\" is no setting"))
                    .anyMatch(p -> p.contains("rspamd_url"))
                    .hasSize(5);
        }
    }

    @Test
    void strictRulesRefuseWhatMimeDoesNotAllow() {
        MimeRules headers = new MimeRules(false, 100, 2048, false, true, false, false);
        assertThat(strict(headers, "Subject: h\u00e9\n\nx\n").toString())
                .contains("554", "5.6.0", "8-bit data in message header");
        assertThat(strict(headers, "Subject: h\n\nh\u00e9\n")).isInstanceOf(Findings.Go.class);
        MimeRules bodies = new MimeRules(false, 100, 2048, false, false, true, false);
        assertThat(strict(bodies, "Subject: h\n\nh\u00e9\n").toString()).contains("8-bit data in message body");
        assertThat(strict(bodies, "Content-Transfer-Encoding: 8bit\n\nh\u00e9\n"))
                .isInstanceOf(Findings.Go.class);
        MimeRules encodings = new MimeRules(false, 100, 2048, false, false, false, true);
        assertThat(strict(
                                encodings,
                                "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\nx\n")
                        .toString())
                .contains("encoding domain");
        MimeRules nesting = new MimeRules(false, 1, 2048, true, false, false, false);
        String deep =
                "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n";
        assertThat(strict(nesting, deep).toString()).contains("nesting exceeds");
        assertThat(strict(new MimeRules(true, 1, 2048, true, false, false, false), deep))
                .isInstanceOf(Findings.Go.class);
    }

    @Test
    void charactersAreRefusedOrTakenOut() {
        try (MemoryStore store = new MemoryStore()) {
            Body body = new Body.Small(Octets.latin1("a\0b\u00ffc\r\n"));
            assertThat(Characters.of("\\0", "").refuses(body, store.blobs())).isTrue();
            assertThat(Characters.of("\\7x", "").refuses(body, store.blobs())).isFalse();
            assertThat(Characters.of("", "\\0\\377")
                            .cleaned(body, store.blobs())
                            .load(store.blobs()))
                    .isEqualTo(Octets.of("abc\r\n"));
            assertThat(Characters.of("", "\\tz").cleaned(body, store.blobs())).isSameAs(body);
        }
    }
}
