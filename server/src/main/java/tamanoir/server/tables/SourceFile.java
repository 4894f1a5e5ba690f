package tamanoir.server.tables;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// A table that is a file. The file is looked at when a second has passed since the last look; a new content is read
/// whole and swapped in at once, so that a lookup sees the old table or the new one.
///
/// Missing, unreadable or wrong content is logged as an error with its line, once, and makes every lookup fail until
/// it is mended: mail waits. Going on with the old content would hide the mistake and undo it at the next restart.
///
/// Used by many threads; `state` is swapped whole, `lock` lets one of them look at the file.
final class SourceFile implements LookupTable {
    /// Reads the text of a file; throws [BadSyntax] with file and line in its message.
    interface Format {
        Snapshot read(String file, String text);
    }

    private static final long MILLIS_BETWEEN_LOOKS = 1000;

    /// Larger files are no hand-written tables and would fill the memory.
    private static final long LARGEST = 256L << 20;

    private record Stamp(long modified, long size, @Nullable Object key) {
        static final Stamp NONE = new Stamp(-1, -1, null);
    }

    /// `content` is null while the file is broken, and `fault` says why.
    private record State(
            long lookedAt, Stamp stamp, @Nullable Snapshot content, String fault) {}

    private final String name;
    private final Path path;
    private final boolean wholeKeyOnly;
    private final Format format;
    private final Clock clock;
    private final Trace trace;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;

    SourceFile(String name, Path path, boolean wholeKeyOnly, Format format, Clock clock, Trace trace) {
        this.name = name;
        this.path = path;
        this.wholeKeyOnly = wholeKeyOnly;
        this.format = format;
        this.clock = clock;
        this.trace = trace;
        Stamp stamp = stamp();
        this.state = read(stamp);
    }

    @Override
    public Optional<String> lookup(String key) {
        State now = current();
        if (now.content == null) {
            throw new Unavailable("4.3.0 Mail system configuration is being mended", now.fault);
        }
        return now.content.lookup(key);
    }

    /// What is wrong with the file, if anything.
    Optional<String> fault() {
        State now = current();
        return now.content == null ? Optional.of(now.fault) : Optional.empty();
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
                    now = new State(clock.millis(), stamp, now.content, now.fault);
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
                throw new BadSyntax(path + ": the file is larger than " + (LARGEST >> 20) + " MiB");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            return new State(clock.millis(), stamp, format.read(path.toString(), text), "");
        } catch (BadSyntax e) {
            return broken(stamp, String.valueOf(e.getMessage()));
        } catch (java.nio.file.NoSuchFileException e) {
            return broken(stamp, path + ": no such file");
        } catch (java.nio.file.AccessDeniedException e) {
            return broken(stamp, path + ": permission denied");
        } catch (java.nio.charset.CharacterCodingException e) {
            return broken(stamp, path + ": not UTF-8 text; tables are read from their source file, not from a .db");
        } catch (IOException e) {
            return broken(stamp, path + ": cannot be read: " + e.getMessage());
        }
    }

    private State broken(Stamp stamp, String fault) {
        trace.error("table-broken", "table", name, "reason", fault, "effect", "mail that needs it waits");
        return new State(clock.millis(), stamp, null, fault);
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(a.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS), a.size(), a.fileKey());
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
