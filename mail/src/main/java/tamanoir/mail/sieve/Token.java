package tamanoir.mail.sieve;

/// A word of the language (RFC 5228 §8.1).
sealed interface Token {
    Place place();

    record Identifier(Place place, String text) implements Token {}

    /// Without its colon, in lower case.
    record Tag(Place place, String name) implements Token {}

    /// A quantifier is worked in already; larger than any message where it stands for too much.
    record Count(Place place, long value) implements Token {}

    /// A quoted string or a `text:` block, escapes resolved.
    record Text(Place place, String value) implements Token {}

    /// One of `[ ] ( ) { } , ;`.
    record Sign(Place place, char sign) implements Token {}

    record End(Place place) implements Token {}

    /// What is no word at all; told already.
    record Garbage(Place place) implements Token {}

    default boolean is(char sign) {
        return this instanceof Sign one && one.sign == sign;
    }

    /// For "… expected, but … found".
    default String described() {
        return switch (this) {
            case Identifier identifier -> "identifier '" + identifier.text + "'";
            case Tag tag -> "tag ':" + tag.name + "'";
            case Count number -> "number " + number.value;
            case Text _ -> "string";
            case Sign sign -> "'" + sign.sign + "'";
            case End _ -> "end of the script";
            case Garbage _ -> "unknown characters";
        };
    }
}
