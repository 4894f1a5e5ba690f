package tamanoir.server.setup;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import tamanoir.mail.text.Sha256;

/// The secret in the address that the console shows: 160 random bits, made at each start and known only there.
///
/// What is kept is its hash, in memory; guessing is hopeless, and who guesses has to wait all the same. Used by any
/// number of threads; the counts are guarded by `lock`.
final class Token {
    private static final int OCTETS = 20;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_CLIENTS = 1_000;

    enum Verdict {
        RIGHT,
        WRONG,
        /// It was right once: the server has been up too long.
        LATE,
        /// This client guessed too often.
        TOO_MANY
    }

    private record Guesses(Instant since, int count) {}

    private final byte[] hash;
    private final Instant made;
    private final Duration lifetime;
    private final int attempts;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Guesses> guesses = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    private Token(byte[] hash, Duration lifetime, int attempts, InstantSource clock) {
        this.hash = hash;
        this.made = clock.instant();
        this.lifetime = lifetime;
        this.attempts = attempts;
        this.clock = clock;
    }

    /// A text for the console and what will know it again.
    record Fresh(String text, Token token) {
        /// The text is as good as a password.
        @Override
        public String toString() {
            return "Fresh[]";
        }
    }

    static Fresh make(Duration lifetime, int attempts, InstantSource clock) {
        byte[] secret = new byte[OCTETS];
        new SecureRandom().nextBytes(secret);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new Fresh(text, new Token(hash(text), lifetime, attempts, clock));
    }

    /// @param client the address it comes from
    Verdict judge(String text, String client) {
        if (isTired(client)) {
            return Verdict.TOO_MANY;
        }
        // Of hashes, and in constant time: neither content nor length shows in how long it takes.
        if (!MessageDigest.isEqual(hash, hash(text))) {
            count(client);
            return Verdict.WRONG;
        }
        return clock.instant().isAfter(made.plus(lifetime)) ? Verdict.LATE : Verdict.RIGHT;
    }

    private boolean isTired(String client) {
        lock.lock();
        try {
            Guesses own = guesses.get(client);
            if (own != null && own.since.plus(WINDOW).isBefore(clock.instant())) {
                guesses.remove(client);
                return false;
            }
            return own != null && own.count >= attempts;
        } finally {
            lock.unlock();
        }
    }

    private void count(String client) {
        lock.lock();
        try {
            Guesses own = guesses.getOrDefault(client, new Guesses(clock.instant(), 0));
            guesses.put(client, new Guesses(own.since, own.count + 1));
        } finally {
            lock.unlock();
        }
    }

    private static byte[] hash(String text) {
        return Sha256.of(text);
    }
}
