package tamanoir.server.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalLong;

/// The rows of blobs: a blob's rows lie in the partition `B | first two octets of its hash`, as its file lies in the
/// folder of these two octets. A shard is looked after as one, and 65,536 shards keep each small.
///
/// | space | key | value |
/// |---|---|---|
/// | 01 | hash | format 1, place (0: a file), size u64 |
/// | 02 | hash, owner's partition u64, item u64 | anything: it is there or not |
/// | 03 | | kept free for leases of uploads |
/// | 04 | hash | format 1, since when nobody refers to it, milliseconds u64 |
final class BlobRows {
    static final Space BLOB = new Space(0x01, Space.Family.META);
    static final Space LINK = new Space(0x02, Space.Family.META);
    static final Space DOOMED = new Space(0x04, Space.Family.META);

    static final int HASH = 32;
    static final int SHARDS = 1 << 16;

    private static final byte FORMAT = 1;
    private static final byte IN_FILE = 0;
    static final byte[] PRESENT = {FORMAT};

    private BlobRows() {}

    static int shard(BlobHash hash) {
        byte[] octets = hash.octets();
        return (octets[0] & 0xFF) << 8 | (octets[1] & 0xFF);
    }

    static Partition partition(int shard) {
        return Partition.of('B', shard);
    }

    static byte[] link(BlobHash hash, Partition owner, long item) {
        return ByteBuffer.allocate(HASH + 2 * Long.BYTES)
                .put(hash.octets())
                .putLong(owner.id())
                .putLong(item)
                .array();
    }

    /// The hash that begins the key of any of these rows.
    static BlobHash hash(byte[] key) {
        return new BlobHash(Arrays.copyOf(key, HASH));
    }

    static byte[] blob(long size) {
        return ByteBuffer.allocate(2 + Long.BYTES)
                .put(FORMAT)
                .put(IN_FILE)
                .putLong(size)
                .array();
    }

    /// The size in a row 01; empty when its format is not known.
    static OptionalLong size(byte[] value) {
        return value.length == 2 + Long.BYTES && value[0] == FORMAT && value[1] == IN_FILE
                ? OptionalLong.of(ByteBuffer.wrap(value).getLong(2))
                : OptionalLong.empty();
    }

    static byte[] doomed(Instant since) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(FORMAT)
                .putLong(since.toEpochMilli())
                .array();
    }

    /// Since when, in a row 04. A row that cannot be read says "never": then the blob stays.
    static Instant since(byte[] value) {
        return value.length == 1 + Long.BYTES && value[0] == FORMAT
                ? Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong(1))
                : Instant.MAX;
    }
}
