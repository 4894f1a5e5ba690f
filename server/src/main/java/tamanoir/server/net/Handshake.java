package tamanoir.server.net;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/// Reads from a finished handshake what there is to know.
final class Handshake {
    private Handshake() {}

    /// `begun` is when it began, in milliseconds since 1970: a session older than that was resumed.
    static TlsDetails details(SSLSession session, boolean server, TlsDetails.Trust trust, long begun) {
        X509Certificate[] peer = peer(session);
        String suite = session.getCipherSuite();
        return new TlsDetails(
                session.getProtocol(),
                Ciphers.openSslName(suite),
                Ciphers.bits(suite),
                serverName(session),
                peer.length == 0 ? Optional.empty() : commonName(peer[0]),
                peer.length == 0 ? Optional.empty() : Optional.of(new ClientCertificate(peer[0])),
                trust,
                session.getCreationTime() < begun,
                exporter(session),
                endPoint(server ? session.getLocalCertificates() : peer));
    }

    /// The peer's chain, its own certificate first; none when it showed none.
    static X509Certificate[] peer(SSLSession session) {
        try {
            return List.of(session.getPeerCertificates()).stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException _) {
            return new X509Certificate[0];
        }
    }

    private static Optional<String> serverName(SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? extended.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                : Optional.empty();
    }

    static Optional<String> commonName(X509Certificate certificate) {
        return commonName(certificate.getSubjectX500Principal());
    }

    static Optional<String> commonName(X500Principal principal) {
        try {
            LdapName name = new LdapName(principal.getName());
            return name.getRdns().stream()
                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                    .map(Rdn::getValue)
                    .map(String::valueOf)
                    .reduce((_, last) -> last);
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }

    /// RFC 9266 §2: 32 octets under this label, without context.
    private static byte[] exporter(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            try {
                return extended.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
            } catch (SSLException | UnsupportedOperationException | IllegalStateException _) {
                return new byte[0]; // TLS 1.2 without the extended master secret (RFC 9266 §3).
            }
        }
        return new byte[0];
    }

    /// RFC 5929 §4.1: the hash of the server's certificate, with the hash function of its signature, but
    /// SHA-256 instead of MD5 and SHA-1; undefined for signatures without one.
    private static byte[] endPoint(Certificate[] chain) {
        if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
            return new byte[0];
        }
        try {
            String hash = hash(certificate);
            return hash.isEmpty()
                    ? new byte[0]
                    : MessageDigest.getInstance(hash).digest(certificate.getEncoded());
        } catch (GeneralSecurityException _) {
            return new byte[0];
        }
    }

    private static String hash(X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (algorithm.equals("RSASSA-PSS")) {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            try {
                parameters.init(certificate.getSigAlgParams());
                String digest =
                        parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
                return digest.equals("SHA-1") ? "SHA-256" : digest;
            } catch (java.io.IOException _) {
                return "";
            }
        }
        int with = algorithm.indexOf("WITH");
        return switch (with < 0 ? "" : algorithm.substring(0, with)) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> "";
        };
    }
}
