package tamanoir.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstStepsTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void loginSelectFetch() throws IOException {
        try (ImapClient client = server.connect()) {
            assertThat(client.greeting).startsWith("* OK [CAPABILITY IMAP4rev1 ");
            client.ok("LOGIN ann@example.com secret");
            client.append("INBOX (\\Flagged)", "Subject: hello\r\nFrom: a@b\r\n\r\nbody\r\n");
            ImapClient.Talk select = client.ok("SELECT INBOX");
            assertThat(select.untagged()).contains("* 1 EXISTS", "* 1 RECENT");
            assertThat(select.tagged()).startsWith("OK [READ-WRITE]");
            ImapClient.Talk fetch = client.ok("FETCH 1 (FLAGS UID ENVELOPE BODYSTRUCTURE RFC822.SIZE BODY[TEXT])");
            assertThat(fetch.only())
                    .isEqualTo("* 1 FETCH (FLAGS (\\Seen \\Flagged \\Recent) UID 1 ENVELOPE (NIL \"hello\""
                            + " ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\"))"
                            + " NIL NIL NIL NIL NIL) BODYSTRUCTURE (\"text\" \"plain\" (\"charset\" \"us-ascii\")"
                            + " NIL NIL \"7bit\" 6 1 NIL NIL NIL NIL) RFC822.SIZE 35 BODY[TEXT] {6}\r\nbody\r\n)");
            assertThat(client.ok("LOGOUT").only()).startsWith("* BYE");
            assertThat(client.isClosed()).isTrue();
        }
    }
}
