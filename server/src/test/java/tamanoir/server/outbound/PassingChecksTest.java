package tamanoir.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.PassingChecks.Change;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;
import tamanoir.server.store.memory.MemoryStore;

/// What patterns change in a message while it leaves.
class PassingChecksTest {
    private static final Trace TRACE = new Trace("test", "");
    private static final Octets PREFIX = Octets.of("Received: here\r\n");

    private static Octets changed(Body body, Blobs blobs, Change... changes) throws IOException {
        return Outgoing.of(PREFIX, body, blobs, 0)
                .checked((message, trace, id) -> List.of(changes), TRACE, "ID")
                .load();
    }

    @Test
    void smallAndLargeMessagesAreChangedAlike() throws IOException {
        String text = "Subject: a\r\n\r\n" + "line\r\n".repeat(20_000);
        try (MemoryStore store = new MemoryStore();
                Blobs.Spool spool = store.blobs().spool()) {
            Octets all = Octets.of(text);
            spool.write(all.array(), all.arrayOffset(), all.length());
            Change[] changes = {
                new Change(0, 16, Octets.EMPTY),
                new Change(16, 16, Octets.of("X-A: 1\r\n")),
                new Change(16, 28, Octets.of("Subject: b\r\n"))
            };
            Octets large = changed(new Body.Large(spool.keep(), all.length()), store.blobs(), changes);
            Octets small = changed(new Body.Small(all.slice(0, 26)), store.blobs(), changes);
            assertThat(small).isEqualTo(Octets.of("X-A: 1\r\nSubject: b\r\n\r\nline\r\nline\r\n"));
            assertThat(large).isEqualTo(Octets.of("X-A: 1\r\nSubject: b\r\n" + text.substring(12)));
        }
    }

    @Test
    void nothingIsReadAgainWhereNothingChanges() throws IOException {
        try (MemoryStore store = new MemoryStore()) {
            Outgoing outgoing = Outgoing.of(PREFIX, new Body.Small(Octets.of("A: b\r\n\r\n")), store.blobs(), 0);
            assertThat(outgoing.checked(PassingChecks.NONE, TRACE, "ID")).isSameAs(outgoing);
            assertThat(outgoing.checked((message, trace, id) -> List.of(), TRACE, "ID"))
                    .isSameAs(outgoing);
        }
    }
}
