package tamanoir.mail.authresults;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import tamanoir.mail.authresults.dmarc.Author;
import tamanoir.mail.authresults.dmarc.DmarcCheck;
import tamanoir.mail.authresults.dmarc.DmarcRecord;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.spf.SpfCheck;
import tamanoir.mail.authresults.spf.SpfLimits;
import tamanoir.mail.authresults.spf.SpfQuestion;
import tamanoir.mail.authresults.spf.SpfResult;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Records and fields that nobody thought of. The seeds run with every build; `JAZZER_FUZZ=1` with one of the methods
/// looks for more.
class AuthresultsFuzzTest {
    @FuzzTest(maxDuration = "100s")
    void spfRecord(byte[] octets) {
        String record = "v=spf1 " + Octets.of(octets).latin1();
        ZoneDns dns = new ZoneDns()
                .txt("fuzz.example", record)
                .txt("other.example", record)
                .add("A", "fuzz.example", "192.0.2.9")
                .add("PTR", "1.2.0.192.in-addr.arpa", "fuzz.example")
                .add("MX", "fuzz.example", "1 fuzz.example");
        for (String client : List.of("192.0.2.1", "2001:db8::1")) {
            SpfResult result = SpfCheck.of(
                    new SpfQuestion(
                            ZoneDns.address(client),
                            "fuzz.example",
                            "strong-bad",
                            "helo.example",
                            false,
                            "mx.example.com",
                            Instant.EPOCH),
                    dns,
                    SpfLimits.DEFAULT,
                    () -> false);
            that(
                    result.explanation().chars().allMatch(c -> c >= ' ' && c < 127),
                    "an explanation that is no line: " + result);
        }
        that(
                dns.questions().size() < 300,
                "too many questions: " + dns.questions().size());
    }

    @FuzzTest(maxDuration = "100s")
    void authenticationResults(byte[] octets) {
        String value = Octets.of(octets).utf8();
        AuthenticationResults read;
        try {
            read = AuthenticationResults.parse(value);
        } catch (BadSyntax e) {
            return;
        }
        that(
                AuthenticationResults.claimed(value)
                        .filter(read.server()::equals)
                        .isPresent(),
                "another server claims the field");
        HeaderFields fields = HeaderFields.of(Octets.of(read.toField() + "\r\n"));
        that(fields.size() == 1, "more than one field: " + read.toField());
        AuthenticationResults again = AuthenticationResults.parse(fields.get(0).value());
        that(again.methods().size() == read.methods().size(), "other results when written");
    }

    @FuzzTest(maxDuration = "100s")
    void dmarcRecord(byte[] octets) {
        String text = Octets.of(octets).latin1();
        DmarcRecord.parse(text);
        ZoneDns dns = new ZoneDns().txt("_dmarc.fuzz.example", "v=DMARC1;" + text);
        DmarcResult result = DmarcCheck.of(
                        Author.of(HeaderFields.of(Octets.of("From: a@x.fuzz.example\r\n\r\n"))),
                        SpfResult.NONE,
                        List.of(),
                        dns)
                .result();
        that(result.result() == Result.NONE || result.result() == Result.FAIL, "it passes: " + result);
    }

    @FuzzTest(maxDuration = "100s")
    void author(byte[] octets) {
        Author author = Author.of(HeaderFields.of(Octets.join(Octets.of("From: "), Octets.of(octets))));
        that(author.domains().size() <= 5, "too many domains");
        that(!author.domains().isEmpty() || !author.problem().isEmpty(), "no author and no problem");
    }

    private static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
