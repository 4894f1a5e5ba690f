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

/// Every `*.dialogue` of this room, each with a server of its own.
class JmapDialogueTest {
    @TestFactory
    Stream<DynamicTest> everyDialogue() throws IOException, URISyntaxException {
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
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    try (JmapServer server = new JmapServer()) {
                        new Dialogue(server).play(Files.readAllLines(file));
                    }
                }));
    }
}
