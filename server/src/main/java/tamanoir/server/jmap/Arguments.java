package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tamanoir.mail.jmap.Json;

/// The arguments of one call, read by type. What is missing or of another type is `invalidArguments` (RFC 8620
/// §3.6.2); null is as good as absent. Ask for all, then [#end]: what nobody asked for is refused, so that a misspelled
/// argument does not do something else in silence.
public final class Arguments {
    /// RFC 8620 §1.3: what a number of JSON holds exactly.
    private static final long MOST = (1L << 53) - 1;

    private final Map<String, Json> members;
    private final Set<String> asked = new LinkedHashSet<>();

    public Arguments(Json.Obj arguments) {
        this.members = arguments.members();
    }

    /// Checks that `accountId` is the account of who asks.
    public Arguments inAccountOf(Caller caller) {
        String account = text("accountId");
        if (!account.equals(Ids.of(caller.account().id()))) {
            throw new MethodError("accountNotFound", "there is no account of that id, or it is not yours");
        }
        return this;
    }

    private Optional<Json> value(String name) {
        asked.add(name);
        Json value = members.get(name);
        return value == null || value instanceof Json.Null ? Optional.empty() : Optional.of(value);
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }

    /// As it stands.
    public Optional<Json> any(String name) {
        return value(name);
    }

    public String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    public Optional<String> optionalText(String name) {
        return value(name).map(value -> text(name, value));
    }

    private static String text(String name, Json value) {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw wrong(name, "a string");
    }

    public boolean flag(String name, boolean otherwise) {
        return value(name).map(value -> flag(name, value)).orElse(otherwise);
    }

    private static boolean flag(String name, Json value) {
        if (value instanceof Json.Bool(boolean flag)) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    /// An UnsignedInt.
    public OptionalLong unsigned(String name) {
        Optional<Json> value = value(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (value.get() instanceof Json.Int(long number) && number >= 0 && number <= MOST) {
            return OptionalLong.of(number);
        }
        throw wrong(name, "a number from 0 to 2^53-1");
    }

    /// An Int.
    public OptionalLong integer(String name) {
        Optional<Json> value = value(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (value.get() instanceof Json.Int(long number) && number >= -MOST && number <= MOST) {
            return OptionalLong.of(number);
        }
        throw wrong(name, "an integer");
    }

    public Optional<List<String>> texts(String name) {
        return value(name).map(value -> {
            if (!(value instanceof Json.Arr(List<Json> items))) {
                throw wrong(name, "an array of strings");
            }
            List<String> texts = new ArrayList<>(items.size());
            items.forEach(item -> texts.add(text(name, item)));
            return texts;
        });
    }

    /// Ids, each once, in order (RFC 8620 §5.1: an id that is asked for twice is answered once).
    public Optional<Set<String>> ids(String name) {
        return texts(name).map(LinkedHashSet::new);
    }

    public Optional<Json.Obj> object(String name) {
        return value(name).map(value -> object(name, value));
    }

    private static Json.Obj object(String name, Json value) {
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw wrong(name, "an object");
    }

    /// A map of objects by id, empty when absent.
    public Map<String, Json.Obj> objects(String name) {
        Map<String, Json.Obj> objects = new LinkedHashMap<>();
        object(name).ifPresent(map -> map.members().forEach((id, value) -> objects.put(id, object(name, value))));
        return objects;
    }

    /// @throws MethodError when there is an argument that nobody asked for
    public void end() {
        for (String name : members.keySet()) {
            if (!asked.contains(name)) {
                throw MethodError.invalidArguments("there is no argument " + name);
            }
        }
    }

    public static MethodError missing(String name) {
        return MethodError.invalidArguments("the argument " + name + " is missing");
    }

    public static MethodError wrong(String name, String wanted) {
        return MethodError.invalidArguments("the argument " + name + " must be " + wanted);
    }
}
