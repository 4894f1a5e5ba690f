package tamanoir.server.filter.draft;

/// What somebody thinks of a message: `junk` when it belongs into Junk. `by` names who says so, `reasons` are its tests
/// in its own words.
public record SpamVerdict(String by, boolean junk, double score, double threshold, String reasons) {}
