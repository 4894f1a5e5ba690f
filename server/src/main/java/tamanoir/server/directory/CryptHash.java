package tamanoir.server.directory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// The hashes of crypt(3), which begin with `$id$`: MD5, SHA-256, SHA-512 and bcrypt in Java; yescrypt (`$y$`,
/// what Debian writes into its shadow file), scrypt and DES by the system's own libcrypt where there is one.
final class CryptHash {
    /// crypt(5): the alphabet of its own base 64.
    private static final String LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final int USUAL_ROUNDS = 5_000;
    private static final int LEAST_ROUNDS = 1_000;
    private static final int MOST_ROUNDS = 10_000_000;

    /// `struct crypt_data` of libcrypt; its documentation promises not to outgrow this.
    private static final int CRYPT_DATA = 32_768;

    private CryptHash() {}

    static boolean isKnown(String stored) {
        if (stored.startsWith("$1$") || stored.startsWith("$5$") || stored.startsWith("$6$") || isBcrypt(stored)) {
            return stored.lastIndexOf('$') > 2 && stored.lastIndexOf('$') < stored.length() - 1;
        }
        return Native.works() && isForLibrary(stored);
    }

    /// `*` and `!` lock an account; nobody's password makes them.
    private static boolean isForLibrary(String stored) {
        boolean des = stored.length() == 13 && stored.chars().allMatch(c -> LETTERS.indexOf(c) >= 0);
        return des || stored.startsWith("$y$") || stored.startsWith("$gy$") || stored.startsWith("$7$");
    }

    private static boolean isBcrypt(String stored) {
        return stored.startsWith("$2a$")
                || stored.startsWith("$2b$")
                || stored.startsWith("$2y$")
                || stored.startsWith("$2x$");
    }

    static boolean matches(String stored, byte[] password) {
        for (byte octet : password) {
            if (octet == 0) {
                return false; // Ends a text in C.
            }
        }
        if (stored.startsWith("$1$")) {
            return same(stored, md5(stored, password));
        }
        if (stored.startsWith("$5$")) {
            return same(stored, sha(stored, password, "SHA-256", 32));
        }
        if (stored.startsWith("$6$")) {
            return same(stored, sha(stored, password, "SHA-512", 64));
        }
        if (isBcrypt(stored)) {
            return bcrypt(stored, password);
        }
        return isForLibrary(stored)
                && Native.hash(password, stored)
                        .filter(made -> same(stored, made))
                        .isPresent();
    }

