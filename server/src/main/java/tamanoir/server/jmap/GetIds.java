package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;

/// The `ids` of a `/get` (RFC 8620 §5.1): those, or all there are, as long as they are not too many.
///
/// @param wanted each once; empty for all
record GetIds(Optional<List<String>> wanted, int most) {
    static GetIds from(Arguments arguments, JmapSettings settings) {
        GetIds ids = new GetIds(arguments.ids("ids").map(List::copyOf), settings.maxObjectsInGet());
        ids.wanted.ifPresent(list -> ids.checkCount(list.size()));
        return ids;
    }

    /// @throws MethodError when so many are more than one call may get
    void checkCount(int count) {
        if (count > most) {
            throw new MethodError("requestTooLarge", "at most " + most + " objects at once");
        }
    }

    /// The argument `properties`, or all; `id` is always among them.
    static Set<String> properties(Arguments arguments, Set<String> all) {
        Optional<List<String>> wanted = arguments.texts("properties");
        if (wanted.isEmpty()) {
            return all;
        }
        Set<String> properties = new LinkedHashSet<>();
        properties.add("id");
        for (String property : wanted.get()) {
            if (!all.contains(property)) {
                throw MethodError.invalidArguments("there is no property " + property);
            }
            properties.add(property);
        }
        return properties;
    }

    Json.Obj answer(Call call, String state, List<Json> list, Collection<String> notFound) {
        return Json.object()
                .put("accountId", Ids.of(call.caller().account().id()))
                .put("state", state)
                .put("list", list)
                .put("notFound", Json.Arr.ofTexts(new ArrayList<>(notFound)))
                .build();
    }
}
