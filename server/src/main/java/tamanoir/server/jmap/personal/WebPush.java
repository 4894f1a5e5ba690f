package tamanoir.server.jmap.personal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tamanoir.mail.text.BadSyntax;

/// Encrypts a push message so that the push service in between cannot read it (RFC 8291, aes128gcm of RFC
/// 8188). Stateless.
final class WebPush {
    private static final int RECORD = 4096;
    private static final int POINT = 65;
    private static final int AUTH = 16;

    private WebPush() {}

    /// The parameters of P-256.
    static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    /// An uncompressed point (RFC 8291 §4).
    ///
    /// @throws BadSyntax when it is none, or not on the curve: then the secret would not be one
    static ECPublicKey publicKey(byte[] point) {
        if (point.length != POINT || point[0] != 4) {
            throw new BadSyntax("this is no uncompressed point of P-256");
        }
        ECParameterSpec curve = curve();
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 33));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 33, POINT));
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger right = x.pow(3)
                .add(curve.getCurve().getA().multiply(x))
                .add(curve.getCurve().getB())
                .mod(p);
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
            throw new BadSyntax("this point is not on P-256");
        }
        try {
            return (ECPublicKey)
                    KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
        } catch (GeneralSecurityException e) {
            throw new BadSyntax("this is no public key: " + e.getMessage());
        }
    }

    static byte[] point(ECPublicKey key) {
        byte[] point = new byte[POINT];
        point[0] = 4;
        put(key.getW().getAffineX(), point, 1);
        put(key.getW().getAffineY(), point, 33);
        return point;
    }

    private static void put(BigInteger number, byte[] into, int at) {
        byte[] octets = number.toByteArray();
        int from = Math.max(0, octets.length - 32);
        int length = octets.length - from;
        System.arraycopy(octets, from, into, at + 32 - length, length);
    }

    /// @param receiver `p256dh` of the subscription
    /// @param auth of the subscription, 16 octets
    static byte[] encrypt(byte[] message, ECPublicKey receiver, byte[] auth) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return encrypt(message, receiver, auth, newKeys(), salt);
    }

    static byte[] encrypt(byte[] message, ECPublicKey receiver, byte[] auth, KeyPair ours, byte[] salt) {
        if (auth.length != AUTH || message.length > RECORD - POINT - 17 - 21) {
            throw new IllegalArgumentException("a push message is one record");
        }
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(ours.getPrivate());
            agreement.doPhase(receiver, true);
            byte[] own = point((ECPublicKey) ours.getPublic());
            // RFC 8291 §3.4: both public keys are part of what the key is made from.
            byte[] info = ByteBuffer.allocate(14 + 2 * POINT)
                    .put(ascii("WebPush: info\0"))
                    .put(point(receiver))
                    .put(own)
                    .array();
            byte[] secret = expand(hmac(auth, agreement.generateSecret()), info, 32);
            byte[] pseudorandom = hmac(salt, secret);
            byte[] key = expand(pseudorandom, ascii("Content-Encoding: aes128gcm\0"), 16);
            byte[] nonce = expand(pseudorandom, ascii("Content-Encoding: nonce\0"), 12);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            byte[] padded = Arrays.copyOf(message, message.length + 1);
            padded[message.length] = 2; // RFC 8188 §2: the last record
            byte[] sealed = cipher.doFinal(padded);
            return ByteBuffer.allocate(21 + POINT + sealed.length)
                    .put(salt)
                    .putInt(RECORD)
                    .put((byte) POINT)
                    .put(own)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has ECDH and AES-GCM", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hmac(byte[] key, byte[] octets) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(octets);
    }

    /// One block of HKDF's second step (RFC 5869 §2.3).
    private static byte[] expand(byte[] pseudorandom, byte[] info, int length) throws GeneralSecurityException {
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return Arrays.copyOf(hmac(pseudorandom, block), length);
    }
}
