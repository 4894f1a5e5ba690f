package tamanoir.server.net;

import java.io.IOException;

/// The server's certificate is not the one that is demanded: try another server or later, but send nothing here.
public final class NotVerified extends IOException {
    private static final long serialVersionUID = 1L;

    public NotVerified(String message) {
        super(message);
    }
}
