package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `tamanoir dmarc report`, on reports that came by mail.
@Timeout(120)
class DmarcReportTest {
    private static final String REPORT = """
            From: noreply@big.example
            To: dmarc@example.com
            Subject: Report Domain: example.com
            MIME-Version: 1.0
            Content-Type: application/xml; name="report.xml"

            <feedback><report_metadata><org_name>big.example</org_name><report_id>1</report_id></report_metadata>
            <record><row><source_ip>203.0.113.5</source_ip><count>40</count><policy_evaluated>
            <disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
            <identifiers><header_from>example.com</header_from></identifiers></record>
            <record><row><source_ip>198.51.100.7</source_ip><count>2</count><policy_evaluated>
            <disposition>reject</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>
            <identifiers><header_from>example.com</header_from></identifiers></record></feedback>
            """;

    @TempDir
    Path folder;

    @Test
    void reportsOfOthersAreSummedUpBySource() throws IOException {
        try (House house = House.of(folder.resolve("home")).start().people("dmarc")) {
            House.Outcome empty = house.run("dmarc", "report", "dmarc@example.com");
            assertThat(empty.out()).contains("No DMARC report").contains("rua=mailto:dmarc@example.com");
            for (int twice = 0; twice < 2; twice++) {
                assertThat(house.runWith(REPORT, "sendmail", "dmarc@example.com")
                                .exit())
                        .isZero();
            }
            House.await(
                    "both reports",
                    () -> house.run("dmarc", "report", "dmarc@example.com")
                            .out()
                            .contains("1 reports of 1 receivers."));
            House.Outcome told = house.run("dmarc", "report", "dmarc@example.com");
            assertThat(told.out())
                    .containsPattern("example.com +203\\.0\\.113\\.5 +40 +40 +0 +0 +0")
                    .containsPattern("example.com +198\\.51\\.100\\.7 +2 +0 +0 +2 +2");
            assertThat(house.run("dmarc", "report", "dmarc@example.com", "--json")
                            .out())
                    .contains("\"source\":\"203.0.113.5\"");
            assertThat(house.run("dmarc", "report", "nobody@example.com").exit())
                    .isNotZero();
        }
    }
}
