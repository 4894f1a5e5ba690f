package tamanoir.server.smtp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.server.testkit.Dialogues;

class SmtpDialogueTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Dialogues.beside(SmtpDialogueTest.class, this::start);
    }

    private Dialogues.Server start() throws IOException {
        MailOnLoopback server = new MailOnLoopback(
                Files.createTempDirectory(folder, "home"),
                Map.of("submission/smtpd_tls_auth_only", "yes", "virtual_alias_maps", "inline:{postmaster=alice}"));
        for (String name : new String[] {"alice", "bob", "user001", "user002"}) {
            server.account(name + "@example.com");
        }
        return server;
    }
}
