package tamanoir.server.authresults.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.Author;
import tamanoir.mail.authresults.dmarc.DmarcCheck;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.authresults.Examiner;
import tamanoir.server.authresults.Signatures;
import tamanoir.server.authresults.reports.AggregateReport.Published;
import tamanoir.server.authresults.reports.AggregateReport.Row;
import tamanoir.server.authresults.reports.AggregateReport.Signature;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.FakeDns;
import tamanoir.server.testkit.TurnableClock;

class ReportsTest {
    private static final Row ROW = new Row(
            "2001:db8::1",
            3,
            "quarantine",
            true,
            false,
            "trusted_forwarder",
            "shop.example",
            "bounce.shop.example",
            List.of(new Signature("shop.example", "s1", "pass"), new Signature("<evil>&", "s2", "fail")),
            "bounce.shop.example",
            "mfrom",
            "softfail");
    private static final AggregateReport REPORT = new AggregateReport(
            "Example & Sons",
            "postmaster@example.com",
            "1@example.com",
            Instant.ofEpochSecond(1_700_006_400),
            Instant.ofEpochSecond(1_700_092_799),
            new Published("shop.example", "r", "s", "reject", "quarantine", "none", true),
            List.of(ROW));

    private static final ReportSettings SETTINGS = new ReportSettings(
            true, "Example", Address.of("postmaster@example.com"), "mail.example.com", 100, 1_000_000);

    private final TurnableClock clock = new TurnableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private final FakeDns dns = new FakeDns();
    private final List<Octets> sent = new ArrayList<>();
    private final List<String> recipients = new ArrayList<>();

    private Reporter reporter(Ledger ledger) {
        return new Reporter(
                ledger,
                dns,
                () -> SETTINGS,
                (to, message) -> {
                    recipients.add(to.toString());
                    sent.add(message);
                },
                clock);
    }

    private void saw(Ledger ledger, String client, String domain) {
        SpfResult spf = new SpfResult(Result.PASS, domain, false, "");
        Verified dkim = new Verified(Result.FAIL, "", domain, "s1", "", "rsa-sha256", 2048, true);
        ledger.saw(
                new Examiner.Subject(
                        new Trace("test", ""),
                        InetAddress.ofLiteral(client),
                        "helo.example",
                        ReversePath.of(Address.of("a@" + domain)),
                        new Body.Small(Octets.EMPTY)),
                spf,
                new Signatures.Found(List.of(dkim), ArcResult.NONE),
                DmarcCheck.of(
                        Author.of(HeaderFields.of(Octets.of("From: a@" + domain + "\r\n\r\n"))),
                        spf,
                        List.of(dkim),
                        dns),
                Optional.empty(),
                "none");
    }

    @Test
    void whatIsWrittenIsReadAsItWas() {
        Octets xml = ReportWriter.write(REPORT);
        assertThat(ReportMail.read(xml)).isEqualTo(REPORT);
        assertThat(xml.utf8()).contains("&lt;evil&gt;&amp;").contains("urn:ietf:params:xml:ns:dmarc-2.0");
    }

    @Test
    void theDayBeforeIsToldAndForgotten() {
        dns.txt(
                        "_dmarc.shop.example",
                        "v=DMARC1; p=reject; adkim=s; rua=mailto:dmarc@shop.example, mailto:x@stats.example!10m")
                .txt("shop.example._report._dmarc.stats.example", "v=DMARC1")
                .txt("_dmarc.quiet.example", "v=DMARC1; p=reject");
        Ledger ledger = new Ledger(store, clock);
        saw(ledger, "192.0.2.1", "shop.example");
        saw(ledger, "192.0.2.1", "shop.example");
        ledger.flush();
        saw(ledger, "192.0.2.1", "shop.example");
        saw(ledger, "192.0.2.2", "shop.example");
        saw(ledger, "192.0.2.2", "quiet.example");
        ledger.flush();
        assertThat(reporter(ledger).sendDue()).isZero();
        clock.advance(Duration.ofDays(1));
        assertThat(reporter(ledger).sendDue()).isEqualTo(2);
        assertThat(recipients).containsExactly("dmarc@shop.example", "x@stats.example");
        AggregateReport report = ReportMail.in(sent.getFirst()).getFirst();
        assertThat(report.published())
                .isEqualTo(new Published("shop.example", "s", "r", "reject", "reject", "reject", false));
        assertThat(report.begin()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
        assertThat(report.end()).isEqualTo(Instant.parse("2026-03-01T23:59:59Z"));
        assertThat(report.messages()).isEqualTo(4);
        assertThat(report.rows())
                .extracting(Row::source, Row::count)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("192.0.2.1", 3L),
                        org.assertj.core.groups.Tuple.tuple("192.0.2.2", 1L));
        assertThat(reporter(ledger).sendDue()).isZero();
    }

