package tamanoir.server.jmap.personal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.SetError;

/// The properties that a client gave to one object, read by type. What is missing or of another type is
/// `invalidProperties` (RFC 8620 §5.3), null as good as absent.
final class Given {
    private final Json.Obj object;

    Given(Json.Obj object) {
        this.object = object;
    }

    /// @throws SetError when there are others
    Given onlyOf(Set<String> names) {
        List<String> others = new ArrayList<>();
        for (String name : object.members().keySet()) {
            if (!names.contains(name)) {
                others.add(name);
            }
        }
        if (!others.isEmpty()) {
            throw SetError.invalidProperties(
                    "there are no such properties, or they are the server's to set", others.toArray(String[]::new));
        }
        return this;
    }

    Optional<Json> value(String name) {
        return object.get(name).filter(value -> !(value instanceof Json.Null));
    }

    Optional<String> text(String name, int longest) {
        return value(name).map(value -> {
            if (value instanceof Json.Text(String text) && text.length() <= longest) {
                return text;
            }
            throw wrong(name, "a string of at most " + longest + " characters");
        });
    }

    String requiredText(String name, int longest) {
        return text(name, longest)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> wrong(name, "a string that is not empty"));
    }

    boolean flag(String name, boolean otherwise) {
        return value(name)
                .map(value -> {
                    if (value instanceof Json.Bool(boolean flag)) {
                        return flag;
                    }
                    throw wrong(name, "true or false");
                })
                .orElse(otherwise);
    }

    long unsigned(String name, long otherwise) {
        return value(name)
                .map(value -> {
                    if (value instanceof Json.Int(long number) && number >= 0 && number < 1L << 53) {
                        return number;
                    }
                    throw wrong(name, "a number from 0 to 2^53-1");
                })
                .orElse(otherwise);
    }

    Optional<Json.Obj> object(String name) {
        return value(name).map(value -> {
            if (value instanceof Json.Obj inner) {
                return inner;
            }
            throw wrong(name, "an object");
        });
    }

    Optional<List<Json.Obj>> objects(String name) {
        return value(name).map(value -> {
            if (value instanceof Json.Arr(List<Json> items) && items.stream().allMatch(Json.Obj.class::isInstance)) {
                return items.stream().map(Json.Obj.class::cast).toList();
            }
            throw wrong(name, "an array of objects");
        });
    }

    /// Properties that were given once and for all, or are the server's.
    ///
    /// @throws SetError when one of them is another than before
    static void unchanged(Json.Obj before, Json.Obj after, String... names) {
        List<String> changed = Arrays.stream(names)
                .filter(name -> !before.get(name).equals(after.get(name)))
                .toList();
        if (!changed.isEmpty()) {
            throw SetError.invalidProperties("this cannot be changed", changed.toArray(String[]::new));
        }
    }

    static SetError wrong(String name, String wanted) {
        return SetError.invalidProperties(name + " must be " + wanted, name);
    }
}
