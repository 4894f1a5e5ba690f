package tamanoir.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;

/// Bodies too large for a row, named by the SHA-256 of their octets, shared by whoever has the same octets.
///
/// Order of life: spool, `keep` (durable under its name), then the batch that refers to it; deletion the other way
/// round.
public interface Blobs {
    /// A place for octets that are still arriving. Closing it without `keep` leaves nothing behind.
    ///
    /// @throws Unavailable when the disk is full
    Spool spool();

    /// Opens a kept blob for reading.
    ///
    /// @throws Unavailable when it cannot be read; an error of that one message only
    FileChannel open(BlobHash hash);

    long size(BlobHash hash);

    default InputStream stream(BlobHash hash) {
        return java.nio.channels.Channels.newInputStream(open(hash));
    }

    /// Octets arriving for one blob; used by one thread.
    interface Spool extends AutoCloseable {
        void write(byte[] array, int offset, int length) throws IOException;

        long size();

        /// Makes the octets durable under their hash and returns it.
        ///
        /// @throws Unavailable when the disk is full; then nothing is kept
        BlobHash keep();

        @Override
        void close();
    }
}
