package tamanoir.server.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import tamanoir.server.observe.Trace;

/// Each test is a process of its own, as a process loads the library once.
@Timeout(60)
class NativeLibraryTest {
    private static final String FILE = Environment.getJniLibraryFileName("rocksdb");

    @TempDir
    Path folder;

    /// Opens a store, says which file it has the library from, and halts as if it were killed.
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) throws IOException {
            RocksStore store =
                    new RocksStore(Path.of(args[0]), Settings.standard().withReserve(0), new Trace("store", "test"));
            assertThat(store.figures().failures()).isZero();
            try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
                maps.filter(line -> line.contains("rocksdb") && line.contains(".so"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .distinct()
                        .forEach(System.out::println);
            }
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void aFolderOfTheLibraryPathIsUsedAsItIsAndNothingIsUnpacked() throws Exception {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        try (InputStream packed = RocksDB.class.getClassLoader().getResourceAsStream(FILE)) {
            assertThat(packed).isNotNull();
            Files.copy(packed, libraries.resolve(FILE));
        }
        String said = run("-Djava.library.path=/nowhere:" + libraries);
        assertThat(said).isEqualTo(libraries.toRealPath().resolve(FILE) + "\n");
    }

    @Test
    void withoutOneItIsUnpackedIntoTheStoresFolderAndRemovedAtOnce() throws Exception {
        // What a process left that was killed while it unpacked.
        Path left = Files.createDirectories(folder.resolve("store/native/4711"));
        Files.writeString(left.resolve(Environment.getJniLibraryFileName("rocksdbjni")), "half");
        String said = run("-Djava.library.path=/nowhere");
        assertThat(said)
                .startsWith(folder.toRealPath().resolve("store/native").toString())
                .endsWith("(deleted)\n");
    }

    private String run(String option) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                option,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Opener.class.getName(),
                folder.resolve("store").toString()));
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        try (var left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
        assertThat(folder.resolve("store/native")).doesNotExist();
        return said;
    }
}
