package tamanoir.server.net;

import java.io.IOException;

/// What stands behind a listener: a conversation in one protocol.
public interface Door {
    /// Talks with one client until either has enough; runs in a virtual thread of its own. The listener closes the
    /// connection afterwards. An `IOException` means that the peer has gone.
    void serve(Connection connection) throws IOException;

    /// What a client is told that there is no room for, with its line ending: `421 …`, `* BYE …`, `-ERR …`.
    String refusal(Crowded why);

    enum Crowded {
        /// This client has too many connections.
        CLIENT,
        /// Everybody together has.
        SERVICE
    }
}
