package tamanoir.server.testkit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// The dialogues of a room as tests:
///
///     @TestFactory
///     Stream<DynamicTest> dialogues() {
///         return Dialogues.beside(Pop3DialogueTest.class, () -> new Pop3OnLoopback());
///     }
///
/// They lie in `src/test/resources`, in the folder of the class's package. Each gets a server of its own.
public final class Dialogues {
    private Dialogues() {}

    /// Starts a server for one dialogue.
    @FunctionalInterface
    public interface Stage {
        Server start() throws Exception;
    }

    /// A server on loopback.
    public interface Server extends AutoCloseable {
        /// The port of a service; the empty name is the one that dialogues mean when they say nothing.
        int port(String service);

        @Override
        void close();
    }

    public static Stream<DynamicTest> beside(Class<?> type, Stage stage) {
        List<Dialogue> dialogues = read(folder(type));
        if (dialogues.isEmpty()) {
            throw new IllegalArgumentException("no *.dialogue beside " + type);
        }
        return dialogues.stream()
                .map(dialogue ->
                        DynamicTest.dynamicTest(dialogue.name(), dialogue.file().toUri(), () -> play(dialogue, stage)));
    }

    /// Plays one dialogue against a server of its own.
    public static void play(Dialogue dialogue, Stage stage) throws Exception {
        try (Server server = stage.start()) {
            play(dialogue, server);
        }
    }

    /// Plays one dialogue against a server that goes on running.
    public static void play(Dialogue dialogue, Server server) throws IOException {
        try (DialoguePlayer player = new DialoguePlayer(dialogue, server)) {
            player.play();
        }
    }

    private static Path folder(Class<?> type) {
        URL here = type.getResource(".");
        String inPackage = type.getPackageName().replace('.', '/');
        try {
            // Class files and resources may lie in one folder or in two: ask for the package as a resource.
            URL resources = type.getClassLoader().getResource(inPackage);
            URL chosen = resources != null ? resources : here;
            if (chosen == null) {
                throw new IllegalArgumentException("no folder " + inPackage + " among the test resources");
            }
            return Path.of(chosen.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(inPackage, e);
        }
    }

    private static List<Dialogue> read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".dialogue"))
                    .sorted()
                    .map(Dialogue::read)
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + " cannot be read", e);
        }
    }
}
