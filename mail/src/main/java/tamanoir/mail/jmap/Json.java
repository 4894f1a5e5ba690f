package tamanoir.mail.jmap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A JSON value: an immutable tree. Members of an object keep their order (I-JSON, RFC 7493: names are unique).
public sealed interface Json {
    /// The null value.
    Json NULL = new Null();

    record Null() implements Json {}

    record Bool(boolean value) implements Json {}

    /// A number without fraction that fits; JMAP's Int and UnsignedInt are at most 2^53-1 (RFC 8620 §1.3).
    record Int(long value) implements Json {}

    record Real(double value) implements Json {}

    record Text(String value) implements Json {}

    record Arr(List<Json> items) implements Json {
        public static final Arr EMPTY = new Arr(List.of());

        public Arr {
            items = List.copyOf(items);
        }

        public static Arr ofTexts(Collection<String> texts) {
            return new Arr(texts.stream().map(Json::of).toList());
        }
    }

    record Obj(Map<String, Json> members) implements Json {
        public static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        public boolean has(String name) {
            return members.containsKey(name);
        }
    }

    static Json of(String text) {
        return new Text(text);
    }

    static Json of(long number) {
        return new Int(number);
    }

    static Json of(boolean value) {
        return new Bool(value);
    }

    /// The empty optional is null.
    static Json orNull(Optional<? extends Json> value) {
        return value.isPresent() ? value.get() : NULL;
    }

    static Building object() {
        return new Building();
    }

    /// An object being put together, in order; a name put twice keeps the last value.
    final class Building {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Building() {}

        public Building put(String name, Json value) {
            members.put(name, value);
            return this;
        }

        public Building put(String name, String value) {
            return put(name, Json.of(value));
        }

        public Building put(String name, long value) {
            return put(name, Json.of(value));
        }

        public Building put(String name, boolean value) {
            return put(name, Json.of(value));
        }

        public Building put(String name, List<? extends Json> items) {
            return put(name, new Arr(new ArrayList<>(items)));
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
