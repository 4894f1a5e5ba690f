package tamanoir.server.filter;

import tamanoir.server.authresults.Evidence;

/// What the door knows about a message beside its envelope: who brought it, and what vouches for it.
public record About(Peer peer, Evidence evidence) {
    /// Our own mail, which nobody need vouch for.
    public static final About OURS = new About(Peer.OURSELVES, Evidence.NONE);
}
