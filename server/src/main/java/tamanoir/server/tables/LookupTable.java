package tamanoir.server.tables;

import java.util.List;
import java.util.Optional;
import tamanoir.server.config.Problem;

/// Answers a key with a text, or not. Used by many threads at a time.
public interface LookupTable {
    /// The answer for a key. Tables of files compare without regard to letter case.
    ///
    /// @throws tamanoir.server.observe.Unavailable when the table cannot tell now: its file is missing or
    /// wrong; that is never a "no"
    Optional<String> lookup(String key);

    /// The same, with the place where the answer stands; for whoever must say why.
    ///
    /// @throws tamanoir.server.observe.Unavailable as [#lookup]
    default Optional<Hit> find(String key) {
        return lookup(key).map(text -> new Hit(text, ""));
    }

    /// An answer. `place` is `file:line` where the answer stands in a file, else empty.
    record Hit(String text, String place) {}

    /// True for tables of patterns and networks: they get the whole key once and never its parts.
    boolean wantsWholeKeyOnly();

    /// How the configuration calls it, `type:name`.
    String name();

    /// What is wrong with the table now, with file and line; empty when it answers.
    default List<Problem> problems() {
        return List.of();
    }

    /// All that the table may answer, as written, with the places; for checks. Empty where only asking tells.
    default List<Hit> answers() {
        return List.of();
    }

    /// The answer of the first table that has one.
    ///
    /// @throws tamanoir.server.observe.Unavailable when a table before it cannot tell
    static Optional<String> first(List<LookupTable> tables, String key) {
        for (LookupTable table : tables) {
            Optional<String> answer = table.lookup(key);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }
}
