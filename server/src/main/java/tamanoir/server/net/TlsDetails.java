package tamanoir.server.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.text.Octets;

/// What was agreed in a handshake, for Received fields, logs and channel binding.
///
/// `cipher` has OpenSSL's spelling, which mail people know. `serverName` is the name the client asked for
/// (SNI). `clientCommonName` is that of the peer's certificate where it showed one, `clientCertificate` that
/// itself. `exporter` is the RFC 9266 tls-exporter value, `endPoint` the RFC 5929 tls-server-end-point value;
/// either is empty when the session has none.
public record TlsDetails(
        String protocol,
        String cipher,
        int bits,
        Optional<String> serverName,
        Optional<String> clientCommonName,
        Optional<ClientCertificate> clientCertificate,
        Trust trust,
        boolean resumed,
        byte[] exporter,
        byte[] endPoint) {
    /// What the peer's certificate is worth.
    public enum Trust {
        /// It showed none.
        NONE,
        /// No authority that we know vouches for it.
        UNTRUSTED,
        /// An authority vouches for it.
        TRUSTED,
        /// That, and it has a name that we wanted.
        VERIFIED
    }

    /// The values that bind a sign-in to this channel, by the names of their types; none is no TLS.
    public Map<String, Octets> channelBindings() {
        Map<String, Octets> bindings = new LinkedHashMap<>();
        if (exporter.length > 0) {
            bindings.put("tls-exporter", Octets.of(exporter));
        }
        if (endPoint.length > 0) {
            bindings.put("tls-server-end-point", Octets.of(endPoint));
        }
        return bindings;
    }

    /// For the log: `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits)`.
    @Override
    public String toString() {
        return protocol + " with cipher " + cipher + " (" + bits + " bits)";
    }
}