    @Test
    void aReportLooksAsTheRfcWantsIt() {
        dns.txt("_dmarc.shop.example", "v=DMARC1; p=none; rua=mailto:dmarc@shop.example");
        Ledger ledger = new Ledger(store, clock);
        saw(ledger, "192.0.2.1", "shop.example");
        ledger.flush();
        clock.advance(Duration.ofDays(1));
        reporter(ledger).sendDue();
        Part root = MessageParser.parse(sent.getFirst());
        assertThat(root.fields().text("Subject"))
                .contains("Report Domain: shop.example Submitter: mail.example.com Report-ID:"
                        + " <2026-03-01.shop.example@mail.example.com>");
        assertThat(root.fields().value("Auto-Submitted")).contains("auto-generated");
        Part attachment = root.children().get(1);
        assertThat(attachment.contentType().mediaType()).isEqualTo("application/gzip");
        assertThat(attachment.fileName()).contains("mail.example.com!shop.example!1772323200!1772409599.xml.gz");
    }

    @Test
    void nobodyIsFloodedWhoDidNotAsk() {
        dns.txt(
                "_dmarc.evil.example",
                "v=DMARC1; p=none; rua=mailto:victim@victim.example,mailto:small@evil.example!1");
        Ledger ledger = new Ledger(store, clock);
        saw(ledger, "192.0.2.1", "evil.example");
        ledger.flush();
        clock.advance(Duration.ofDays(1));
        assertThat(reporter(ledger).sendDue()).isZero();
        assertThat(sent).isEmpty();
    }

    @Test
    void archivesAreOpenedAndBombsAreNot() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(zipped)) {
            zip.putNextEntry(new ZipEntry("report.xml"));
            ReportWriter.write(REPORT).writeTo(zip);
        }
        assertThat(ReportMail.read(Octets.of(zipped.toByteArray()))).isEqualTo(REPORT);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write("<feedback><x>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] zeros = new byte[1 << 20];
            java.util.Arrays.fill(zeros, (byte) ' ');
            for (int i = 0; i < 70; i++) {
                gzip.write(zeros);
            }
        }
        assertThatThrownBy(() -> ReportMail.read(Octets.of(bomb.toByteArray()))).isInstanceOf(BadSyntax.class);
    }

    @Test
    void documentTypesAndEntitiesAreRefused() {
        for (String xml : List.of(
                "<!DOCTYPE feedback [<!ENTITY a \"aaaa\">]><feedback>&a;</feedback>",
                "<!DOCTYPE feedback SYSTEM \"file:///etc/passwd\"><feedback/>",
                "<other/>",
                "<feedback>",
                "nothing")) {
            assertThatThrownBy(() -> ReportReader.read(
                            new ByteArrayInputStream(xml.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                    .as(xml)
                    .isInstanceOf(BadSyntax.class);
        }
    }

    /// As the large receivers write: RFC 7489, no namespace.
    @Test
    void olderReportsAreRead() {
        String xml = """
                <?xml version="1.0" encoding="UTF-8" ?>
                <feedback>
                  <report_metadata><org_name>big.example</org_name><email>noreply@big.example</email>
                    <report_id>42</report_id><date_range><begin>1700006400</begin><end>1700092799</end></date_range>
                  </report_metadata>
                  <policy_published><domain>shop.example</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>
                  <record><row><source_ip>192.0.2.9</source_ip><count>7</count>
                    <policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row>
                    <identifiers><header_from>shop.example</header_from></identifiers>
                    <auth_results><spf><domain>shop.example</domain><result>pass</result></spf></auth_results></record>
                </feedback>
                """;
        AggregateReport report = ReportMail.read(Octets.of(xml));
        assertThat(report.organization()).isEqualTo("big.example");
        assertThat(report.rows()).hasSize(1);
        assertThat(report.rows().getFirst().count()).isEqualTo(7);
        assertThat(report.rows().getFirst().passes()).isTrue();
    }
}
