package tamanoir.server.jmap.personal;

import java.io.IOException;
import java.net.URI;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.Directory;
import tamanoir.server.jmap.Caller;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.Times;
import tamanoir.server.json.JsonText;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.outbound.PublicWeb;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.Stored;

/// Tells push services that something has changed (RFC 8620 §7.2): a device that sleeps is woken by them.
///
/// One thread watches the accounts that have subscriptions and finds out what is new; each subscription
/// that is to be told has a thread of its own for the moment, so that a slow push service holds up nobody.
/// What a service does not take is told again a little later, a few times; then the next change tells it
/// all the same, since states are told, not events. A service that says that a subscription is gone ends
/// it.
public final class Pushes implements AutoCloseable {
    private static final Trace TRACE = new Trace("push", "");
    private static final JsonText JSON = new JsonText(100_000);
    private static final int MOST_AT_ONCE = 32;
    private static final int MOST_TRIES = 4;
    private static final int LONGEST_ANSWER = 64 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LIFETIME = Duration.ofDays(1);

    private final Personal personal;
    private final Directory directory;
    private final Way way;
    private final InstantSource clock;
    private final Semaphore sending = new Semaphore(MOST_AT_ONCE);
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Map<SubscriptionName, Letter> letters = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /// How push services are reached.
    ///
    /// @param post to public addresses only
    /// @param key by which they know us
    /// @param contact whom they may write to, an URI
    /// @param pause between two messages to one subscription, and before it is tried again
    public record Way(Post post, PushKey key, String contact, Duration pause) {}

    /// Sends a POST and answers the status.
    @FunctionalInterface
    public interface Post {
        /// @throws IOException when nobody was reached
        int send(URI endpoint, Map<String, String> headers, byte[] body) throws IOException;

        /// By https, and to addresses of the internet alone: a client names the place.
        static Post over(PublicWeb web) {
            return (endpoint, headers, body) -> {
                if (!"https".equalsIgnoreCase(endpoint.getScheme())) {
                    throw new IOException("a push service is reached by https");
                }
                return web.send(new PublicWeb.Wanted("POST", endpoint, headers, body, LONGEST_ANSWER, 0, LIMIT))
                        .status();
            };
        }
    }

    private sealed interface Task {
        /// Its subscriptions may be others now.
        record Look(AccountId account) implements Task {}

        /// Something in the account has changed.
        record Tell(AccountId account) implements Task {}

        record Verify(AccountId account, String id) implements Task {}
    }

    private record SubscriptionName(AccountId account, String id) {}

    /// What is still to be told to one subscription; its thread takes it away piece by piece.
    private record Letter(Map<String, String> states) {}

    /// An account that is watched. Used by the thread alone.
    private record Watched(AutoCloseable watch, Map<String, String> told) {}

    public Pushes(Personal personal, Directory directory, Way way, InstantSource clock) {
        this.personal = personal;
        this.directory = directory;
        this.way = way;
        this.clock = clock;
    }

    PushKey key() {
        return way.key();
    }

