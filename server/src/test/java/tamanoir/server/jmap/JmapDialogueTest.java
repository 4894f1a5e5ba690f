package tamanoir.server.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.observe.Trace;
import tamanoir.server.store.Store;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// Every `*.dialogue` of this room, each with a server of its own, over both stores.
class JmapDialogueTest {
    @TestFactory
    Stream<DynamicTest> everyDialogue(@TempDir Path stores) throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(JmapDialogueTest.class.getResource("core.dialogue"))
                        .toURI())
                .getParent();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".dialogue"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .flatMap(file -> Stream.of(
                        DynamicTest.dynamicTest(file.getFileName() + " in memory", () -> play(file, new MemoryStore())),
                        DynamicTest.dynamicTest(
                                file.getFileName() + " on disk",
                                () -> play(
                                        file,
                                        new RocksStore(
                                                stores.resolve(
                                                        file.getFileName().toString()),
                                                Settings.standard().withReserve(0),
                                                new Trace("store", ""))))));
    }

    private static void play(Path file, Store store) throws IOException {
        try (JmapServer server = new JmapServer(store, JmapSettings.defaults())) {
            new Dialogue(server).play(Files.readAllLines(file));
        }
    }
}
