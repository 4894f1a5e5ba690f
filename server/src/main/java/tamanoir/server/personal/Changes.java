package tamanoir.server.personal;

import java.util.List;

/// What happened to the objects of one kind after one version and up to another; each id in one list only
/// (RFC 8620 §5.2).
///
/// @param upTo the version these changes lead to: the `since` of the next question
/// @param more there are later changes that did not fit
public record Changes(
        long since, long upTo, boolean more, List<String> created, List<String> updated, List<String> destroyed) {
    public Changes {
        created = List.copyOf(created);
        updated = List.copyOf(updated);
        destroyed = List.copyOf(destroyed);
    }
}
