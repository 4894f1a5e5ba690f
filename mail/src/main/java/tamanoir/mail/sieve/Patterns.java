package tamanoir.mail.sieve;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.BadSyntax;

/// The engine of regular expressions. It must take time that grows with the text alone, whatever the pattern: both come
/// from people.
@FunctionalInterface
public interface Patterns {
    /// @throws BadSyntax when the pattern cannot be read
    Pattern compile(String pattern, boolean ignoreCase);

    /// A pattern that was read. Immutable.
    @FunctionalInterface
    interface Pattern {
        /// Anywhere in `text`: the whole match and its groups, empty strings for groups that took no part.
        Optional<List<String>> find(String text);
    }

    /// Knows no pattern at all.
    Patterns NONE = (pattern, ignoreCase) -> {
        throw new BadSyntax("regular expressions are not possible here");
    };
}
