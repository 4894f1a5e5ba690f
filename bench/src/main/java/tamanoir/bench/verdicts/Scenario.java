package tamanoir.bench.verdicts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A folder with a main.cf and the tables that it names; those of the folder above are for all.
record Scenario(String name, Path folder) {
    static List<Scenario> in(Path root) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(Files::isDirectory)
                    .sorted()
                    .map(folder -> new Scenario(folder.getFileName().toString(), folder))
                    .toList();
        }
    }

    String config() throws IOException {
        return Files.readString(folder.resolveSibling("common.cf")) + "\n"
                + Files.readString(folder.resolve("main.cf"));
    }

    List<Path> tables() throws IOException {
        List<Path> tables = new ArrayList<>(List.of(folder.resolveSibling("users"), folder.resolveSibling("aliases")));
        try (Stream<Path> own = Files.list(folder)) {
            own.filter(path -> !path.endsWith("main.cf")).sorted().forEach(tables::add);
        }
        return tables;
    }
}