    /// Begins to tell. Once.
    public void start(Jmap jmap) {
        thread = Thread.ofVirtual().name("pushes").start(() -> run(jmap));
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    void verify(AccountId account, String id) {
        tasks.add(new Task.Verify(account, id));
    }

    void changed(AccountId account) {
        tasks.add(new Task.Look(account));
    }

    // ---- the thread ------------------------------------------------------------------------------------------

    private void run(Jmap jmap) {
        Map<AccountId, Watched> watched = new HashMap<>();
        try {
            quietly(() -> personal.stored().forEach(this::changed));
            while (!closed) {
                Task task = tasks.take();
                quietly(() -> {
                    switch (task) {
                        case Task.Look(AccountId account) -> look(jmap, watched, account);
                        case Task.Tell(AccountId account) -> tell(jmap, watched, account);
                        case Task.Verify(AccountId account, String id) -> sendCode(account, id);
                    }
                });
            }
        } catch (InterruptedException e) {
            // close() was called.
            Thread.currentThread().interrupt();
        } finally {
            watched.values().forEach(one -> close(one.watch));
        }
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (Refused | Unavailable e) {
            TRACE.debug("put-off", "reason", String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
        }
    }

    private static void close(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            TRACE.debug("watch", "reason", String.valueOf(e));
        }
    }

    private List<Stored> verified(AccountId account) {
        List<Stored> all = new ArrayList<>(personal.open(account).all(Kind.PUSH_SUBSCRIPTION));
        all.removeIf(stored -> !stored.value().get(PushSubscriptions.VERIFIED).equals(Optional.of(Json.of(true))));
        return all;
    }

    private void look(Jmap jmap, Map<AccountId, Watched> watched, AccountId id) {
        Optional<Account> account = directory.account(id);
        boolean wanted = account.isPresent() && !verified(id).isEmpty();
        Watched known = watched.get(id);
        if (!wanted && known != null) {
            watched.remove(id);
            close(known.watch);
        } else if (wanted && known == null) {
            Caller caller = new Caller(account.get(), TRACE);
            // Watched first: what changes in between is told.
            AutoCloseable watch = jmap.watch(caller, () -> tasks.add(new Task.Tell(id)));
            watched.put(id, new Watched(watch, new HashMap<>(jmap.states(caller))));
        }
    }

    private void tell(Jmap jmap, Map<AccountId, Watched> watched, AccountId id) {
        Watched known = watched.get(id);
        Optional<Account> account = directory.account(id);
        if (known == null || account.isEmpty()) {
            return;
        }
        // Many changes of one moment are one: hints that wait are answered by this look.
        tasks.removeIf(task -> task.equals(new Task.Tell(id)));
        Map<String, String> changed = new LinkedHashMap<>();
        jmap.states(new Caller(account.get(), TRACE)).forEach((type, state) -> {
            if (!state.equals(known.told.put(type, state))) {
                changed.put(type, state);
            }
        });
        if (!changed.isEmpty()) {
            verified(id).forEach(stored -> tell(id, stored, changed));
        }
    }

    // ---- one subscription ------------------------------------------------------------------------------------

    private void tell(AccountId account, Stored stored, Map<String, String> changed) {
        Map<String, String> wanted = new LinkedHashMap<>(changed);
        if (stored.value().get("types").orElse(Json.NULL) instanceof Json.Arr(List<Json> types)) {
            wanted.keySet().removeIf(type -> !types.contains(Json.of(type)));
        }
        if (wanted.isEmpty()) {
            return;
        }
        SubscriptionName name = new SubscriptionName(account, stored.id());
        boolean[] first = {false};
        letters.compute(name, (_, letter) -> {
            first[0] = letter == null;
            Map<String, String> all = new LinkedHashMap<>(letter == null ? Map.of() : letter.states);
            all.putAll(wanted);
            return new Letter(all);
        });
        if (first[0]) {
            Thread.ofVirtual().name("push").start(() -> deliver(name));
        }
    }

    /// Sends what there is to be told, and what comes in meanwhile, until there is nothing more.
    private void deliver(SubscriptionName name) {
        try {
            Letter letter = letters.get(name);
            while (letter != null && !closed) {
                Json.Obj change = Json.object()
                        .put("@type", "StateChange")
                        .put(
                                "changed",
                                Json.object()
                                        .put(Ids.of(name.account), states(letter))
                                        .build())
                        .build();
                send(name, change);
                Letter told = letter;
                letter = letters.computeIfPresent(name, (_, now) -> now.equals(told) ? null : without(now, told));
                if (letter != null) {
                    Thread.sleep(way.pause());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Refused | Unavailable e) {
            TRACE.debug("put-off", "reason", String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
        } finally {
            letters.remove(name);
        }
    }

    private static Json.Obj states(Letter letter) {
        Json.Building states = Json.object();
        letter.states.forEach(states::put);
        return states.build();
    }

    private static Letter without(Letter now, Letter told) {
        Map<String, String> rest = new LinkedHashMap<>(now.states);
        told.states.forEach(rest::remove);
        return new Letter(rest);
    }

    /// RFC 8620 §7.2.2: nothing is told until the device has shown that it got this.
    private void sendCode(AccountId account, String id) {
        personal.open(account)
                .find(Kind.PUSH_SUBSCRIPTION, id)
                .ifPresent(stored -> Thread.ofVirtual().name("push").start(() -> {
                    Json.Obj verification = Json.object()
                            .put("@type", "PushVerification")
                            .put("pushSubscriptionId", id)
                            .put("verificationCode", SubmissionType.text(stored, PushSubscriptions.CODE))
                            .build();
                    quietly(() -> {
                        try {
                            send(new SubscriptionName(account, id), verification);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                }));
    }

    private void send(SubscriptionName name, Json.Obj message) throws InterruptedException {
        for (int tries = 0; tries < MOST_TRIES && !closed; tries++) {
            if (tries > 0) {
                Thread.sleep(way.pause().multipliedBy(1L << (2 * tries)));
            }
            Optional<Stored> stored = personal.open(name.account).find(Kind.PUSH_SUBSCRIPTION, name.id);
            if (stored.isEmpty() || isOver(name, stored.get())) {
                return;
            }
            int status = post(stored.get(), message);
            TRACE.info("push", "account", name.account, "subscription", name.id, "status", status);
            if (status / 100 == 2) {
                return;
            }
            if (status == 404 || status == 410) {
                end(name); // RFC 8030 §7.3: it has gone
                return;
            }
            if (status / 100 == 4 && status != 429 && status != 408) {
                return; // it will not take this message, however often it is sent
            }
        }
    }

    private boolean isOver(SubscriptionName name, Stored stored) {
        Instant expires = Times.utc(SubmissionType.text(stored, "expires")).orElse(Instant.MAX);
        if (clock.instant().isBefore(expires)) {
            return false;
        }
        end(name);
        return true;
    }

    private void end(SubscriptionName name) {
        personal.open(name.account).change(edit -> {
            edit.destroy(Kind.PUSH_SUBSCRIPTION, name.id);
            return name;
        });
        changed(name.account);
    }

    /// The status; 0 when nobody was reached.
    private int post(Stored stored, Json.Obj message) throws InterruptedException {
        URI endpoint = URI.create(SubmissionType.text(stored, "url"));
        Map<String, String> headers = new LinkedHashMap<>();
        byte[] body = JSON.write(message);
        headers.put("Content-Type", "application/json");
        if (stored.value().get("keys").orElse(Json.NULL) instanceof Json.Obj keys) {
            ECPublicKey receiver = WebPush.publicKey(PushSubscriptions.base64(Cards.text(keys, "p256dh")));
            body = WebPush.encrypt(body, receiver, PushSubscriptions.base64(Cards.text(keys, "auth")));
            headers.put("Content-Type", "application/octet-stream");
            headers.put("Content-Encoding", "aes128gcm");
        }
        headers.put("TTL", Long.toString(LIFETIME.toSeconds())); // RFC 8030 §5.2
        headers.put("Urgency", "normal");
        headers.put("Authorization", way.key().authorization(endpoint, way.contact(), clock.instant()));
        sending.acquire();
        try {
            return way.post().send(endpoint, headers, body);
        } catch (IOException e) {
            TRACE.info("push", "host", String.valueOf(endpoint.getHost()), "reason", String.valueOf(e.getMessage()));
            return 0;
        } finally {
            sending.release();
        }
    }

    /// For those who wait until everything has been told.
    boolean isQuiet() {
        return tasks.isEmpty() && letters.isEmpty();
    }
}
