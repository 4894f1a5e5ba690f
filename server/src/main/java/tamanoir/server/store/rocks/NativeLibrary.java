package tamanoir.server.store.rocks;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import tamanoir.server.observe.Unavailable;

/// Loads RocksDB's native code into the process, once.
///
/// The launcher names a folder with the unpacked library in `java.library.path`; then nothing is written. Otherwise it
/// comes out of the jar into a folder of ours, is loaded and deleted at once (a loaded library needs no name). RocksDB
/// by itself would unpack into the folder for temporary files, where a killed process leaves 16 MB behind.
final class NativeLibrary {
    /// Its name in the jar and in a folder of `java.library.path`.
    private static final String FILE = Environment.getJniLibraryFileName("rocksdb");

    /// The name that [RocksDB#loadLibrary(List)] looks for; not the same.
    private static final String UNPACKED = Environment.getJniLibraryFileName("rocksdbjni");

    private NativeLibrary() {}

    /// Does nothing when it is loaded already.
    ///
    /// @param folder where to unpack; made and removed again
    static void load(Path folder) {
        if (RocksDB.rocksdbVersion() != null) {
            return;
        }
        for (String place : System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
            if (!place.isEmpty() && Files.isRegularFile(Path.of(place, FILE))) {
                RocksDB.loadLibrary();
                return;
            }
        }
        try {
            unpackAndLoad(folder);
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new Unavailable(
                    "the store cannot be opened",
                    "RocksDB's native library could not be loaded from " + folder + ": " + e.getMessage()
                            + "; put " + FILE + " (from rocksdbjni.jar) into a folder that allows execution and start"
                            + " Java with -Djava.library.path=<that folder>",
                    e);
        }
    }

    private static void unpackAndLoad(Path folder) throws IOException {
        Files.createDirectories(folder);
        // A folder of its own: another process that is about to find the database locked may unpack just now, too.
        Path own = Files.createTempDirectory(folder, "");
        Path file = own.resolve(UNPACKED);
        try (InputStream packed = RocksDB.class.getClassLoader().getResourceAsStream(FILE)) {
            if (packed == null) {
                throw new FileNotFoundException("rocksdbjni.jar has no " + FILE + " for this machine");
            }
            Files.copy(packed, file);
            RocksDB.loadLibrary(List.of(own.toAbsolutePath().toString()));
        } finally {
            remove(own);
        }
    }

    /// Removes what a process that was killed while it unpacked has left. Called with the database open, so that no
    /// other server can come up on this folder.
    static void removeLeftovers(Path folder) {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
                for (Path own : left) {
                    remove(own);
                }
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                // 16 MB too many; the next start tries again.
            }
        }
    }

    private static void remove(Path own) throws IOException {
        Files.deleteIfExists(own.resolve(UNPACKED));
        Files.deleteIfExists(own);
    }
}
