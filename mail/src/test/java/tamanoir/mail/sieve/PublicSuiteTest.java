package tamanoir.mail.sieve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicSuiteTest {
    @Test
    void everyFileForAnExtensionThatIsKnownHere() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.isDirectory(root.resolve("shared/testdata/sieve"))) {
            root = root.getParent();
        }
        if (root == null) {
            System.out.println("NOT RUN: the public Sieve tests (shared/testdata/sieve is absent)");
            return;
        }
        Path folder = root.resolve("shared/testdata/sieve");
        int passed = 0;
        List<String> failed = new ArrayList<>();
        TreeMap<String, int[]> byFolder = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> path.toString().endsWith(".svtest")
                            || path.toString().endsWith(".svtest.in"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            PublicSuite suite = new PublicSuite(file);
            try {
                suite.run();
            } catch (RuntimeException | StackOverflowError e) {
                suite.verdicts.add(new PublicSuite.Verdict(
                        "(no accident)", java.util.Optional.of(e + " at " + e.getStackTrace()[0])));
            }
            for (PublicSuite.Verdict verdict : suite.verdicts) {
                if (verdict.reason().isEmpty()) {
                    passed++;
                } else {
                    failed.add(folder.relativize(file) + " / " + verdict.name() + ": "
                            + verdict.reason().get());
                }
            }
        }
        System.out.println("Sieve: " + passed + " tests passed, " + failed.size() + " failed");
        failed.forEach(System.out::println);
    }
}
