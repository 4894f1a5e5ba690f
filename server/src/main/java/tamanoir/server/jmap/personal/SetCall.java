package tamanoir.server.jmap.personal;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.jmap.SetError;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.PersonalRefused;

/// One `/set` call (RFC 8620 §5.3): its arguments, what became of each object, its answer. One thread.
final class SetCall {
    private static final Trace TRACE = new Trace("jmap", "");

    private final Call call;
    private final Optional<String> ifInState;
    private final Map<String, Json.Obj> create;
    private final Map<String, Json.Obj> update;
    private final Set<String> destroy;
    private final Map<String, Json> created = new LinkedHashMap<>();
    private final Map<String, Json> updated = new LinkedHashMap<>();
    private final Set<String> destroyed = new LinkedHashSet<>();
    private final Map<String, Json> notCreated = new LinkedHashMap<>();
    private final Map<String, Json> notUpdated = new LinkedHashMap<>();
    private final Map<String, Json> notDestroyed = new LinkedHashMap<>();

    /// What is done for each object; each may throw a [SetError].
    interface Work {
        /// The state as it is now.
        String state();

        /// Answers what the client does not know of the new object, `id` among it.
        Json.Obj create(Json.Obj given);

        /// Answers what has become another than the client asked for, or null.
        Json update(String id, Json.Obj patch);

        void destroy(String id);

        /// All objects have been attended to; the new state is asked for after it.
        default void end() {}
    }

    /// @throws MethodError when the arguments cannot be
    SetCall(Call call, Arguments arguments, int most) {
        this.call = call;
        this.ifInState = arguments.optionalText("ifInState");
        this.create = arguments.objects("create");
        this.update = new LinkedHashMap<>();
        arguments.objects("update").forEach((id, patch) -> update.put(resolved(id), patch));
        this.destroy = new LinkedHashSet<>();
        arguments.ids("destroy").orElse(Set.of()).forEach(id -> destroy.add(resolved(id)));
        if (create.size() + update.size() + destroy.size() > most) {
            throw new MethodError("requestTooLarge", "at most " + most + " objects at once");
        }
    }

    /// An id, or `#` and the creation id of an object that this request made before (RFC 8620 §5.3).
    String resolved(String id) {
        return resolved(call, id);
    }

    static String resolved(Call call, String id) {
        return id.startsWith("#") ? call.createdIds().getOrDefault(id.substring(1), id) : id;
    }

    Json.Obj answer(Work work) {
        String before = work.state();
        if (ifInState.isPresent() && !ifInState.get().equals(before)) {
            throw new MethodError("stateMismatch", "the state is " + before + " now");
        }
        create.forEach((creation, given) -> attempt(notCreated, creation, () -> {
            Json.Obj made = work.create(given);
            created.put(creation, made);
            if (made.get("id").orElse(Json.NULL) instanceof Json.Text(String id)) {
                call.createdIds().put(creation, id);
            }
        }));
        update.forEach((id, patch) -> attempt(notUpdated, id, () -> {
            if (destroy.contains(id)) {
                throw new SetError("willDestroy", "the same call destroys it");
            }
            updated.put(id, work.update(id, patch));
        }));
        destroy.forEach(id -> attempt(notDestroyed, id, () -> {
            work.destroy(id);
            destroyed.add(id);
        }));
        work.end();
        return Json.object()
                .put("accountId", call.caller().account().id().toString())
                .put("oldState", before)
                .put("newState", work.state())
                .put("created", orNull(created))
                .put("updated", orNull(updated))
                .put("destroyed", destroyed.isEmpty() ? Json.NULL : Json.Arr.ofTexts(destroyed))
                .put("notCreated", orNull(notCreated))
                .put("notUpdated", orNull(notUpdated))
                .put("notDestroyed", orNull(notDestroyed))
                .build();
    }

    private static Json orNull(Map<String, Json> objects) {
        return objects.isEmpty() ? Json.NULL : new Json.Obj(objects);
    }

    /// An object that fails does not keep the others from being changed; least of all may a call fail as a
    /// whole when some of its messages have been sent already.
    static void attempt(Map<String, Json> failures, String id, Runnable work) {
        try {
            work.run();
        } catch (SetError e) {
            failures.put(id, e.asJson());
        } catch (BadSyntax e) {
            failures.put(id, new SetError("invalidPatch", String.valueOf(e.getMessage())).asJson());
        } catch (Unavailable e) {
            TRACE.warn("jmap-unavailable", "object", id, "reason", e.detail());
            failures.put(id, new SetError("serverUnavailable", String.valueOf(e.getMessage())).asJson());
        } catch (PersonalRefused e) {
            String type = switch (e.reason()) {
                case TOO_LARGE -> "tooLarge";
                case TOO_MANY -> "overQuota";
                case NO_ACCOUNT -> throw new MethodError("accountNotFound", String.valueOf(e.getMessage()));
            };
            failures.put(id, new SetError(type, String.valueOf(e.getMessage())).asJson());
        }
    }

    /// Whether nothing failed.
    boolean isWhole() {
        return notCreated.isEmpty() && notUpdated.isEmpty() && notDestroyed.isEmpty();
    }

    /// The ids of the objects that were created, by creation id.
    Map<String, String> createdIds() {
        Map<String, String> ids = new LinkedHashMap<>();
        created.keySet()
                .forEach(creation ->
                        Optional.ofNullable(call.createdIds().get(creation)).ifPresent(id -> ids.put(creation, id)));
        return ids;
    }

    Set<String> updatedIds() {
        return updated.keySet();
    }

    Set<String> destroyedIds() {
        return destroyed;
    }
}
