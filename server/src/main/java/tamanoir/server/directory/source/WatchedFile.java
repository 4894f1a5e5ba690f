package tamanoir.server.directory.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.Unavailable;

/// A file whose content is read again when it changed, looked at once a second at most. A file that cannot be
/// read is `Unavailable`. Used by many threads; `state` is swapped whole.
final class WatchedFile<T> {
    private static final long LARGEST = 256L << 20;

    private record State<T>(long lookedAt, @Nullable FileTime changed, long size, T content) {}

    private final Path path;
    private final Function<String, T> format;
    private volatile @Nullable State<T> state;

    WatchedFile(Path path, Function<String, T> format) {
        this.path = path;
        this.format = format;
    }

    T content() {
        State<T> known = state;
        long now = System.nanoTime();
        if (known != null && now - known.lookedAt < TimeUnit.SECONDS.toNanos(1)) {
            return known.content;
        }
        try {
            FileTime changed = Files.getLastModifiedTime(path);
            long size = Files.size(path);
            if (size > LARGEST) {
                throw new IOException("it is larger than " + (LARGEST >> 20) + " MiB");
            }
            T content = known != null && changed.equals(known.changed) && size == known.size
                    ? known.content
                    : format.apply(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
            state = new State<>(now, changed, size, content);
            return content;
        } catch (IOException e) {
            throw new Unavailable("a directory does not answer now, try again later", path + ": " + e, e);
        }
    }
}
