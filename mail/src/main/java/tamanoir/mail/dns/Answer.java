package tamanoir.mail.dns;

import java.time.Duration;
import java.util.List;

/// What the domain name system says to one question.
public sealed interface Answer<T> {
    /// At least one record. `secure` when a validating resolver that we trust vouches for it (DNSSEC).
    record Found<T>(List<T> records, Duration ttl, boolean secure) implements Answer<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("no record is NoData");
            }
        }
    }

    /// The name does not exist, with any type (NXDOMAIN). `secure` as in [Found].
    record NoSuchName<T>(boolean secure) implements Answer<T> {}

    /// The name exists, but has no record of this type.
    record NoData<T>(boolean secure) implements Answer<T> {}

    /// Trouble is not an answer: no server replied, it failed (SERVFAIL) or refused, or spoke nonsense. Try later;
    /// never treat it as "does not exist". `reason` is for the log.
    record Failed<T>(String reason) implements Answer<T> {}

    /// The records, none when there are none, for those who do not care why; never for a decision to refuse mail.
    default List<T> recordsOrNone() {
        return this instanceof Found<T> found ? found.records() : List.of();
    }

    default boolean isFailed() {
        return this instanceof Failed<T>;
    }
}
