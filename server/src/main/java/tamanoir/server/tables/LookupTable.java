package tamanoir.server.tables;

import java.util.Optional;

/// Answers a key with a text, or not. Used by many threads at a time.
public interface LookupTable {
    /// The answer for a key. Tables of files compare without regard to letter case.
    ///
    /// @throws Unavailable when the table cannot tell now: its file is missing or wrong; that is never a "no"
    Optional<String> lookup(String key);

    /// True for tables of patterns and networks: they get the whole key once and never its parts.
    boolean wantsWholeKeyOnly();

    /// How the configuration calls it, `type:name`.
    String name();
}
