package tamanoir.server.net;

import java.io.IOException;

/// The server stops and the client is silent: say goodbye (`421`, `* BYE`) and leave.
public final class Stopping extends IOException {
    private static final long serialVersionUID = 1L;

    public Stopping() {
        super("the server stops");
    }
}
