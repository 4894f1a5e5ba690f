package tamanoir.server.policy;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import tamanoir.server.net.TlsDetails;

/// How a client is connected, beyond who it is. `instance` is a name for this session that nobody else has;
/// `server` is where it came in; `mechanism` is how it signed in, empty when it did not. Immutable.
public record Link(String instance, Optional<InetSocketAddress> server, Optional<TlsDetails> tls, String mechanism) {
    /// Nothing is known.
    public static final Link NONE = new Link("", Optional.empty(), Optional.empty(), "");

    public static Link at(InetSocketAddress server) {
        return new Link(UUID.randomUUID().toString().substring(0, 13), Optional.of(server), Optional.empty(), "");
    }

    Link withTls(Optional<TlsDetails> details) {
        return new Link(instance, server, details, "");
    }

    Link withMechanism(String name) {
        return new Link(instance, server, tls, name);
    }

    /// The common name of the client's certificate, or nothing.
    String certificateName() {
        return tls.flatMap(TlsDetails::clientCommonName).orElse("");
    }
}
