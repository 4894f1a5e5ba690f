package tamanoir.mail.authresults.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;

/// A private key with the name by which its public half is found. Its text form never shows the key.
public record SigningKey(String domain, String selector, Signature.Algorithm algorithm, PrivateKey key) {
    /// Signs octets in canonical form (RFC 6376 §3.7, RFC 8463 §3).
    public byte[] sign(byte[] octets) {
        try {
            java.security.Signature engine = Keys.engine(algorithm);
            engine.initSign(key);
            engine.update(algorithm == Signature.Algorithm.RSA_SHA256 ? octets : Keys.hashed(octets));
            return engine.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the key " + selector + " of " + domain + " cannot sign: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return selector + "._domainkey." + domain + " (" + algorithm.word() + ")";
    }
}
