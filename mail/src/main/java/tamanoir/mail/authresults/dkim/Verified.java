package tamanoir.mail.authresults.dkim;

import tamanoir.mail.authresults.Result;

/// What became of one signature (RFC 6376 §6.1).
///
/// `reason` is why it did not pass, in words for a person. `domain` is `d=`, `selector` is `s=`, `identity` is `i=`.
/// `whole` is false when `l=` leaves a part of the body uncovered: whoever decides by such a pass trusts words that
/// anybody may have added (§8.2).
public record Verified(
        Result result,
        String reason,
        String domain,
        String selector,
        String identity,
        String algorithm,
        int keyBits,
        boolean whole) {
    /// A pass that covers all there is.
    public boolean vouches() {
        return result.isPass() && whole;
    }
}
