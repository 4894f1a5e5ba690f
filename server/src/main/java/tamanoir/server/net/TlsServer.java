package tamanoir.server.net;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/// The server side of TLS: certificates by name, protocols, session cache. One for all doors; certificates are swapped
/// in place.
public class TlsServer {
    SSLSocket over(Socket raw) throws IOException {
        throw new IOException("there is no certificate for " + raw.getLocalAddress());
    }
}
