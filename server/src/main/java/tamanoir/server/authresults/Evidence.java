package tamanoir.server.authresults;

import java.util.List;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.spf.SpfResult;

/// What is known about where a message comes from, for whoever decides about it. Immutable.
///
/// `field` is the Authentication-Results field that tells of it (RFC 8601), ended by CRLF; empty when nothing was
/// checked. `forged` are fields of the message that claim to be ours and have to go, in the order of their place.
public record Evidence(
        SpfResult spf, List<Verified> dkim, ArcResult arc, DmarcResult dmarc, String field, List<Span> forged) {
    /// Octets `from` (inclusive) to `to` (exclusive) of the message.
    public record Span(long from, long to) {}

    /// Nothing was checked: mail of our own users, or all checks are off.
    public static final Evidence NONE = new Evidence(SpfResult.NONE, List.of(), ArcResult.NONE, DmarcResult.NONE, "");

    public Evidence {
        dkim = List.copyOf(dkim);
        forged = List.copyOf(forged);
    }

    public Evidence(SpfResult spf, List<Verified> dkim, ArcResult arc, DmarcResult dmarc, String field) {
        this(spf, dkim, arc, dmarc, field, List.of());
    }

    /// The domain that the reader is shown does not want this message to arrive like any other.
    public boolean isUnwanted() {
        return dmarc.result() == Result.FAIL && dmarc.requested() != DmarcResult.Request.NONE;
    }
}
