package tamanoir.mail.authresults.dmarc;

import tamanoir.mail.authresults.Result;

/// What DMARC says about the domain that the reader is shown (RFC 7489 §6.6).
///
/// `requested` is what the domain asks receivers to do with mail that fails. `domain` is that of the From field in
/// ASCII,
/// `organizational` the one that its policy and alignment were looked up by; both are empty without a usable From
/// field.
public record DmarcResult(Result result, Request requested, String domain, String organizational, String reason) {
    /// `p=` (RFC 7489 §6.3).
    public enum Request {
        NONE,
        QUARANTINE,
        REJECT
    }

    public static final DmarcResult NONE = new DmarcResult(Result.NONE, Request.NONE, "", "", "");
}
