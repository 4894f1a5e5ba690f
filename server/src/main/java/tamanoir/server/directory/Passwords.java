package tamanoir.server.directory;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// How passwords are kept and compared: `{SCHEME}` and the scheme's own text, as Dovecot writes them.
///
/// `{ARGON2ID}` is what is written; [Schemes] reads what others wrote. Immutable; every method burns
/// the CPU of its caller, so only [PasswordChecks] calls them.
final class Passwords {
    /// Octets of a password at most: hashing a megabyte is nobody's sign-in.
    static final int LONGEST = 1024;

    private static final String ARGON2ID = "{ARGON2ID}";

    private static final int SALT = 16;
    private static final int HASH = 32;

    private final DirectorySettings settings;
    private final SecureRandom random = new SecureRandom();

    Passwords(DirectorySettings settings) {
        this.settings = settings;
    }

    /// One spelling for what people type on different keyboards (RFC 4013, RFC 8265 §4.2): compatibility forms are
    /// composed, blanks of other widths become the plain one.
    static String prepared(String password) {
        boolean ascii = true;
        for (int i = 0; ascii && i < password.length(); i++) {
            ascii = password.charAt(i) < 128;
        }
        if (ascii) {
            return password;
        }
        StringBuilder plain = new StringBuilder(password.length());
        password.codePoints()
                .forEach(c -> plain.appendCodePoint(Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c));
        return Normalizer.normalize(plain, Normalizer.Form.NFKC);
    }

    // ---- Argon2id ----------------------------------------------------------------------------------------------

    /// The text to keep of a prepared password.
    String hash(String password) {
        byte[] salt = random(SALT);
        byte[] hash =
                argon2id(password, salt, settings.hashMemoryKib(), settings.hashRounds(), settings.hashLanes(), HASH);
        return phc(salt, hash);
    }

    /// A text that no password fits: checking it takes as long as checking a real one.
    String unmatched() {
        return phc(random(SALT), random(HASH));
    }

    private String phc(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return ARGON2ID + "$argon2id$v=19$m=" + settings.hashMemoryKib() + ",t=" + settings.hashRounds() + ",p="
                + settings.hashLanes() + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    private byte[] random(int octets) {
        byte[] array = new byte[octets];
        random.nextBytes(array);
        return array;
    }

    private static byte[] argon2id(String password, byte[] salt, int memoryKib, int rounds, int lanes, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(rounds)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    // ---- comparing -----------------------------------------------------------------------------------------------

    /// Whether the password is the one that `stored` was made of, as it was typed or prepared: others hashed
    /// what their clients sent. What cannot be read fits nobody.
    static boolean matches(String stored, String user, String password) {
        String prepared = prepared(password);
        return Schemes.matches(stored, user, prepared)
                || (!prepared.equals(password) && Schemes.matches(stored, user, password));
    }

    /// Whether `stored` is one that [#matches] can read.
    static boolean isKnown(String stored) {
        return stored.startsWith("{") && Schemes.isKnown(stored);
    }

    /// The password itself, where the scheme keeps it.
    static Optional<String> plain(String stored) {
        return Schemes.plain(stored);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- SCRAM -----------------------------------------------------------------------------------------------------

    /// RFC 5802 §3 with SHA-256 (RFC 7677): what a server keeps of a prepared password.
    Secrets.Scram scram(String password) {
        byte[] salt = random(SALT);
        int iterations = settings.scramIterations();
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            spec.clearPassword();
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, utf8("Client Key")));
            return new Secrets.Scram(salt, iterations, stored, hmac(salted, utf8("Server Key")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2 and SHA-256", e);
        }
    }

    /// What SCRAM shows of a name that does not exist: the same each time, and nothing that a password fits.
    Secrets.Scram madeUp(byte[] key, String name) {
        byte[] seed = hmac(key, utf8(name));
        return new Secrets.Scram(
                Arrays.copyOf(hmac(seed, utf8("salt")), SALT),
                settings.scramIterations(),
                hmac(seed, utf8("stored")),
                hmac(seed, utf8("server")));
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }
}
