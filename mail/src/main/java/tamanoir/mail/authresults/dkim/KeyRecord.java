package tamanoir.mail.authresults.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// A public key as the DNS has it (RFC 6376 §3.6.1, RFC 8463 §4). Immutable.
///
/// `strict` is `t=s`: the identity must be of the very domain. `testing` is `t=y`.
record KeyRecord(PublicKey key, String type, int bits, boolean strict, boolean testing) {
    /// Shorter RSA keys prove nothing, longer ones only cost (RFC 8301 §3.2).
    static final int LEAST_BITS = 1024;

    static final int MOST_BITS = 4096;

    /// Before the 32 octets of an Ed25519 key: what makes a SubjectPublicKeyInfo of them (RFC 8410 §4).
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    /// @throws BadSyntax when it is no key that may be used, in words for a person
    static KeyRecord of(String text) {
        TagList tags = TagList.parse(text);
        if (tags.get("v").isPresent() && !tags.get("v").get().equals("DKIM1")) {
            throw new BadSyntax("the key record has an unknown version");
        }
        Optional<String> hashes = tags.packed("h");
        if (hashes.isPresent() && !Arrays.asList(hashes.get().split(":")).contains("sha256")) {
            throw new BadSyntax("the key is not for SHA-256");
        }
        Optional<String> services = tags.packed("s");
        if (services.isPresent()
                && Arrays.stream(services.get().split(":")).noneMatch(s -> s.equals("*") || s.equals("email"))) {
            throw new BadSyntax("the key is not for mail");
        }
        Optional<String> data = tags.packed("p");
        if (data.isEmpty()) {
            throw new BadSyntax("the key record has no key");
        }
        if (data.get().isEmpty()) {
            throw new BadSyntax("the key was revoked"); // RFC 6376 §3.6.1, p=
        }
        String type = tags.packed("k").orElse("rsa").toLowerCase(Locale.ROOT);
        PublicKey key = key(type, Signature.base64(data.get()));
        int bits = key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 256;
        var flags = Arrays.asList(tags.packed("t").orElse("").split(":"));
        return new KeyRecord(key, type, bits, flags.contains("s"), flags.contains("y"));
    }

    private static PublicKey key(String type, byte[] data) {
        try {
            return switch (type) {
                case "rsa" -> rsa(data);
                case "ed25519" -> {
                    if (data.length != 32) {
                        throw new BadSyntax("the key has not 32 octets");
                    }
                    byte[] whole = Arrays.copyOf(ED25519, ED25519.length + 32);
                    System.arraycopy(data, 0, whole, ED25519.length, 32);
                    yield KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(whole));
                }
                default -> throw new BadSyntax("the key is of an unknown type");
            };
        } catch (GeneralSecurityException e) {
            throw new BadSyntax("the key is damaged");
        }
    }

    private static PublicKey rsa(byte[] data) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        try {
            return factory.generatePublic(new X509EncodedKeySpec(data));
        } catch (GeneralSecurityException e) {
            // RFC 6376 §3.6.1 names RSAPublicKey, everybody publishes SubjectPublicKeyInfo: both are taken.
            return factory.generatePublic(new X509EncodedKeySpec(Der.subjectPublicKeyInfo(data)));
        }
    }
}
