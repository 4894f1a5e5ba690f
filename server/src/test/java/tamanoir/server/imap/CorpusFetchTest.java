package tamanoir.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// Every message of the corpus comes in by APPEND and goes out octet for octet, whole and in sections.
@Timeout(300)
class CorpusFetchTest {
    @Test
    void messagesComeBackAsTheyWent() throws IOException {
        Optional<Path> corpus = corpus();
        if (corpus.isEmpty()) {
            System.err.println("NOT RUN: shared/testdata/mime is absent");
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(corpus.get())) {
            files = walk.filter(f -> f.toString().matches(".*\\.(eml|msg|txt)") && Files.isRegularFile(f))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        try (TestServer server = new TestServer();
                ImapClient client = server.login()) {
            client.ok("CREATE corpus");
            client.ok("SELECT corpus");
            int number = 0;
            for (Path file : files) {
                String message = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (message.isEmpty() || message.length() > 200_000) {
                    continue;
                }
                client.append("corpus", message);
                number++;
                check(client, number, message, file);
            }
            assertThat(number).isGreaterThan(50);
        }
    }

    private static void check(ImapClient client, int number, String message, Path file) throws IOException {
        // RFC 9051 §9: no literal holds NUL
        String shown = message.replace('\0', '\u0080');
        assertThat(fetched(client, number, "BODY.PEEK[]")).as(file.toString()).isEqualTo(shown);
        String structure = client.ok("FETCH " + number + " BODYSTRUCTURE")
                .with(" FETCH (BODYSTRUCTURE ")
                .getFirst();
        assertThat(StructureGrammar.structure(structure.substring(structure.indexOf("BODYSTRUCTURE ") + 14)))
                .as(file + ": " + structure)
                .isTrue();
        Part root = MessageParser.parse(Octets.latin1(message));
        assertThat(fetched(client, number, "BODY.PEEK[HEADER]")).isEqualTo(shown(root.header()));
        assertThat(fetched(client, number, "BODY.PEEK[TEXT]")).isEqualTo(shown(root.body()));
        if (root.kind() == Located.Kind.MULTIPART) {
            for (int i = 0; i < root.children().size(); i++) {
                Part part = root.children().get(i);
                String name = Integer.toString(i + 1);
                assertThat(fetched(client, number, "BODY.PEEK[" + name + "]"))
                        .as(file + " part " + name)
                        .isEqualTo(shown(part.body()));
                assertThat(fetched(client, number, "BODY.PEEK[" + name + ".MIME]"))
                        .as(file + " header of part " + name)
                        .isEqualTo(shown(part.header()));
            }
        } else {
            assertThat(fetched(client, number, "BODY.PEEK[1]")).isEqualTo(shown(root.body()));
            assertThat(fetched(client, number, "BODY.PEEK[2]")).isEqualTo("NIL");
        }
        client.ok("FETCH " + number + " (ENVELOPE PREVIEW BINARY.SIZE[])".replace(" PREVIEW", ""));
    }

    private static String shown(Octets octets) {
        return octets.latin1().replace('\0', '\u0080');
    }

    /// The content of one item: a literal, or NIL.
    private static String fetched(ImapClient client, int number, String item) throws IOException {
        List<String> said = client.ok("FETCH " + number + " " + item).with("* " + number + " FETCH (BODY[");
        assertThat(said).hasSize(1);
        String response = said.getFirst();
        int literal = response.indexOf("]") + 2;
        if (response.startsWith("NIL", literal)) {
            return "NIL";
        }
        int end = response.indexOf("}\r\n", literal);
        int length = Integer.parseInt(response.substring(literal + 1, end));
        return response.substring(end + 3, end + 3 + length);
    }

    private static Optional<Path> corpus() {
        String told = System.getProperty("tamanoir.shared", "");
        if (!told.isEmpty()) {
            return Optional.of(Path.of(told, "testdata/mime")).filter(Files::isDirectory);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path corpus = folder.resolve("shared/testdata/mime");
            if (Files.isDirectory(corpus)) {
                return Optional.of(corpus);
            }
        }
        return Optional.empty();
    }
}
