package tamanoir.mail.authresults.dmarc;

import java.util.List;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.dmarc.DmarcResult.Request;

/// What DMARC says about a message, and for each domain with a policy how it came to that, for the reports.
public record DmarcVerdict(DmarcResult result, List<Seen> seen) {
    public static final DmarcVerdict NONE = new DmarcVerdict(DmarcResult.NONE, List.of());

    /// One domain of the From field. `at` is the domain that has the record; `spf` and `dkim` tell whether an aligned
    /// identifier passed.
    public record Seen(
            String domain,
            String at,
            DmarcRecord record,
            Result result,
            Request requested,
            boolean spf,
            boolean dkim) {}

    public DmarcVerdict {
        seen = List.copyOf(seen);
    }
}
