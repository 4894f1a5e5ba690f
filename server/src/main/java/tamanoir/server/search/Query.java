package tamanoir.server.search;

import java.util.List;

/// Which messages of an account, in which order (RFC 8621 §4.4).
///
/// @param sort the first decides, the next among equals; the last word has the message id, so that the order is the
///     same each time (RFC 8620 §5.5)
/// @param collapseThreads only the first message of each thread (RFC 8621 §4.4.3)
public record Query(Condition filter, List<Order> sort, boolean collapseThreads) {
    public Query {
        sort = List.copyOf(sort);
    }

    /// Whether flags can change what is found.
    public boolean dependsOnKeywords() {
        return filter.dependsOnKeywords()
                || sort.stream().anyMatch(order -> order.by().keyword().isPresent());
    }

    /// Whether a change of one message can change what is found of its thread.
    public boolean dependsOnThreads() {
        return collapseThreads
                || filter.dependsOnThreads()
                || sort.stream().anyMatch(order -> order.by().ofThread());
    }

    /// Whether what is found elsewhere decides the place of a message.
    public boolean sortsByRelevance() {
        return sort.stream().anyMatch(order -> order.by() instanceof Order.Relevance);
    }

    /// Whether a message that is found and stays in the account stays found, in the same place among the others (RFC
    /// 8620 §5.6).
    public boolean isImmutable() {
        return !dependsOnKeywords() && !dependsOnThreads() && !filter.dependsOnMailboxes();
    }
}
