package tamanoir.mail.imap;

/// The RETURN options of SEARCH, SORT: what an ESEARCH response tells (RFC 4731 §3.1, RFC 5182 §2.1, RFC 9394 §3.1).
///
/// [#NONE] is a command without RETURN, answered by the old SEARCH response. `partialFrom` is 0 without PARTIAL;
/// counted
/// from 1, or from the end when negative.
public record SearchReturn(
        boolean asked,
        boolean min,
        boolean max,
        boolean all,
        boolean count,
        boolean save,
        long partialFrom,
        long partialTo) {
    public static final SearchReturn NONE = new SearchReturn(false, false, false, true, false, false, 0, 0);

    public boolean partial() {
        return partialFrom != 0;
    }
}
