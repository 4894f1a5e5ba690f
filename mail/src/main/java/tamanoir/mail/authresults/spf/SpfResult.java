package tamanoir.mail.authresults.spf;

import tamanoir.mail.authresults.Result;

/// What SPF says about one client and one identity (RFC 7208 §2.6).
///
/// `domain` is the one that was asked, in ASCII; `helo` tells that it was the HELO identity (§2.3). `explanation` is
/// why, in words for a person: the domain's own (§6.2) after a fail, ours after an error; perhaps empty.
public record SpfResult(Result result, String domain, boolean helo, String explanation) {
    public static final SpfResult NONE = new SpfResult(Result.NONE, "", false, "");
}
