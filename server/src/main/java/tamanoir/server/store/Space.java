package tamanoir.server.store;

/// One kind of row inside a partition: the octet that follows the partition in every key, and how the rows behave.
///
/// A space number is never used again for something else (docs/storage.md lists them all).
public record Space(int code, Family family) {
    /// How rows behave; an engine may keep each family apart.
    public enum Family {
        /// Small rows that are read and rewritten.
        META,
        /// Written once, read at the tail, dropped from the head.
        LOG,
        /// Written and deleted soon.
        QUEUE,
        /// Message bodies up to [Store#LONGEST_VALUE].
        BODY
    }

    public Space {
        if (code < 0 || code > 0xFE) {
            throw new IllegalArgumentException("space " + code);
        }
    }
}