    private static boolean same(String stored, String made) {
        return MessageDigest.isEqual(stored.getBytes(StandardCharsets.UTF_8), made.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean bcrypt(String stored, byte[] password) {
        if (stored.length() != 60 || stored.startsWith("$2x$")) {
            return false;
        }
        // 72 octets count; what is longer was cut by who made the hash.
        byte[] key = password.length > 72 ? Arrays.copyOf(password, 72) : password;
        return OpenBSDBCrypt.checkPassword(stored, key);
    }

    // ---- MD5: $1$salt$hash ---------------------------------------------------------------------------------------

    private static String md5(String stored, byte[] key) {
        String salt = salt(stored, 3, 8);
        byte[] salted = salt.getBytes(StandardCharsets.UTF_8);
        MessageDigest inner = digest("MD5");
        inner.update(key);
        inner.update(salted);
        inner.update(key);
        byte[] alternate = inner.digest();
        MessageDigest outer = digest("MD5");
        outer.update(key);
        outer.update("$1$".getBytes(StandardCharsets.US_ASCII));
        outer.update(salted);
        repeat(outer, alternate, key.length);
        for (int n = key.length; n > 0; n >>= 1) {
            outer.update((n & 1) == 1 ? 0 : key[0]);
        }
        byte[] result = outer.digest();
        for (int round = 0; round < 1000; round++) {
            result = round(digest("MD5"), round, result, key, salted);
        }
        StringBuilder text = new StringBuilder("$1$").append(salt).append('$');
        int[][] groups = {{0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}};
        for (int[] g : groups) {
            letters(text, result[g[0]], result[g[1]], result[g[2]], 4);
        }
        letters(text, 0, 0, result[11], 2);
        return text.toString();
    }

    private static byte[] round(MessageDigest digest, int round, byte[] result, byte[] key, byte[] salt) {
        boolean odd = (round & 1) == 1;
        digest.update(odd ? key : result);
        if (round % 3 != 0) {
            digest.update(salt);
        }
        if (round % 7 != 0) {
            digest.update(key);
        }
        digest.update(odd ? result : key);
        return digest.digest();
    }

    // ---- SHA-256 and SHA-512: $5$rounds=N$salt$hash ----------------------------------------------------------------

    private static String sha(String stored, byte[] key, String algorithm, int size) {
        String id = stored.substring(0, 3);
        int at = 3;
        int rounds = USUAL_ROUNDS;
        String said = "";
        if (stored.startsWith("rounds=", at)) {
            int end = stored.indexOf('$', at);
            int asked = Integer.parseInt(stored.substring(at + "rounds=".length(), end));
            rounds = Math.clamp(asked, LEAST_ROUNDS, MOST_ROUNDS);
            said = "rounds=" + rounds + "$";
            at = end + 1;
        }
        String salt = salt(stored, at, 16);
        byte[] salted = salt.getBytes(StandardCharsets.UTF_8);

        MessageDigest inner = digest(algorithm);
        inner.update(key);
        inner.update(salted);
        inner.update(key);
        byte[] alternate = inner.digest();

        MessageDigest outer = digest(algorithm);
        outer.update(key);
        outer.update(salted);
        repeat(outer, alternate, key.length);
        for (int n = key.length; n > 0; n >>= 1) {
            outer.update((n & 1) == 1 ? alternate : key);
        }
        byte[] result = outer.digest();

        MessageDigest keys = digest(algorithm);
        for (int i = 0; i < key.length; i++) {
            keys.update(key);
        }
        byte[] keySequence = stretched(keys.digest(), key.length);
        MessageDigest salts = digest(algorithm);
        for (int i = 0; i < 16 + (result[0] & 0xff); i++) {
            salts.update(salted);
        }
        byte[] saltSequence = stretched(salts.digest(), salted.length);

        MessageDigest digest = digest(algorithm);
        for (int round = 0; round < rounds; round++) {
            result = round(digest, round, result, keySequence, saltSequence);
        }
        StringBuilder text = new StringBuilder(id).append(said).append(salt).append('$');
        return size == 32 ? letters256(text, result) : letters512(text, result);
    }

    private static String letters256(StringBuilder text, byte[] r) {
        int a = 0;
        int b = 10;
        int c = 20;
        for (int i = 0; i < 10; i++) {
            letters(text, r[a], r[b], r[c], 4);
            int next = c + 1;
            c = b + 1;
            b = a + 1;
            a = next;
        }
        letters(text, 0, r[31], r[30], 3);
        return text.toString();
    }

    private static String letters512(StringBuilder text, byte[] r) {
        int a = 0;
        int b = 21;
        int c = 42;
        for (int i = 0; i < 21; i++) {
            letters(text, r[a], r[b], r[c], 4);
            int next = a + 1;
            a = b + 1;
            b = c + 1;
            c = next;
        }
        letters(text, 0, 0, r[63], 2);
        return text.toString();
    }

    // ---- parts of both -----------------------------------------------------------------------------------------

    private static String salt(String stored, int from, int most) {
        int end = stored.indexOf('$', from);
        String salt = stored.substring(from, end < 0 ? stored.length() : end);
        return salt.length() > most ? salt.substring(0, most) : salt;
    }

    /// `length` octets of a block that is repeated.
    private static void repeat(MessageDigest digest, byte[] block, int length) {
        int left = length;
        while (left > 0) {
            digest.update(block, 0, Math.min(left, block.length));
            left -= block.length;
        }
    }

    private static byte[] stretched(byte[] block, int length) {
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = block[i % block.length];
        }
        return all;
    }

    private static void letters(StringBuilder to, int high, int middle, int low, int count) {
        int bits = (high & 0xff) << 16 | (middle & 0xff) << 8 | (low & 0xff);
        for (int i = 0; i < count; i++) {
            to.append(LETTERS.charAt(bits & 63));
            bits >>>= 6;
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    // ---- the system's library --------------------------------------------------------------------------------------

    /// `crypt_r` of libcrypt; absent on systems without it. Loaded at the first hash that needs it.
    private static final class Native {
        private static final Optional<MethodHandle> CRYPT = find();

        private Native() {}

        static boolean works() {
            return CRYPT.isPresent();
        }

        @SuppressWarnings({"restricted", "NullAway"}) // A C function of two texts and room for its work.
        private static Optional<MethodHandle> find() {
            try {
                return SymbolLookup.libraryLookup("libcrypt.so.1", Arena.global())
                        .find("crypt_r")
                        .map(symbol -> Linker.nativeLinker()
                                .downcallHandle(
                                        symbol,
                                        FunctionDescriptor.of(
                                                ValueLayout.ADDRESS,
                                                ValueLayout.ADDRESS,
                                                ValueLayout.ADDRESS,
                                                ValueLayout.ADDRESS)));
            } catch (IllegalArgumentException | UnsupportedOperationException | LinkageError notHere) {
                return Optional.empty();
            }
        }

        @SuppressWarnings("restricted")
        static Optional<String> hash(byte[] key, String stored) {
            if (CRYPT.isEmpty()) {
                return Optional.empty();
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment password = arena.allocate(key.length + 1L);
                MemorySegment.copy(key, 0, password, ValueLayout.JAVA_BYTE, 0, key.length);
                MemorySegment data = arena.allocate(CRYPT_DATA, 16);
                MemorySegment made =
                        (MemorySegment) CRYPT.get().invokeExact(password, arena.allocateFrom(stored), data);
                Optional<String> text = made.equals(MemorySegment.NULL)
                        ? Optional.empty()
                        : Optional.of(made.reinterpret(512).getString(0));
                password.fill((byte) 0);
                data.fill((byte) 0);
                return text;
            } catch (Throwable e) {
                throw new IllegalStateException("crypt_r", e);
            }
        }
    }
}
