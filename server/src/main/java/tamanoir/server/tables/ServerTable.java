package tamanoir.server.tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.KeyValueFile;
import tamanoir.server.config.Problem;
import tamanoir.server.databases.Variables;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// A table that another server answers: `ldap:`, `mysql:`, `pgsql:`, `sqlite:`. Its settings stand in a file
/// that is looked at again when a second has passed, or in main.cf as `NAME_parameter` (Postfix's older style).
///
/// A key that has no such part as the query asks for (`%d` of a bare name), or lies in none of the domains that
/// `domain` names, is not asked for and has no answer. Used by many threads; `state` is swapped whole under
/// `lock`.
final class ServerTable implements LookupTable {
    private static final long MILLIS_BETWEEN_LOOKS = 1000;

    /// What asks the server.
    interface Asking {
        /// The values that were found, as the server wrote them.
        List<String> ask(String key, Variables variables);

        /// Connects once.
        void check();
    }

    private record State(
            long lookedAt,
            @Nullable FileTime stamp,
            @Nullable KeyFilter filter,
            @Nullable Asking asking,
            @Nullable ResultFormat format,
            String fault) {}

    private final String name;
    private final Optional<Path> path;
    private final Function<ServerTable, KeyValueFile> settings;
    private final Function<KeyValueFile, Asking> opener;
    private final Clock clock;
    private final Trace trace;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;

    private ServerTable(
            String name,
            Optional<Path> path,
            Function<ServerTable, KeyValueFile> settings,
            Function<KeyValueFile, Asking> opener,
            Clock clock,
            Trace trace) {
        this.name = name;
        this.path = path;
        this.settings = settings;
        this.opener = opener;
        this.clock = clock;
        this.trace = trace;
        this.state = read(stamp());
    }

    static ServerTable ofFile(String name, Path path, Function<KeyValueFile, Asking> opener, Clock clock, Trace trace) {
        return new ServerTable(name, Optional.of(path), _ -> KeyValueFile.read(path), opener, clock, trace);
    }

    static ServerTable of(
            String name, KeyValueFile values, Function<KeyValueFile, Asking> opener, Clock clock, Trace trace) {
        return new ServerTable(name, Optional.empty(), _ -> values, opener, clock, trace);
    }

    @Override
    public Optional<String> lookup(String key) {
        State now = current();
        if (now.filter == null || now.asking == null || now.format == null) {
            throw new Unavailable("4.3.0 Mail system configuration is being mended", now.fault);
        }
        if (key.isBlank() || !now.filter.takes(key)) {
            return Optional.empty();
        }
        List<String> found;
        try {
            found = now.asking.ask(key, name -> KeyFilter.part(key, name));
        } catch (Unavailable e) {
            trace.warn("table-unavailable", "table", name, "reason", e.detail());
            throw new Unavailable("4.3.0 Temporary lookup failure", name + ": " + e.detail(), e);
        }
        List<String> answers = new ArrayList<>();
        for (String value : found) {
            now.format.apply(key, value).ifPresent(answers::add);
        }
        if (now.format.limit() > 0 && answers.size() > now.format.limit()) {
            throw new Unavailable(
                    "4.3.0 Temporary lookup failure",
                    name + ": more than expansion_limit = " + now.format.limit() + " answers");
        }
        return answers.isEmpty() ? Optional.empty() : Optional.of(String.join(",", answers));
    }

    /// A server that is down makes mail wait; it stops neither a start nor a reload.
    @Override
    public List<Problem> problems() {
        State now = current();
        String file = path.map(Path::toString).orElse("");
        if (now.asking == null) {
            return List.of(new Problem(Problem.Severity.ERROR, file, 0, now.fault));
        }
        try {
            now.asking.check();
            return List.of();
        } catch (Unavailable e) {
            return List.of(new Problem(
                    Problem.Severity.WARNING, file, 0, "does not answer now, mail that needs it waits: " + e.detail()));
        }
    }

    private State current() {
        State now = state;
        if (path.isEmpty() || clock.millis() - now.lookedAt < MILLIS_BETWEEN_LOOKS || !lock.tryLock()) {
            return now;
        }
        try {
            FileTime stamp = stamp();
            State before = state;
            state = now = stamp != null && stamp.equals(before.stamp)
                    ? new State(clock.millis(), stamp, before.filter, before.asking, before.format, before.fault)
                    : read(stamp);
            return now;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable FileTime stamp() {
        try {
            return path.isEmpty() ? null : Files.getLastModifiedTime(path.get());
        } catch (IOException e) {
            return null;
        }
    }

    private State read(@Nullable FileTime stamp) {
        try {
            KeyValueFile values = settings.apply(this);
            return new State(
                    clock.millis(), stamp, KeyFilter.of(values), opener.apply(values), ResultFormat.of(values), "");
        } catch (BadSyntax e) {
            String fault = String.valueOf(e.getMessage());
            trace.error("table-broken", "table", name, "reason", fault, "effect", "mail that needs it waits");
            return new State(clock.millis(), stamp, null, null, null, fault);
        }
    }

    @Override
    public boolean wantsWholeKeyOnly() {
        return false;
    }

    @Override
    public String name() {
        return name;
    }
}
