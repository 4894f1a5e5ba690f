package tamanoir.mail.authresults.dkim;

import java.security.GeneralSecurityException;
import tamanoir.mail.authresults.Result;
import tamanoir.mail.dns.Answer;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.text.BadSyntax;

/// Fetches keys and checks with them; for DKIM and for ARC.
public final class Keys {
    private final Dns dns;

    public Keys(Dns dns) {
        this.dns = dns;
    }

    /// How a check came out; `bits` is the size of the key, 0 where none was found.
    public record Checked(Result result, String reason, int bits) {}

    /// Whether `signature` was made over `octets` (in canonical form) with the key of a selector. `identity` is `i=`.
    public Checked check(
            Signature.Algorithm algorithm,
            String domain,
            String selector,
            String identity,
            byte[] octets,
            byte[] signature) {
        KeyRecord key;
        switch (dns.txt(selector + "._domainkey." + domain)) {
            case Answer.Failed<String> failed -> {
                return new Checked(Result.TEMPERROR, "the key cannot be fetched: " + failed.reason(), 0);
            }
            case Answer.NoData<String> _, Answer.NoSuchName<String> _ -> {
                return new Checked(Result.PERMERROR, "there is no key " + selector + " of " + domain, 0);
            }
            case Answer.Found<String> found -> {
                try {
                    key = usable(found);
                } catch (BadSyntax e) {
                    return new Checked(Result.PERMERROR, String.valueOf(e.getMessage()), 0);
                }
            }
        }
        if (!key.type().equals(algorithm.keyType())) {
            return new Checked(Result.PERMERROR, "the key is of another type than the signature", key.bits());
        }
        if (key.type().equals("rsa") && (key.bits() < KeyRecord.LEAST_BITS || key.bits() > KeyRecord.MOST_BITS)) {
            return new Checked(
                    Result.POLICY,
                    "an RSA key of " + key.bits() + " bits, not " + KeyRecord.LEAST_BITS + " to " + KeyRecord.MOST_BITS,
                    key.bits());
        }
        if (key.strict() && !identity.substring(identity.lastIndexOf('@') + 1).equalsIgnoreCase(domain)) {
            return new Checked(Result.PERMERROR, "the key is for its own domain alone", key.bits());
        }
        if (verifies(key, algorithm, octets, signature)) {
            return new Checked(Result.PASS, "", key.bits());
        }
        return new Checked(
                Result.FAIL,
                "the signature does not fit the header" + (key.testing() ? " (the domain says it is testing)" : ""),
                key.bits());
    }

    /// The first record that is a key; RFC 6376 §3.6.2.2 leaves it open what several mean.
    private static KeyRecord usable(Answer.Found<String> found) {
        BadSyntax first = new BadSyntax("the key record cannot be read");
        for (int i = 0; i < Math.min(found.records().size(), 5); i++) {
            try {
                return KeyRecord.of(found.records().get(i));
            } catch (BadSyntax e) {
                first = i == 0 ? e : first;
            }
        }
        throw first;
    }

    private static boolean verifies(KeyRecord key, Signature.Algorithm algorithm, byte[] octets, byte[] signature) {
        try {
            java.security.Signature engine = engine(algorithm);
            engine.initVerify(key.key());
            // RFC 8463 §3: Ed25519 signs the hash, RSA hashes by itself.
            engine.update(algorithm == Signature.Algorithm.RSA_SHA256 ? octets : hashed(octets));
            return engine.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static java.security.Signature engine(Signature.Algorithm algorithm) throws GeneralSecurityException {
        return java.security.Signature.getInstance(
                switch (algorithm) {
                    case RSA_SHA256 -> "SHA256withRSA";
                    case ED25519_SHA256 -> "Ed25519";
                });
    }

    static byte[] hashed(byte[] octets) {
        return BodyCanon.sha256().digest(octets);
    }

    static boolean same(byte[] one, byte[] other) {
        return java.security.MessageDigest.isEqual(one, other);
    }
}
