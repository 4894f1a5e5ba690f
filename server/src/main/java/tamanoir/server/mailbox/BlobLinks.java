package tamanoir.server.mailbox;

import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobHash;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Space.Family;

/// Which messages refer to a blob: a row each, in the blob's own partition, written and deleted with the message. A
/// blob without any is swept.
final class BlobLinks {
    /// hash 32 octets, account u64, message u64 → nothing.
    private static final Space LINK = new Space(0x02, Family.META);

    private BlobLinks() {}

    static Batch link(BlobHash hash, Partition account, long message) {
        return new Batch(partition(hash), Batch.ANY_VERSION).put(LINK, key(hash, account, message), Keys.PRESENT);
    }

    static Batch unlink(BlobHash hash, Partition account, long message) {
        return new Batch(partition(hash), Batch.ANY_VERSION).delete(LINK, key(hash, account, message));
    }

    static boolean isLinked(Snapshot snapshot, BlobHash hash, Partition account, long message) {
        return snapshot.get(partition(hash), LINK, key(hash, account, message)).isPresent();
    }

    private static Partition partition(BlobHash hash) {
        byte[] octets = hash.octets();
        return Partition.of('B', (octets[0] & 0xFF) << 8 | (octets[1] & 0xFF));
    }

    private static byte[] key(BlobHash hash, Partition account, long message) {
        byte[] key = new byte[48];
        System.arraycopy(hash.octets(), 0, key, 0, 32);
        Keys.write64(key, 32, account.id());
        Keys.write64(key, 40, message);
        return key;
    }
}
