package tamanoir.server.net;

import java.util.Optional;

/// What was agreed in a handshake, for Received fields, logs and channel binding.
///
/// `serverName` is the name the client asked for (SNI). `exporter` is the RFC 9266 tls-exporter value, `endPoint` the
/// RFC 5929 tls-server-end-point value.
public record TlsDetails(
        String protocol,
        String cipher,
        int bits,
        Optional<String> serverName,
        Optional<String> clientCommonName,
        byte[] exporter,
        byte[] endPoint) {}
