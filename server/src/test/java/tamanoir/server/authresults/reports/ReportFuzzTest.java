package tamanoir.server.authresults.reports;

import com.code_intelligence.jazzer.junit.FuzzTest;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Reports that nobody thought of. The seeds run with every build; `JAZZER_FUZZ=1` looks for more.
class ReportFuzzTest {
    @FuzzTest(maxDuration = "100s")
    void aggregate(byte[] octets) {
        AggregateReport report;
        try {
            report = ReportMail.read(Octets.of(octets));
        } catch (BadSyntax e) {
            return;
        }
        AggregateReport again = ReportMail.read(ReportWriter.write(report));
        if (again.rows().size() != report.rows().size()) {
            throw new AssertionError("other rows when written");
        }
    }
}
