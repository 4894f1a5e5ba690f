package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.jmap.Times;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;
import tamanoir.server.queue.QueueId;

/// What was sent, and what became of it (RFC 8621 §7). The id is that of the message in the queue.
final class SubmissionType implements ObjectType, ObjectQuery.Terms {
    static final String NAME = "EmailSubmission";

    /// Ours alone: everybody has their copy or will not get one, so nobody asks the queue any more.
    static final String SETTLED = "-settled";

    private static final Set<String> PROPERTIES = Set.of(
            "identityId",
            "emailId",
            "threadId",
            "envelope",
            "sendAt",
            "undoStatus",
            "deliveryStatus",
            "dsnBlobIds",
            "mdnBlobIds");

    static String id(QueueId id) {
        return "s" + Long.toHexString(id.number());
    }

    static QueueId queueId(String id) {
        return new QueueId(Long.parseUnsignedLong(id, 1, id.length(), 16));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.SUBMISSION;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public Json.Obj shown(Stored stored) {
        Json.Building shown = Json.object();
        stored.value().members().forEach((name, value) -> {
            if (!name.equals(SETTLED)) {
                shown.put(name, value);
            }
        });
        return shown.build();
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        throw new IllegalStateException("SubmissionSet makes them");
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        throw new IllegalStateException("SubmissionSet changes them");
    }

    // ---- queries (RFC 8621 §7.3) -----------------------------------------------------------------------------

    static String text(Stored stored, String name) {
        return stored.value().get(name).orElse(Json.NULL) instanceof Json.Text(String text) ? text : "";
    }

    static Instant sendAt(Stored stored) {
        return Times.utc(text(stored, "sendAt")).orElse(Instant.EPOCH);
    }

    @Override
    public Predicate<Stored> condition(Json.Obj condition) {
        Predicate<Stored> all = _ -> true;
        for (Map.Entry<String, Json> term : condition.members().entrySet()) {
            all = all.and(term(term.getKey(), term.getValue()));
        }
        return all;
    }

    private static Predicate<Stored> term(String name, Json value) {
        return switch (name) {
            case "identityIds" -> among("identityId", value);
            case "emailIds" -> among("emailId", value);
            case "threadIds" -> among("threadId", value);
            case "undoStatus" ->
                stored -> stored.value().get("undoStatus").filter(value::equals).isPresent();
            case "before" -> {
                Instant time = time(name, value);
                yield stored -> sendAt(stored).isBefore(time);
            }
            case "after" -> {
                Instant time = time(name, value);
                yield stored -> !sendAt(stored).isBefore(time);
            }
            default -> throw new MethodError("unsupportedFilter", NAME + " has no filter " + name);
        };
    }

    private static Predicate<Stored> among(String property, Json value) {
        if (!(value instanceof Json.Arr(List<Json> ids))) {
            throw MethodError.invalidArguments("a filter by ids is an array");
        }
        return stored -> stored.value().get(property).filter(ids::contains).isPresent();
    }

    private static Instant time(String name, Json value) {
        Optional<Instant> time = value instanceof Json.Text(String text) ? Times.utc(text) : Optional.empty();
        return time.orElseThrow(() -> MethodError.invalidArguments("the filter " + name + " is a UTCDate"));
    }

    @Override
    public Optional<Comparator<Stored>> order(String property, Json.Obj comparator) {
        return switch (property) {
            case "emailId", "threadId" -> Optional.of(Comparator.comparing(stored -> text(stored, property)));
            case "sentAt", "sendAt" -> Optional.of(Comparator.comparing(SubmissionType::sendAt));
            default -> Optional.empty();
        };
    }
}
