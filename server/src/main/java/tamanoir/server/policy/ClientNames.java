package tamanoir.server.policy;

import java.net.InetSocketAddress;

/// Finds out what a client is called.
@FunctionalInterface
public interface ClientNames {
    /// Answers within the resolver's time limit, with [Client#UNKNOWN] where there is no name.
    Client of(InetSocketAddress peer);

    /// Without asking anybody (`smtpd_peername_lookup = no`).
    static ClientNames none() {
        return peer -> Client.nameless(peer.getAddress(), peer.getPort());
    }
}
