package tamanoir.mail.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.spec.KeySpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import tamanoir.mail.text.Octets;

/// The arithmetic of SCRAM (RFC 5802 §3) over one hash function.
public enum ScramHash {
    SHA_1("SHA-1", "HmacSHA1", 160),
    SHA_256("SHA-256", "HmacSHA256", 256);

    private final String digest;
    private final String hmac;
    private final int bits;

    ScramHash(String digest, String hmac, int bits) {
        this.digest = digest;
        this.hmac = hmac;
        this.bits = bits;
    }

    /// `SCRAM-SHA-256`
    public String mechanism() {
        return "SCRAM-" + digest;
    }

    /// What a server keeps of a password, which is prepared with [Saslprep] first. Takes as long as `iterations` say.
    public ScramSecrets.Keys keys(String password, byte[] salt, int iterations, String identity) {
        byte[] salted = salted(password, salt, iterations);
        return new ScramSecrets.Keys(
                salt.clone(), iterations, hash(hmac(salted, "Client Key")), hmac(salted, "Server Key"), identity);
    }

    /// Hi(): PBKDF2 with this hash's HMAC.
    byte[] salted(String password, byte[] salt, int iterations) {
        char[] prepared = Saslprep.prepare(password).toCharArray();
        KeySpec spec = new PBEKeySpec(prepared, salt, iterations, bits);
        try {
            return SecretKeyFactory.getInstance("PBKDF2With" + hmac)
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2", e);
        } finally {
            Arrays.fill(prepared, '\0');
        }
    }

    byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(hmac);
            mac.init(new SecretKeySpec(key, hmac));
            Octets octets = Octets.of(text);
            mac.update(octets.array(), octets.arrayOffset(), octets.length());
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + hmac, e);
        }
    }

    byte[] hash(byte[] octets) {
        try {
            return MessageDigest.getInstance(digest).digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + digest, e);
        }
    }

    static byte[] xor(byte[] one, byte[] other) {
        byte[] result = one.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= other[i];
        }
        return result;
    }
}
