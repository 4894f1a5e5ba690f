package tamanoir.server.observe;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the log's octets go. Used by one thread.
sealed interface LogSink extends Closeable {
    /// Some whole lines.
    void write(byte[] lines, int length) throws IOException;

    @Override
    default void close() throws IOException {}

    /// Standard output or standard error.
    /// The descriptors themselves: the streams of `System` may be anybody's.
    record Console(FileOutputStream stream) implements LogSink {
        static Console out() {
            return new Console(new FileOutputStream(FileDescriptor.out));
        }

        static Console err() {
            return new Console(new FileOutputStream(FileDescriptor.err));
        }

        @Override
        public void write(byte[] lines, int length) throws IOException {
            stream.write(lines, 0, length);
        }
    }

    /// A file. When somebody renames it (logrotate does), a new one is begun within a second.
    final class LogFile implements LogSink {
        private static final long LOOK_NANOS = 1_000_000_000L;

        private final Path file;
        private @Nullable FileChannel channel;
        private @Nullable Object key;
        private long nextLook;

        /// @throws IOException when it cannot be written
        LogFile(Path file) throws IOException {
            this.file = file;
            open();
        }

        private FileChannel open() throws IOException {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            FileChannel opened = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    // Who mails whom is not for everybody.
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            channel = opened;
            key = key();
            nextLook = System.nanoTime() + LOOK_NANOS;
            return opened;
        }

        private @Nullable Object key() {
            try {
                return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            } catch (IOException _) {
                return null; // Renamed a moment ago.
            }
        }

        private FileChannel current() throws IOException {
            FileChannel open = channel;
            if (open == null) {
                return open();
            }
            if (System.nanoTime() - nextLook < 0) {
                return open;
            }
            nextLook = System.nanoTime() + LOOK_NANOS;
            if (Objects.equals(key(), key)) {
                return open;
            }
            close();
            return open();
        }

        @Override
        public void write(byte[] lines, int length) throws IOException {
            FileChannel open = current();
            ByteBuffer buffer = ByteBuffer.wrap(lines, 0, length);
            while (buffer.hasRemaining()) {
                open.write(buffer);
            }
        }

        @Override
        public void close() throws IOException {
            FileChannel open = channel;
            channel = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
