package tamanoir.mail.authresults.dkim;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.address.Domain;
import tamanoir.mail.text.BadSyntax;

/// What one DKIM-Signature field says, or an ARC-Message-Signature, which is the same but for `v=` and `i=` (RFC 6376
/// §3.5, RFC 8617 §4.1.2). Immutable.
///
/// `limit` is `l=`, below 0 for the whole body. `instance` is the `i=` of ARC, 0 for DKIM.
public record Signature(
        Algorithm algorithm,
        byte[] signature,
        byte[] bodyHash,
        boolean relaxedHeader,
        boolean relaxedBody,
        String domain,
        String selector,
        String identity,
        List<String> names,
        long limit,
        Optional<Instant> time,
        Optional<Instant> expiry,
        int instance) {
    public Signature {
        signature = signature.clone();
        bodyHash = bodyHash.clone();
        names = List.copyOf(names);
    }

    /// Those that are safe (RFC 8301, RFC 8463).
    public enum Algorithm {
        RSA_SHA256("rsa-sha256", "rsa"),
        ED25519_SHA256("ed25519-sha256", "ed25519");

        private final String word;
        private final String keyType;

        Algorithm(String word, String keyType) {
            this.word = word;
            this.keyType = keyType;
        }

        public String word() {
            return word;
        }

        /// As `k=` of a key record.
        public String keyType() {
            return keyType;
        }

        /// @throws BadSyntax when it is unknown or no longer safe
        public static Algorithm of(String word) {
            String low = word.toLowerCase(Locale.ROOT);
            if (low.equals("rsa-sha1")) {
                throw new BadSyntax("rsa-sha1 is not safe and counts for nothing"); // RFC 8301 §3.1
            }
            return Arrays.stream(values())
                    .filter(one -> one.word.equals(low))
                    .findFirst()
                    .orElseThrow(() -> new BadSyntax("the algorithm is unknown"));
        }
    }

    /// @throws BadSyntax when it cannot be a signature, in words for a person
    static Signature dkim(TagList tags) {
        if (!tags.get("v").filter("1"::equals).isPresent()) {
            throw new BadSyntax("the version is not 1");
        }
        Signature signature = of(tags, 0);
        Optional<String> query = tags.packed("q");
        if (query.isPresent() && !Arrays.asList(query.get().split(":")).contains("dns/txt")) {
            throw new BadSyntax("the key is not to be found by DNS");
        }
        return signature;
    }

    /// The ARC-Message-Signature of an instance.
    ///
    /// @throws BadSyntax when it cannot be one
    public static Signature arc(TagList tags, int instance) {
        return of(tags, instance);
    }

    private static Signature of(TagList tags, int instance) {
        Algorithm algorithm = Algorithm.of(tags.required("a"));
        // Without c= the handlers of ARC have always taken the relaxed form of the header.
        String[] canon = tags.packed("c")
                .orElse(instance > 0 ? "relaxed/simple" : "simple/simple")
                .toLowerCase(Locale.ROOT)
                .split("/", -1);
        if (canon.length > 2 || !isCanon(canon[0]) || (canon.length == 2 && !isCanon(canon[1]))) {
            throw new BadSyntax("the canonical form is unknown");
        }
        String domain = Domain.of(tags.required("d")).ascii();
        String selector = tags.required("s").toLowerCase(Locale.ROOT);
        Domain.of(selector + "." + domain);
        // ARC lets a handler sign no field at all.
        String fields = instance > 0 ? tags.packed("h").orElse("") : tags.required("h");
        List<String> names = fields.isEmpty() ? List.of() : Arrays.asList(fields.split(":", -1));
        if (instance == 0 && names.stream().noneMatch("from"::equalsIgnoreCase)) {
            throw new BadSyntax("From is not signed"); // RFC 6376 §5.4
        }
        String identity = instance > 0 ? "@" + domain : tags.packed("i").orElse("@" + domain);
        int at = identity.lastIndexOf('@');
        if (at < 0 || !isWithin(identity.substring(at + 1), domain)) {
            throw new BadSyntax("i= is not within d=");
        }
        Optional<Instant> time = tags.packed("t").map(Signature::instant);
        Optional<Instant> expiry = tags.packed("x").map(Signature::instant);
        if (time.isPresent() && expiry.isPresent() && !expiry.get().isAfter(time.get())) {
            throw new BadSyntax("it ends before it begins"); // RFC 6376 §3.5, x=
        }
        return new Signature(
                algorithm,
                base64(tags.required("b")),
                base64(tags.required("bh")),
                canon[0].equals("relaxed"),
                canon.length == 2 && canon[1].equals("relaxed"),
                domain,
                selector,
                identity,
                names,
                tags.packed("l").map(Signature::number).orElse(-1L),
                time,
                expiry,
                instance);
    }

    private static boolean isCanon(String word) {
        return word.equals("simple") || word.equals("relaxed");
    }

    static boolean isWithin(String name, String domain) {
        try {
            return Domain.of(name).isWithin(Domain.of(domain));
        } catch (BadSyntax e) {
            return false;
        }
    }

    private static Instant instant(String text) {
        return Instant.ofEpochSecond(number(text));
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new BadSyntax(
                    "a number is expected"); // §3.5 allows more digits, of which nobody lives to see the use
        }
        return Long.parseLong(text);
    }

    static byte[] base64(String packed) {
        try {
            return Base64.getDecoder().decode(packed);
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the base64 is damaged");
        }
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    @Override
    public byte[] bodyHash() {
        return bodyHash.clone();
    }
}
