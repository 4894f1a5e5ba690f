package tamanoir.server.store;

/// The unit of consistency, 8 octets of key: the kind in the first octet (an ASCII letter), the rest a number.
public record Partition(long id) {
    private static final long NUMBER = 0x00FF_FFFF_FFFF_FFFFL;

    /// `kind` is one ASCII letter (`A` account, `D` directory, `Q` queue, `B` blob links, `S` sessions), `number` 56
    /// bits.
    public static Partition of(char kind, long number) {
        return new Partition(((long) kind << 56) | (number & NUMBER));
    }

    public char kind() {
        return (char) (id >>> 56);
    }

    public long number() {
        return id & NUMBER;
    }

    @Override
    public String toString() {
        return kind() + Long.toHexString(number());
    }
}
