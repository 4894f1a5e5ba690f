package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.server.personal.Correspondence;
import tamanoir.server.personal.Edit;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// Whom a person wrote to, how often and when last: one object an address, found by it.
final class Correspondents {
    /// A message to more is a circular, and says nothing about whom one writes to.
    private static final int MOST_OF_ONE_MESSAGE = 30;

    private static final int MOST = 2_000;
    private static final int GO_AT_ONCE = 20;

    private Correspondents() {}

    /// @param names of the recipients, by address, as the header has them
    static void remember(Edit edit, List<Recipient> recipients, Map<String, String> names, Instant now) {
        if (recipients.size() > MOST_OF_ONE_MESSAGE) {
            return;
        }
        for (Recipient recipient : recipients) {
            String email = recipient.address().toString();
            String id = Correspondence.id(email);
            Optional<Stored> known = edit.find(Kind.CORRESPONDENT, id);
            String name = names.getOrDefault(email, "");
            Json.Obj value = Json.object()
                    .put("email", email)
                    .put(
                            "name",
                            name.isBlank() ? known.map(k -> text(k, "name")).orElse("") : name)
                    .put("count", 1 + known.map(k -> number(k, "count")).orElse(0L))
                    .put("last", now.getEpochSecond())
                    .build();
            if (known.isPresent()) {
                edit.update(Kind.CORRESPONDENT, id, value);
            } else {
                makeRoom(edit);
                edit.create(Kind.CORRESPONDENT, id, value);
            }
        }
    }

    /// Who was written to longest ago is forgotten first.
    private static void makeRoom(Edit edit) {
        if (edit.count(Kind.CORRESPONDENT) >= MOST) {
            edit.all(Kind.CORRESPONDENT).stream()
                    .sorted(Comparator.comparingLong(stored -> number(stored, "last")))
                    .limit(GO_AT_ONCE)
                    .forEach(stored -> edit.destroy(Kind.CORRESPONDENT, stored.id()));
        }
    }

    static String text(Stored stored, String name) {
        return stored.value().get(name).orElse(Json.NULL) instanceof Json.Text(String text) ? text : "";
    }

    static long number(Stored stored, String name) {
        return stored.value().get(name).orElse(Json.NULL) instanceof Json.Int(long number) ? number : 0;
    }
}
