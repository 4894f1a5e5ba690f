package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Times;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// A message that went out of sight and comes back at a time. `mailboxIds` is where it comes back to.
final class SnoozeType implements ObjectType {
    static final String NAME = "Snooze";

    private static final Set<String> PROPERTIES = Set.of("emailId", "until", "mailboxIds");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.SNOOZE;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        throw new IllegalStateException("SnoozeSet makes them");
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        throw new IllegalStateException("SnoozeSet changes them");
    }

    static Json.Obj value(String emailId, Instant until, Set<MailboxId> mailboxes) {
        Json.Building back = Json.object();
        mailboxes.forEach(mailbox -> back.put(Ids.of(mailbox), true));
        return Json.object()
                .put("emailId", emailId)
                .put("until", Times.utc(until))
                .put("mailboxIds", back.build())
                .build();
    }

    static String emailId(Stored stored) {
        return SubmissionType.text(stored, "emailId");
    }

    static Instant until(Stored stored) {
        return Times.utc(SubmissionType.text(stored, "until")).orElse(Instant.EPOCH);
    }

    static Set<MailboxId> mailboxes(Stored stored) {
        Set<MailboxId> mailboxes = new LinkedHashSet<>();
        if (stored.value().get("mailboxIds").orElse(Json.NULL) instanceof Json.Obj ids) {
            ids.members().keySet().forEach(id -> Ids.mailbox(id).ifPresent(mailboxes::add));
        }
        return mailboxes;
    }
}
