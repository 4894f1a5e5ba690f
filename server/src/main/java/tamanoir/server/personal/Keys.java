package tamanoir.server.personal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tamanoir.server.directory.AccountId;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Space;
import tamanoir.server.store.Space.Family;

/// Which rows there are, and their keys: `docs/personal.md` is the long version.
final class Keys {
    static final char PARTITION = 'P';

    /// [Head], one row.
    static final Space HEAD = new Space(0x00, Family.META);
    /// kind u8, id → [ObjectRow].
    static final Space OBJECT = new Space(0x01, Family.META);
    /// version u64 → [LogRow].
    static final Space LOG = new Space(0x07, Family.LOG);
    /// kind u8, id, 0, piece u16 → octets of a large object.
    static final Space PIECE = new Space(0x11, Family.BODY);

    static final Space[] ALL = {OBJECT, LOG, PIECE, HEAD};

    static final byte[] NOTHING = new byte[0];

    private Keys() {}

    static Partition partition(AccountId account) {
        return Partition.of(PARTITION, account.number());
    }

    static byte[] kind(Kind kind) {
        return new byte[] {(byte) kind.code()};
    }

    /// The first key behind all objects of the kind.
    static byte[] kindEnd(Kind kind) {
        return new byte[] {(byte) (kind.code() + 1)};
    }

    static byte[] object(Kind kind, String id) {
        byte[] text = id.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + text.length)
                .put((byte) kind.code())
                .put(text)
                .array();
    }

    static String id(byte[] objectKey) {
        return new String(objectKey, 1, objectKey.length - 1, StandardCharsets.US_ASCII);
    }

    static byte[] piece(Kind kind, String id, int piece) {
        byte[] object = object(kind, id);
        return ByteBuffer.allocate(object.length + 3)
                .put(object)
                .put((byte) 0)
                .putShort((short) piece)
                .array();
    }

    /// The object that a piece belongs to.
    static byte[] objectOfPiece(byte[] pieceKey) {
        return Arrays.copyOf(pieceKey, pieceKey.length - 3);
    }

    static byte[] version(long version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
    }

    static long version(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }
}
