package tamanoir.server.tables;

import java.util.List;
import java.util.Optional;

/// The content of a table file at one moment. Immutable.
interface Snapshot {
    default Optional<String> lookup(String key) {
        return find(key).map(Entry::text);
    }

    Optional<Entry> find(String key);

    /// An answer and the line of the file that it stands in.
    record Entry(String text, int line) {}

    /// All that it may answer, as written, with the lines.
    default List<Entry> all() {
        return List.of();
    }

    /// Entries or rules, for the log.
    int size();
}
