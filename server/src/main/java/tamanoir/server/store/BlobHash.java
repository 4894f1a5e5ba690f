package tamanoir.server.store;

import java.util.Arrays;
import java.util.HexFormat;

/// The SHA-256 of a blob's octets: 32 octets.
public record BlobHash(byte[] octets) {
    public BlobHash {
        if (octets.length != 32) {
            throw new IllegalArgumentException("a hash has 32 octets");
        }
        octets = octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobHash h && Arrays.equals(octets, h.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(octets);
    }
}
