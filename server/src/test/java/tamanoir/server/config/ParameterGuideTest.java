package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/parameters.md` says what the definitions say, and the definitions know every name of Postfix.
class ParameterGuideTest {
    /// Run with `-Dtamanoir.rewrite=true` after a definition changed.
    @Test
    void theGuideIsUpToDate() throws IOException {
        Path guide = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .map(folder -> folder.resolve("docs"))
                .filter(docs -> Files.exists(docs.resolve("decisions.md")))
                .findFirst()
                .orElseThrow()
                .resolve("parameters.md");
        if (Boolean.getBoolean("tamanoir.rewrite")) {
            Files.writeString(guide, ParameterGuide.text());
        }
        assertThat(guide)
                .as("run the test again with -Dtamanoir.rewrite=true")
                .content()
                .isEqualTo(ParameterGuide.text());
    }

    @Test
    void everyNameOfPostfixIsKnown() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("postfix-names.txt"))) {
            List<String> names = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            assertThat(names)
                    .hasSizeGreaterThan(850)
                    .allSatisfy(name -> assertThat(Parameters.named(name)).isPresent());
        }
    }

    @Test
    void everyDefinitionSaysWhatItIs() {
        for (Parameter<?> parameter : Parameters.all()) {
            assertThat(parameter.doc()).as(parameter.name()).endsWith(".").doesNotContain("\n");
            assertThat(parameter.name()).matches("[a-z0-9][A-Za-z0-9_]*");
        }
    }
}
