package tamanoir.mail.authresults.arc;

import java.util.List;
import tamanoir.mail.authresults.Result;

/// What a chain of seals is worth (RFC 8617 §5.2): NONE, PASS or FAIL, or TEMPERROR when a key could not be fetched.
///
/// `sealers` are the domains of the seals, first instance first.
public record ArcResult(Result result, String reason, int instances, List<String> sealers) {
    public static final ArcResult NONE = new ArcResult(Result.NONE, "", 0, List.of());

    public ArcResult {
        sealers = List.copyOf(sealers);
    }
}
