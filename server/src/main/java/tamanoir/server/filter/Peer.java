package tamanoir.server.filter;

import java.net.InetAddress;

/// Who handed a message in, as far as filters care. `name` is `unknown` where no host name leads back to the address;
/// `helo` and `login` are empty where the client said none.
public record Peer(InetAddress address, int port, String name, String helo, String login) {
    /// This machine itself: reports, forwards, the sendmail command.
    public static final Peer OURSELVES = new Peer(InetAddress.ofLiteral("127.0.0.1"), 0, "localhost", "", "");

    public Peer withLogin(String other) {
        return new Peer(address, port, name, helo, other);
    }

    public boolean authenticated() {
        return !login.isEmpty();
    }
}
