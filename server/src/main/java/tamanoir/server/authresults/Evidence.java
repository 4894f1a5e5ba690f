package tamanoir.server.authresults;

import java.util.List;
import tamanoir.mail.authresults.arc.ArcResult;
import tamanoir.mail.authresults.dkim.Verified;
import tamanoir.mail.authresults.dmarc.DmarcResult;
import tamanoir.mail.authresults.spf.SpfResult;

/// What is known about where a message comes from, for whoever decides about it. Immutable.
///
/// `field` is the Authentication-Results field that tells of it (RFC 8601), ended by CRLF; empty when nothing was
/// checked.
public record Evidence(SpfResult spf, List<Verified> dkim, ArcResult arc, DmarcResult dmarc, String field) {
    /// Nothing was checked: mail of our own users, or all checks are off.
    public static final Evidence NONE = new Evidence(SpfResult.NONE, List.of(), ArcResult.NONE, DmarcResult.NONE, "");

    public Evidence {
        dkim = List.copyOf(dkim);
    }
}
