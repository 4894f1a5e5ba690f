package tamanoir.mail.sieve;

import java.util.List;

/// What stands behind the name of a command or test (RFC 5228 §2.6).
sealed interface Argument {
    Place place();

    record Tag(Place place, String name) implements Argument {}

    record Count(Place place, long value) implements Argument {}

    record Text(Place place, String value) implements Argument {}

    /// A list in brackets.
    record Texts(Place place, List<Text> values) implements Argument {
        public Texts {
            values = List.copyOf(values);
        }
    }

    default String described() {
        return switch (this) {
            case Tag tag -> "tag ':" + tag.name + "'";
            case Count _ -> "a number";
            case Text _ -> "a string";
            case Texts _ -> "a string list";
        };
    }
}
