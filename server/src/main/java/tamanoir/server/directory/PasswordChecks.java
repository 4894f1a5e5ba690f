package tamanoir.server.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import tamanoir.server.observe.Unavailable;

/// Does the slow arithmetic of passwords on a few platform threads of its own, because a hash in a virtual thread would
/// hold a carrier for its whole time, and remembers what was right.
///
/// The memory holds a keyed hash of stored text and password, under a key that no other process has: it is of no use to
/// who reads it, and a changed password is another entry. Wrong passwords are never remembered; each costs a hash.
final class PasswordChecks implements AutoCloseable {
    private final Passwords passwords;
    private final DirectorySettings settings;
    private final ThreadPoolExecutor threads;
    private final byte[] key = new byte[32];
    private final Cache<String, Boolean> right;
    private final Cache<String, Long> confirmed;
    private final String unmatched;

    PasswordChecks(DirectorySettings settings) {
        this.settings = settings;
        this.passwords = new Passwords(settings);
        this.unmatched = passwords.unmatched();
        this.threads = new ThreadPoolExecutor(
                settings.hashesAtOnce(),
                settings.hashesAtOnce(),
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.hashesWaiting()),
                Thread.ofPlatform().daemon().name("password ", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        this.right = Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterWrite(settings.rememberSuccess())
                .build();
        this.confirmed = Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterWrite(settings.rememberSuccess())
                .build();
        new SecureRandom().nextBytes(key);
    }

    /// Whether the password is the one of `secrets`; `Secrets.NONE` takes as long and is always wrong.
    boolean check(Secrets secrets, String user, String password) {
        if (password.isEmpty() || password.length() > Passwords.LONGEST) {
            return false;
        }
        String stored = secrets.password().isEmpty() ? unmatched : secrets.password();
        String name = Base64.getEncoder()
                .encodeToString(
                        Passwords.hmac(key, (stored + '\0' + user + '\0' + password).getBytes(StandardCharsets.UTF_8)));
        if (right.getIfPresent(name) != null) {
            return true;
        }
        boolean matches = compute(() -> Passwords.matches(stored, user, password));
        if (matches) {
            right.put(name, true);
        }
        return matches;
    }

    /// The same where somebody else knows the password: asked of them in the caller's thread, a yes is good for
    /// a while, at most as long as any other.
    boolean checkElsewhere(String who, String password, Duration goodFor, BooleanSupplier ask) {
        if (password.isEmpty() || password.length() > Passwords.LONGEST) {
            return false;
        }
        String name = Base64.getEncoder()
                .encodeToString(Passwords.hmac(key, (who + '\0' + password).getBytes(StandardCharsets.UTF_8)));
        Long last = confirmed.getIfPresent(name);
        if (last != null && System.nanoTime() - last < goodFor.toNanos()) {
            return true;
        }
        boolean right = ask.getAsBoolean();
        if (right) {
            confirmed.put(name, System.nanoTime());
        }
        return right;
    }

    /// What to keep of a new password.
    Secrets secrets(String password) {
        String prepared = Passwords.prepared(password);
        return compute(() -> new Secrets(passwords.hash(prepared), passwords.scram(prepared)));
    }

    /// The same of a text that was a password's already.
    Secrets secretsOf(String stored) {
        return Passwords.plain(stored)
                .map(plain -> compute(() -> new Secrets(stored, passwords.scram(plain))))
                .orElseGet(() -> new Secrets(stored, null));
    }

    Secrets.Scram madeUp(byte[] secret, String name) {
        return passwords.madeUp(secret, name);
    }

    private <T> T compute(Callable<T> work) {
        Future<T> future;
        try {
            future = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new Unavailable("too many sign-ins at the moment, try again later", "hashes waiting", e);
        }
        try {
            return future.get(settings.longestWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new Unavailable("too many sign-ins at the moment, try again later", "hash took too long", e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new Unavailable("the server is stopping", "interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("password arithmetic failed", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
