package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.store.memory.MemoryStore;

/// RFC 8621 §8 at delivery: the answer of somebody who is away, around the script that is active.
class AwayAtDeliveryTest {
    private static final String ANN = "user001@example.com";

    @TempDir
    Path home;

    private static String send(MailOnLoopback up, String from) throws IOException {
        try (SmtpClient client = up.client("smtp")) {
            client.say("EHLO client.example");
            return client.mail(from, "From: " + from + "\r\nTo: " + ANN + "\r\nSubject: hello\r\n\r\nbody\r\n", ANN);
        }
    }

    @Test
    void whoIsAwayAnswersOnceAndStillSorts() throws IOException {
        try (MailOnLoopback up = new MailOnLoopback(home, Map.of("junk_filter", "no"), new MemoryStore())) {
            Account ann = up.account(ANN);
            new Personal(up.store, up.directory, PersonalSettings.defaults())
                    .open(ann.id())
                    .change(edit -> {
                        edit.create(
                                Kind.VACATION_RESPONSE,
                                "singleton",
                                Json.object()
                                        .put("isEnabled", true)
                                        .put("textBody", "back soon")
                                        .build());
                        return edit;
                    });
            assertThat(send(up, "a@example.net")).startsWith("250");
            assertThat(send(up, "a@example.net")).startsWith("250");
            assertThat(up.owed()).containsExactly(" -> a@example.net");
            assertThat(up.inbox(ANN)).hasSize(2);
            up.reception.scripts().put(ann.id(), "rules", "require \"reject\"; reject \"no\";");
            up.reception.scripts().activate(ann.id(), "rules");
            assertThat(send(up, "b@example.net")).startsWith("550");
            up.reception
                    .scripts()
                    .put(ann.id(), "rules", "require [\"fileinto\", \"mailbox\"]; fileinto :create \"X\"; stop;");
            assertThat(send(up, "c@example.net")).startsWith("250");
            assertThat(up.owed()).containsExactlyInAnyOrder(" -> a@example.net", " -> c@example.net");
            assertThat(up.inbox(ANN)).hasSize(2);
        }
    }
}
