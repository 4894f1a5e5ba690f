package tamanoir.server.jmap;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.jmap.Json;

/// The answer of a `/set` call as it grows (RFC 8620 §5.3): what became of each object. Used by one thread.
public class SetAnswer {
    private final Call call;
    private final Map<String, Json> created = new LinkedHashMap<>();
    private final Map<String, Json> updated = new LinkedHashMap<>();
    private final Set<String> destroyed = new LinkedHashSet<>();
    private final Map<String, Json> notCreated = new LinkedHashMap<>();
    private final Map<String, Json> notUpdated = new LinkedHashMap<>();
    private final Map<String, Json> notDestroyed = new LinkedHashMap<>();

    public SetAnswer(Call call) {
        this.call = call;
    }

    public final void created(String creation, String id, Json.Obj object) {
        call.createdIds().put(creation, id);
        created.put(creation, object);
    }

    /// `object` holds what the server changed beside what was asked for; null for nothing.
    public final void updated(String id, Json object) {
        updated.put(id, object);
    }

    public final void destroyed(String id) {
        destroyed.add(id);
    }

    public final void notCreated(String creation, SetError error) {
        notCreated.put(creation, error.asJson());
    }

    public final void notUpdated(String id, SetError error) {
        notUpdated.put(id, error.asJson());
    }

    public final void notDestroyed(String id, SetError error) {
        notDestroyed.put(id, error.asJson());
    }

    /// The ids of all that was created, updated or destroyed.
    public final Set<String> succeeded() {
        Set<String> ids = new LinkedHashSet<>();
        created.keySet().forEach(creation -> ids.add(call.createdIds().getOrDefault(creation, creation)));
        ids.addAll(updated.keySet());
        ids.addAll(destroyed);
        return ids;
    }

    /// Whether nothing failed.
    public final boolean isWhole() {
        return notCreated.isEmpty() && notUpdated.isEmpty() && notDestroyed.isEmpty();
    }

    public final Json.Obj answer(String oldState, String newState) {
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("oldState", oldState)
                .put("newState", newState)
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
}
