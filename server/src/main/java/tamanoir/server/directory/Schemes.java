package tamanoir.server.directory;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.MD4Digest;
import org.bouncycastle.crypto.digests.MD5Digest;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Compares a password with what Dovecot, OpenLDAP and crypt(3) keep of one: `{SCHEME}text`, or `{SCHEME.b64}`
/// and `{SCHEME.hex}` for another encoding of the same octets. Dovecot's list of password schemes; what it
/// writes is read.
///
/// What cannot be read fits nobody. Immutable; burns the CPU of its caller.
final class Schemes {
    /// Of what an administrator stored: more than this is a mistake that would stop the server.
    private static final int MOST_ITERATIONS = 10_000_000;

    private static final int MOST_MEMORY_KIB = 1 << 20;
    private static final int MOST_ROUNDS = 64;
    private static final int MOST_LANES = 16;

    private Schemes() {}

    private enum Encoding {
        USUAL,
        BASE64,
        HEX
    }

    /// A stored text taken apart.
    private record Stored(String scheme, Encoding encoding, String text) {
        static Stored of(String stored) {
            int end = stored.indexOf('}');
            if (!stored.startsWith("{") || end < 0) {
                return new Stored("CRYPT", Encoding.USUAL, stored);
            }
            String scheme = stored.substring(1, end).toUpperCase(Locale.ROOT);
            Encoding encoding = Encoding.USUAL;
            int dot = scheme.indexOf('.');
            if (dot >= 0) {
                encoding = switch (scheme.substring(dot + 1)) {
                    case "B64", "BASE64" -> Encoding.BASE64;
                    case "HEX" -> Encoding.HEX;
                    default -> throw new IllegalArgumentException("unknown encoding");
                };
                scheme = scheme.substring(0, dot);
            }
            return new Stored(scheme, encoding, stored.substring(end + 1));
        }

        /// The octets of a digest of `size` octets, with or without a salt behind it. Hexadecimal is told from
        /// Base64 by its length where nothing says which.
        byte[] octets(int size, Encoding usual) {
            Encoding real = encoding == Encoding.USUAL ? usual : encoding;
            if (encoding == Encoding.USUAL && text.length() == 2 * size) {
                real = Encoding.HEX;
            }
            return real == Encoding.HEX
                    ? HexFormat.of().parseHex(text.toLowerCase(Locale.ROOT))
                    : Base64.getMimeDecoder().decode(text);
        }

        /// A text that may have been encoded.
        String plain() {
            return encoding == Encoding.USUAL
                    ? text
                    : new String(octets(Integer.MAX_VALUE / 2, encoding), StandardCharsets.UTF_8);
        }
    }

