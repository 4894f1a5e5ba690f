package tamanoir.server.authresults.reports;

import java.time.Instant;
import java.util.List;

/// One report of one receiver about one domain and one span of time (RFC 9990 §3.1). Words are those of the XML.
public record AggregateReport(
        String organization, String email, String id, Instant begin, Instant end, Published published, List<Row> rows) {
    /// The policy that was found.
    public record Published(
            String domain, String adkim, String aspf, String p, String sp, String np, boolean testing) {}

    /// Messages of one source that fared alike. `dkim` and `spf` tell whether an aligned identifier passed; `override`
    /// is why the policy was not followed, empty where it was.
    public record Row(
            String source,
            long count,
            String disposition,
            boolean dkim,
            boolean spf,
            String override,
            String headerFrom,
            String envelopeFrom,
            List<Signature> signatures,
            String spfDomain,
            String spfScope,
            String spfResult) {
        public Row {
            signatures = List.copyOf(signatures);
        }

        public boolean passes() {
            return dkim || spf;
        }

        Row times(long newCount) {
            return new Row(
                    source,
                    newCount,
                    disposition,
                    dkim,
                    spf,
                    override,
                    headerFrom,
                    envelopeFrom,
                    signatures,
                    spfDomain,
                    spfScope,
                    spfResult);
        }
    }

    public record Signature(String domain, String selector, String result) {}

    public AggregateReport {
        rows = List.copyOf(rows);
    }

    /// Messages in all.
    public long messages() {
        return rows.stream().mapToLong(Row::count).sum();
    }
}
