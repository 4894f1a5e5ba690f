package tamanoir.server.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;

/// The octets of a message as received: small ones travel in memory and live in rows, large ones are blobs already.
public sealed interface Body {
    /// Octets in memory at most; what is longer is a [Large] from its first sync on.
    int SMALL = Store.LONGEST_VALUE - 64;

    long size();

    /// At most [#SMALL] octets.
    record Small(Octets octets) implements Body {
        @Override
        public long size() {
            return octets.length();
        }
    }

    /// A blob that is kept already.
    record Large(BlobHash hash, long size) implements Body {}

    /// All octets in memory. Costs `size()` octets of heap for as long as the caller holds them.
    ///
    /// @throws Unavailable when the blob cannot be read
    default Octets load(Blobs blobs) {
        return switch (this) {
            case Small small -> small.octets();
            case Large large -> {
                byte[] all = new byte[Math.toIntExact(large.size())];
                try (FileChannel file = blobs.open(large.hash())) {
                    ByteBuffer into = ByteBuffer.wrap(all);
                    while (into.hasRemaining()) {
                        if (file.read(into) < 0) {
                            throw new Unavailable(
                                    "this message cannot be read at the moment", large.hash() + " is cut short");
                        }
                    }
                } catch (IOException e) {
                    throw new Unavailable("this message cannot be read at the moment", large.hash() + ": " + e, e);
                }
                yield Octets.of(all);
            }
        };
    }

    default InputStream stream(Blobs blobs) {
        return switch (this) {
            case Small small ->
                new ByteArrayInputStream(
                        small.octets().array(),
                        small.octets().arrayOffset(),
                        small.octets().length());
            case Large large -> blobs.stream(large.hash());
        };
    }
}