    /// Whether `password` is the one of which `stored` was made for the login name `user`.
    static boolean matches(String stored, String user, String password) {
        if (password.isEmpty()) {
            return false;
        }
        try {
            Stored parts = Stored.of(stored);
            byte[] octets = utf8(password);
            return switch (parts.scheme) {
                case "PLAIN", "CLEARTEXT", "CLEAR", "PLAIN-TRUNC" ->
                    MessageDigest.isEqual(utf8(Passwords.prepared(parts.plain())), utf8(Passwords.prepared(password)));
                case "CRYPT", "MD5-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT", "BLF-CRYPT", "DES-CRYPT" ->
                    CryptHash.matches(parts.plain(), octets);
                case "MD5" ->
                    parts.text.startsWith("$1$")
                            ? CryptHash.matches(parts.text, octets)
                            : digest(parts, "MD5", 16, Encoding.BASE64, octets);
                case "PLAIN-MD5" -> digest(parts, "MD5", 16, Encoding.HEX, octets);
                case "LDAP-MD5" -> digest(parts, "MD5", 16, Encoding.BASE64, octets);
                case "SMD5" -> digest(parts, "MD5", 16, Encoding.BASE64, octets);
                case "SHA", "SHA1", "SSHA" -> digest(parts, "SHA-1", 20, Encoding.BASE64, octets);
                case "SHA256", "SSHA256" -> digest(parts, "SHA-256", 32, Encoding.BASE64, octets);
                case "SHA512", "SSHA512" -> digest(parts, "SHA-512", 64, Encoding.BASE64, octets);
                case "PLAIN-MD4" -> MessageDigest.isEqual(parts.octets(16, Encoding.HEX), md4(octets));
                case "NTLM" ->
                    MessageDigest.isEqual(
                            parts.octets(16, Encoding.HEX), md4(password.getBytes(StandardCharsets.UTF_16LE)));
                case "CRAM-MD5", "HMAC-MD5" -> MessageDigest.isEqual(parts.octets(32, Encoding.HEX), cramMd5(octets));
                case "DIGEST-MD5" -> digestMd5(parts, user, password);
                case "PBKDF2" -> pbkdf2(parts.plain(), password);
                case "SCRAM-SHA-1" -> scram(parts.plain(), "1", "SHA-1", 160, password);
                case "SCRAM-SHA-256" -> scram(parts.plain(), "256", "SHA-256", 256, password);
                case "ARGON2", "ARGON2I", "ARGON2ID", "ARGON2D" -> {
                    Optional<Argon2> argon2 = Argon2.of(parts.plain());
                    yield argon2.isPresent() && argon2.get().matches(octets);
                }
                default -> false;
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException notReadable) {
            return false;
        }
    }

    /// Whether `stored` has a form that [#matches] can read.
    static boolean isKnown(String stored) {
        try {
            Stored parts = Stored.of(stored);
            return !parts.text.isEmpty()
                    && switch (parts.scheme) {
                        case "PLAIN", "CLEARTEXT", "CLEAR", "PLAIN-TRUNC" ->
                            !parts.plain().isEmpty();
                        case "CRYPT", "MD5-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT", "BLF-CRYPT", "DES-CRYPT" ->
                            CryptHash.isKnown(parts.plain());
                        case "MD5" ->
                            parts.text.startsWith("$1$")
                                    ? CryptHash.isKnown(parts.text)
                                    : parts.octets(16, Encoding.BASE64).length == 16;
                        case "PLAIN-MD5", "PLAIN-MD4", "NTLM", "DIGEST-MD5" ->
                            parts.octets(16, Encoding.HEX).length == 16;
                        case "LDAP-MD5" -> parts.octets(16, Encoding.BASE64).length == 16;
                        case "CRAM-MD5", "HMAC-MD5" -> parts.octets(32, Encoding.HEX).length == 32;
                        case "SMD5" -> parts.octets(16, Encoding.BASE64).length > 16;
                        case "SHA", "SHA1" -> parts.octets(20, Encoding.BASE64).length == 20;
                        case "SHA256" -> parts.octets(32, Encoding.BASE64).length == 32;
                        case "SHA512" -> parts.octets(64, Encoding.BASE64).length == 64;
                        case "SSHA" -> parts.octets(20, Encoding.BASE64).length > 20;
                        case "SSHA256" -> parts.octets(32, Encoding.BASE64).length > 32;
                        case "SSHA512" -> parts.octets(64, Encoding.BASE64).length > 64;
                        case "PBKDF2" -> parts.plain().split("\\$", -1).length == 5;
                        case "SCRAM-SHA-1", "SCRAM-SHA-256" -> parts.plain().split(",", -1).length == 4;
                        case "ARGON2", "ARGON2I", "ARGON2ID", "ARGON2D" ->
                            Argon2.of(parts.plain()).isPresent();
                        default -> false;
                    };
        } catch (IllegalArgumentException | IndexOutOfBoundsException notReadable) {
            return false;
        }
    }

    /// The password itself, where the scheme keeps it.
    static Optional<String> plain(String stored) {
        try {
            Stored parts = Stored.of(stored);
            return switch (parts.scheme) {
                case "PLAIN", "CLEARTEXT", "CLEAR" -> Optional.of(Passwords.prepared(parts.plain()));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException notReadable) {
            return Optional.empty();
        }
    }

    // ---- digests -----------------------------------------------------------------------------------------------

    /// The digest of password and salt; the salt is what stands behind the digest (RFC 2307 §5.3 and its
    /// followers).
    private static boolean digest(Stored parts, String algorithm, int size, Encoding usual, byte[] password) {
        byte[] kept = parts.octets(size, usual);
        if (isSalted(parts.scheme) ? kept.length <= size : kept.length != size) {
            return false;
        }
        MessageDigest digest = digest(algorithm);
        digest.update(password);
        digest.update(kept, size, kept.length - size);
        return MessageDigest.isEqual(Arrays.copyOf(kept, size), digest.digest());
    }

    private static boolean isSalted(String scheme) {
        return scheme.startsWith("SSHA") || scheme.equals("SMD5");
    }

    private static byte[] md4(byte[] text) {
        MD4Digest digest = new MD4Digest();
        digest.update(text, 0, text.length);
        byte[] hash = new byte[16];
        digest.doFinal(hash, 0);
        return hash;
    }

    /// RFC 2195 §2: the two states of MD5 after the outer and the inner key block, which is all that HMAC
    /// needs.
    private static byte[] cramMd5(byte[] password) {
        byte[] key = password.length > 64 ? digest("MD5").digest(password) : password;
        byte[] states = new byte[32];
        for (int half = 0; half < 2; half++) {
            byte[] block = Arrays.copyOf(key, 64);
            for (int i = 0; i < 64; i++) {
                block[i] = (byte) (block[i] ^ (half == 0 ? 0x5c : 0x36));
            }
            MD5Digest digest = new MD5Digest();
            digest.update(block, 0, 64);
            byte[] encoded = digest.getEncodedState();
            // Behind 16 octets of counters: four words, most significant octet first; MD5 writes them the other way.
            for (int i = 0; i < 16; i++) {
                states[16 * half + i] = encoded[16 + (i & ~3) + 3 - (i & 3)];
            }
        }
        return states;
    }

    /// RFC 2831 §2.1.2.1: MD5 of user, realm and password.
    private static boolean digestMd5(Stored parts, String user, String password) {
        int at = user.lastIndexOf('@');
        String name = at < 0 ? user : user.substring(0, at);
        String realm = at < 0 ? "" : user.substring(at + 1);
        byte[] made = digest("MD5").digest(utf8(name + ":" + realm + ":" + password));
        return MessageDigest.isEqual(parts.octets(16, Encoding.HEX), made);
    }

    // ---- slow ones -----------------------------------------------------------------------------------------------

    /// `$1$salt$rounds$hash in hexadecimal`.
    private static boolean pbkdf2(String text, String password) {
        String[] parts = text.split("\\$", -1);
        if (parts.length != 5 || !parts[1].equals("1")) {
            return false;
        }
        byte[] kept = HexFormat.of().parseHex(parts[4].toLowerCase(Locale.ROOT));
        byte[] made = pbkdf2("1", password, utf8(parts[2]), Integer.parseInt(parts[3]), 8 * kept.length);
        return kept.length >= 16 && MessageDigest.isEqual(kept, made);
    }

    private static byte[] pbkdf2(String hash, String password, byte[] salt, int iterations, int bits) {
        if (iterations < 1 || iterations > MOST_ITERATIONS || password.isEmpty()) {
            throw new IllegalArgumentException("iterations");
        }
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, bits);
            byte[] key = SecretKeyFactory.getInstance(hash.equals("1") ? "PBKDF2WithHmacSHA1" : "PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            spec.clearPassword();
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2", e);
        }
    }

    /// RFC 5802 §3: `iterations,salt,StoredKey,ServerKey`.
    private static boolean scram(String text, String hash, String digest, int bits, String password) {
        String[] parts = text.split(",", -1);
        if (parts.length != 4) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(parts[1]);
        byte[] salted = pbkdf2(hash, Passwords.prepared(password), salt, Integer.parseInt(parts[0]), bits);
        try {
            Mac mac = Mac.getInstance("HmacSHA" + hash);
            mac.init(new SecretKeySpec(salted, "HMAC"));
            byte[] made = digest(digest).digest(mac.doFinal(utf8("Client Key")));
            return MessageDigest.isEqual(Base64.getDecoder().decode(parts[2]), made);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC", e);
        }
    }

    /// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, the text form of the Argon2 reference programs.
    private record Argon2(int type, int memoryKib, int rounds, int lanes, byte[] salt, byte[] hash) {
        static Optional<Argon2> of(String text) {
            String[] parts = text.split("\\$", -1);
            if (parts.length != 6 || !parts[0].isEmpty() || !parts[2].equals("v=19")) {
                return Optional.empty();
            }
            int type = switch (parts[1]) {
                case "argon2d" -> Argon2Parameters.ARGON2_d;
                case "argon2i" -> Argon2Parameters.ARGON2_i;
                case "argon2id" -> Argon2Parameters.ARGON2_id;
                default -> -1;
            };
            int memory = 0;
            int rounds = 0;
            int lanes = 0;
            try {
                for (String parameter : parts[3].split(",", -1)) {
                    int value = Integer.parseInt(parameter.substring(2));
                    switch (parameter.substring(0, 2)) {
                        case "m=" -> memory = value;
                        case "t=" -> rounds = value;
                        case "p=" -> lanes = value;
                        default -> {
                            return Optional.empty();
                        }
                    }
                }
                byte[] salt = Base64.getDecoder().decode(parts[4]);
                byte[] hash = Base64.getDecoder().decode(parts[5]);
                boolean sane = type >= 0
                        && lanes >= 1
                        && lanes <= MOST_LANES
                        && memory >= 8 * lanes
                        && memory <= MOST_MEMORY_KIB
                        && rounds >= 1
                        && rounds <= MOST_ROUNDS
                        && salt.length >= 8
                        && salt.length <= 64
                        && hash.length >= 16
                        && hash.length <= 64;
                return sane ? Optional.of(new Argon2(type, memory, rounds, lanes, salt, hash)) : Optional.empty();
            } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }

        boolean matches(byte[] password) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(type)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(rounds)
                    .withParallelism(lanes)
                    .withSalt(salt)
                    .build());
            byte[] made = new byte[hash.length];
            generator.generateBytes(password, made);
            return MessageDigest.isEqual(hash, made);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
