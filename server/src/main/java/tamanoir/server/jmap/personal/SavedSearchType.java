package tamanoir.server.jmap.personal;

import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Stored;

/// A search with a name: the words as they were typed, or whatever the client makes of them.
final class SavedSearchType implements ObjectType {
    private static final Set<String> PROPERTIES = Set.of("name", "query");

    @Override
    public String name() {
        return "SavedSearch";
    }

    @Override
    public Kind kind() {
        return Kind.SAVED_SEARCH;
    }

    @Override
    public Set<String> properties() {
        return PROPERTIES;
    }

    @Override
    public Json.Obj created(Change change, Json.Obj given) {
        Given properties = new Given(given).onlyOf(PROPERTIES);
        return Json.object()
                .put("name", properties.requiredText("name", 1_000))
                .put("query", properties.value("query").orElseThrow(() -> Given.wrong("query", "a search")))
                .build();
    }

    @Override
    public Json.Obj updated(Change change, Stored before, Json.Obj after) {
        return created(change, after);
    }
}
