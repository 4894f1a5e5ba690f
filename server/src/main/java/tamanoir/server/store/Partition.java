package tamanoir.server.store;

import java.util.Arrays;

/// The unit of consistency, 8 octets of key: the kind in the first octet (an ASCII letter), the rest a number.
public record Partition(long id) {
    private static final long NUMBER = 0x00FF_FFFF_FFFF_FFFFL;

    /// Octets of every row's key before the part that the caller chooses: the partition and the space.
    public static final int PREFIX = Long.BYTES + 1;

    /// `kind` is one ASCII letter (`A` account, `D` directory, `Q` queue, `B` blob links, `S` sessions), `number` 56
    /// bits.
    public static Partition of(char kind, long number) {
        return new Partition(((long) kind << 56) | (number & NUMBER));
    }

    /// The partition whose 8 octets begin this physical key.
    public static Partition fromKey(byte[] key) {
        long id = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            id = (id << 8) | (key[i] & 0xFF);
        }
        return new Partition(id);
    }

    public char kind() {
        return (char) (id >>> 56);
    }

    public long number() {
        return id & NUMBER;
    }

    /// The 8 octets, big-endian, so that numbers sort as keys do.
    public byte[] key() {
        byte[] key = new byte[Long.BYTES];
        write(key);
        return key;
    }

    /// The physical key of a row: partition, space, and what the caller chose.
    public byte[] key(Space space, byte[] rest) {
        byte[] key = new byte[PREFIX + rest.length];
        write(key);
        key[Long.BYTES] = (byte) space.code();
        System.arraycopy(rest, 0, key, PREFIX, rest.length);
        return key;
    }

    /// The first physical key behind all rows of the space; a space's code is at most 0xFE, so there is one.
    public byte[] end(Space space) {
        byte[] key = new byte[PREFIX];
        write(key);
        key[Long.BYTES] = (byte) (space.code() + 1);
        return key;
    }

    /// What the caller chose of a physical key.
    public static byte[] rest(byte[] key) {
        return Arrays.copyOfRange(key, PREFIX, key.length);
    }

    private void write(byte[] key) {
        for (int i = 0; i < Long.BYTES; i++) {
            key[i] = (byte) (id >>> (56 - 8 * i));
        }
    }

    @Override
    public String toString() {
        return kind() + Long.toHexString(number());
    }
}
