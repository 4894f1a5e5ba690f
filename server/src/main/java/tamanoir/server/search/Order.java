package tamanoir.server.search;

import java.util.Optional;

/// One comparator (RFC 8621 §4.4.2).
public record Order(By by, boolean ascending) {
    public sealed interface By {
        /// The keyword that decides, if one does.
        default Optional<String> keyword() {
            return switch (this) {
                case HasKeyword has -> Optional.of(has.name());
                case AllInThreadHaveKeyword all -> Optional.of(all.name());
                case SomeInThreadHaveKeyword some -> Optional.of(some.name());
                case ReceivedAt _, Size _, From _, To _, Subject _, SentAt _, Relevance _ -> Optional.empty();
            };
        }

        default boolean ofThread() {
            return switch (this) {
                case AllInThreadHaveKeyword _, SomeInThreadHaveKeyword _ -> true;
                case HasKeyword _, ReceivedAt _, Size _, From _, To _, Subject _, SentAt _, Relevance _ -> false;
            };
        }
    }

    public record ReceivedAt() implements By {}

    public record Size() implements By {}

    /// The name of the first address, or the address where it has none.
    public record From() implements By {}

    public record To() implements By {}

    /// Without `Re:` and the like (RFC 5256 §2.1).
    public record Subject() implements By {}

    public record SentAt() implements By {}

    public record HasKeyword(String name) implements By {}

    public record AllInThreadHaveKeyword(String name) implements By {}

    public record SomeInThreadHaveKeyword(String name) implements By {}

    /// How well it matches the words; ours, not of RFC 8621. Descending is best first.
    public record Relevance() implements By {}
}
