package tamanoir.mail.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tamanoir.mail.text.Octets;

/// The messages that other projects have collected, where the machine has them: `shared/testdata/mime` beside this
/// repository or one of the folders above, or below `-Dtamanoir.shared`.
final class Corpus {
    private Corpus() {}

    static Optional<Path> folder(String name) {
        String given = System.getProperty("tamanoir.shared");
        if (given != null) {
            return Optional.of(Path.of(given, "testdata", "mime", name)).filter(Files::isDirectory);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("shared/testdata/mime").resolve(name);
            if (Files.isDirectory(found)) {
                return Optional.of(found);
            }
        }
        System.err.println("NOT RUN: shared/testdata is absent (" + name + ")");
        return Optional.empty();
    }

    /// All files below the folder whose names end so, in a fixed order.
    static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Octets read(Path file) {
        try {
            return Octets.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
