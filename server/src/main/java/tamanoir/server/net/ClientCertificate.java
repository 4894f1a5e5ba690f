package tamanoir.server.net;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// The certificate that a client showed. Immutable.
public record ClientCertificate(X509Certificate certificate) {
    /// The digest of the certificate as Postfix's tables have it: `AB:CD:…`. `digest` is named as in
    /// OpenSSL: `sha256`.
    public String fingerprint(String digest) {
        try {
            return colons(digest, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            return "";
        }
    }

    /// The digest of its public key (SubjectPublicKeyInfo).
    public String keyFingerprint(String digest) {
        return colons(digest, certificate.getPublicKey().getEncoded());
    }

    /// Who made it; empty when it has no common name.
    public Optional<String> issuerCommonName() {
        return Handshake.commonName(certificate.getIssuerX500Principal());
    }

    /// Whether there is such a digest.
    public static boolean knows(String digest) {
        try {
            MessageDigest.getInstance(javaName(digest));
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    private static String colons(String digest, byte[] octets) {
        try {
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance(javaName(digest)).digest(octets));
        } catch (NoSuchAlgorithmException e) {
            return "";
        }
    }

    private static String javaName(String digest) {
        String name = digest.toUpperCase(Locale.ROOT);
        return name.startsWith("SHA") && !name.startsWith("SHA-") && !name.startsWith("SHA3")
                ? "SHA-" + name.substring(3)
                : name;
    }
}
