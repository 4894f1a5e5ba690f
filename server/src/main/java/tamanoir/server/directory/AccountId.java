package tamanoir.server.directory;

import tamanoir.server.store.Partition;

/// An account for ever: 56 random bits, never used again. Its rows are the partition of kind `A`.
public record AccountId(long number) {
    public Partition partition() {
        return Partition.of('A', number);
    }

    @Override
    public String toString() {
        return Long.toHexString(number);
    }
}
