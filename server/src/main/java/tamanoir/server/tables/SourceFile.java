package tamanoir.server.tables;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tamanoir.server.config.Problem;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// A table that is a file. The file is looked at when a second has passed since the last look; a new content is
/// read whole and swapped in at once, so that a lookup sees the old table or the new one.
///
/// Missing, unreadable or wrong content is logged as an error with its line, once, and makes every lookup fail
/// until it is mended: mail waits. Going on with the old content would hide the mistake and undo it at the next
/// restart. An editor that writes in place may show half a file for a moment; the next look finds the whole.
///
/// Used by many threads; `state` is swapped whole, `lock` lets one of them look at the file.
final class SourceFile implements LookupTable {
    /// Reads the text of a file; throws [WrongTable] with the line in question.
    interface Format {
        Snapshot read(String text);
    }

    private static final long MILLIS_BETWEEN_LOOKS = 1000;

    /// Larger files are no hand-written tables and would fill the memory.
    private static final long LARGEST = 256L << 20;

    private record Stamp(long modified, long size, @Nullable Object key) {
        static final Stamp NONE = new Stamp(-1, -1, null);
    }

    /// `content` is null while the file is broken, and `fault` says why.
    private record State(
            long lookedAt, Stamp stamp, @Nullable Snapshot content, String fault, int line) {}

    private final String name;
    private final Path path;
    private final boolean wholeKeyOnly;
    private final Charset charset;
    private final Format format;
    private final Clock clock;
    private final Trace trace;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;

    /// `charset` is UTF-8 but for files of the system, whose authors did not agree on one.
    SourceFile(String name, Path path, boolean wholeKeyOnly, Charset charset, Format format, Clock clock, Trace trace) {
        this.name = name;
        this.path = path;
        this.wholeKeyOnly = wholeKeyOnly;
        this.charset = charset;
        this.format = format;
        this.clock = clock;
        this.trace = trace;
        Stamp stamp = stamp();
        this.state = read(stamp);
    }

    @Override
    public Optional<String> lookup(String key) {
        return content().lookup(key);
    }

    @Override
    public Optional<Hit> find(String key) {
        return content().find(key).map(entry -> new Hit(entry.text(), path + ":" + entry.line()));
    }

    @Override
    public List<Hit> answers() {
        Snapshot content = current().content;
        return content == null
                ? List.of()
                : content.all().stream()
                        .map(entry -> new Hit(entry.text(), path + ":" + entry.line()))
                        .toList();
    }

    private Snapshot content() {
        State now = current();
        if (now.content == null) {
            throw new Unavailable("4.3.0 Mail system configuration is being mended", where(now));
        }
        return now.content;
    }

    @Override
    public List<Problem> problems() {
        State now = current();
        if (now.content != null) {
            return List.of();
        }
        String which = now.line > 0 ? " (table " + name + ")" : "";
        return List.of(new Problem(Problem.Severity.ERROR, path.toString(), now.line, now.fault + which));
    }

    private String where(State broken) {
        return path + (broken.line > 0 ? ":" + broken.line : "") + ": " + broken.fault;
    }

    private State current() {
        State now = state;
        if (clock.millis() - now.lookedAt < MILLIS_BETWEEN_LOOKS || !lock.tryLock()) {
            return now;
        }
        try {
            now = state;
            if (clock.millis() - now.lookedAt >= MILLIS_BETWEEN_LOOKS) {
                Stamp stamp = stamp();
                if (stamp.equals(now.stamp)) {
                    now = new State(clock.millis(), stamp, now.content, now.fault, now.line);
                } else {
                    State before = now;
                    now = read(stamp);
                    if (now.content != null) {
                        trace.info(
                                before.content == null ? "table-mended" : "table-changed",
                                "table",
                                name,
                                "entries",
                                now.content.size());
                    }
                }
                state = now;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    private State read(Stamp stamp) {
        try {
            if (stamp.size > LARGEST) {
                throw new WrongTable(0, "the file is larger than " + (LARGEST >> 20) + " MiB");
            }
            String text = Files.readString(path, charset);
            if (text.startsWith("\ufeff")) {
                text = text.substring(1); // The mark that some editors put before UTF-8.
            }
            return new State(clock.millis(), stamp, format.read(text), "", 0);
        } catch (WrongTable e) {
            return broken(stamp, String.valueOf(e.getMessage()), e.line());
        } catch (NoSuchFileException e) {
            return broken(stamp, "no such file", 0);
        } catch (AccessDeniedException e) {
            return broken(stamp, "permission denied", 0);
        } catch (CharacterCodingException e) {
            return broken(
                    stamp, "the file is not UTF-8 text; tables are read from their source file, not from a .db", 0);
        } catch (IOException e) {
            return broken(stamp, "the file cannot be read: " + e.getMessage(), 0);
        }
    }

    private State broken(Stamp stamp, String fault, int line) {
        State state = new State(clock.millis(), stamp, null, fault, line);
        trace.error("table-broken", "table", name, "reason", where(state), "effect", "mail that needs it waits");
        return state;
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(a.lastModifiedTime().to(TimeUnit.NANOSECONDS), a.size(), a.fileKey());
        } catch (IOException e) {
            return Stamp.NONE;
        }
    }

    @Override
    public boolean wantsWholeKeyOnly() {
        return wholeKeyOnly;
    }

    @Override
    public String name() {
        return name;
    }
}
