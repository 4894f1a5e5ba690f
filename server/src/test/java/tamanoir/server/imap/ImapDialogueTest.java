package tamanoir.server.imap;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tamanoir.server.testkit.Dialogues;

class ImapDialogueTest {
    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Dialogues.beside(ImapDialogueTest.class, TestServer::new);
    }
}
