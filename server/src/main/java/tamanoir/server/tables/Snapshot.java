package tamanoir.server.tables;

import java.util.Optional;

/// The content of a table file at one moment. Immutable.
interface Snapshot {
    Optional<String> lookup(String key);

    /// Entries or rules, for the log.
    int size();
}
