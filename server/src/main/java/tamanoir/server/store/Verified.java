package tamanoir.server.store;

import java.util.List;

/// What an inspection of the store found. Empty `findings` is what an administrator wants to read.
///
/// @param partitions with a readable version
/// @param blobs with a row
/// @param links from owners to blobs
/// @param unlinked blobs without a link: they wait for the end of their grace
/// @param strays files without any row: what was kept and never linked; the sweep removes them
/// @param strayOctets in these
/// @param findings what is wrong, the first [#MOST] of them
/// @param findingsInAll how many there are
public record Verified(
        long partitions,
        long blobs,
        long links,
        long unlinked,
        long strays,
        long strayOctets,
        List<Finding> findings,
        long findingsInAll) {
    public static final int MOST = 1000;

    public Verified {
        findings = List.copyOf(findings);
    }

    public boolean isSound() {
        return findingsInAll == 0;
    }

    /// One thing that is wrong. It concerns the messages that it names, never the store as a whole, except [Damage].
    public sealed interface Finding {
        /// The file of a blob is not there. `owners` is how many links wait for it in vain.
        record MissingBlob(BlobHash hash, long owners) implements Finding {}

        record WrongSize(BlobHash hash, long written, long found) implements Finding {}

        /// The octets are not those that were written.
        record WrongHash(BlobHash hash) implements Finding {}

        /// Linked, without the row that says how large it is.
        record UnknownBlob(BlobHash hash, long owners) implements Finding {}

        record UnreadableVersion(Partition partition, String reason) implements Finding {}

        /// The engine cannot read what it wrote.
        record Damage(String reason) implements Finding {}
    }
}
