package tamanoir.server.jmap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Pointer;
import tamanoir.mail.text.BadSyntax;

/// Puts earlier results where arguments refer to them (RFC 8620 §3.7). Used by the thread of one request.
///
/// References to results that themselves came from references share their values in memory, yet written out they would
/// double with each call. So the values of one request are counted and are not many.
final class ResultReferences {
    private static final int MOST_VALUES = 1_000_000;

    private int left = MOST_VALUES;

    /// A response of this request.
    record Response(String name, Json.Obj arguments, String callId) {
        Json asJson() {
            return new Json.Arr(List.of(Json.of(name), arguments, Json.of(callId)));
        }
    }

    /// @throws MethodError when a reference leads nowhere, or an argument stands there twice
    Json.Obj resolved(Json.Obj arguments, List<Response> responses) {
        if (arguments.members().keySet().stream().noneMatch(name -> name.startsWith("#"))) {
            return arguments;
        }
        Map<String, Json> resolved = new LinkedHashMap<>();
        arguments.members().forEach((name, value) -> {
            if (!name.startsWith("#")) {
                resolved.put(name, value);
                return;
            }
            String plain = name.substring(1);
            if (arguments.has(plain)) {
                throw MethodError.invalidArguments("the argument " + plain + " stands there twice");
            }
            resolved.put(plain, target(value, responses));
        });
        return new Json.Obj(resolved);
    }

    private Json target(Json reference, List<Response> responses) {
        if (!(reference instanceof Json.Obj object
                && object.get("resultOf").orElse(Json.NULL) instanceof Json.Text(String callId)
                && object.get("name").orElse(Json.NULL) instanceof Json.Text(String name)
                && object.get("path").orElse(Json.NULL) instanceof Json.Text(String path))) {
            throw MethodError.invalidArguments("a reference has the strings resultOf, name and path");
        }
        // RFC 8620 §3.7: the first response with that call id, and it must have that name.
        Response response = responses.stream()
                .filter(earlier -> earlier.callId().equals(callId))
                .findFirst()
                .filter(earlier -> earlier.name().equals(name))
                .orElseThrow(() -> invalid("there is no earlier response " + name + " of that call"));
        Optional<Json> found;
        try {
            found = Pointer.parse(path).in(response.arguments());
        } catch (BadSyntax e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        Json value = found.orElseThrow(() -> invalid("the path leads nowhere"));
        count(value);
        return value;
    }

    private void count(Json value) {
        if (--left < 0) {
            throw new MethodError("requestTooLarge", "the references of this request stand for too many values");
        }
        switch (value) {
            case Json.Obj object -> object.members().values().forEach(this::count);
            case Json.Arr array -> array.items().forEach(this::count);
            case Json.Null _, Json.Bool _, Json.Int _, Json.Real _, Json.Text _ -> {}
        }
    }

    private static MethodError invalid(String description) {
        return new MethodError("invalidResultReference", description);
    }
}
