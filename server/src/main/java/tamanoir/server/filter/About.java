package tamanoir.server.filter;

import java.util.Optional;
import tamanoir.server.authresults.Evidence;
import tamanoir.server.filter.milter.MilterTalk;

/// What the door knows about a message beside its envelope: who brought it, what vouches for it, and the milters that
/// have followed the session; none where there was no session.
public record About(Peer peer, Evidence evidence, Optional<MilterTalk> talk) {
    /// Our own mail, which nobody need vouch for.
    public static final About OURS = new About(Peer.OURSELVES, Evidence.NONE);

    public About(Peer peer, Evidence evidence) {
        this(peer, evidence, Optional.empty());
    }
}
