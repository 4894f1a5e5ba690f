package tamanoir.server.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// The octets of one message, prefix and body as one run, read where they are asked for: a large body stays in its
/// file.
///
/// Used by one thread, which closes it.
final class MessageOctets implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final Octets prefix;
    private final Body body;
    private final Blobs blobs;
    private @Nullable FileChannel file;

    MessageOctets(Octets prefix, Body body, Blobs blobs) {
        this.prefix = prefix;
        this.body = body;
        this.blobs = blobs;
    }

    long size() {
        return prefix.length() + body.size();
    }

    /// Octets `from` to `to` in memory.
    Octets slice(long from, long to) {
        int border = prefix.length();
        if (to <= border) {
            return prefix.slice((int) from, (int) to);
        }
        if (from >= border) {
            return ofBody(from - border, to - border);
        }
        return Octets.join(prefix.slice((int) from, border), ofBody(0, to - border));
    }

    private Octets ofBody(long from, long to) {
        return switch (body) {
            case Body.Small small -> small.octets().slice((int) from, (int) to);
            case Body.Large large -> read(large, from, Math.toIntExact(to - from));
        };
    }

    private Octets read(Body.Large large, long from, int length) {
        byte[] octets = new byte[length];
        ByteBuffer into = ByteBuffer.wrap(octets);
        try {
            FileChannel channel = file;
            if (channel == null) {
                channel = blobs.open(large.hash());
                file = channel;
            }
            while (into.hasRemaining()) {
                if (channel.read(into, from + into.position()) < 0) {
                    throw new Unavailable("this message cannot be read at the moment", large.hash() + " is cut short");
                }
            }
        } catch (IOException e) {
            throw new Unavailable("this message cannot be read at the moment", large.hash() + ": " + e, e);
        }
        return Octets.of(octets);
    }

    /// Sees octets `from` to `to` piece by piece.
    void pieces(long from, long to, PieceVisitor visitor) throws IOException {
        for (long at = from; at < to; ) {
            long end = Math.min(to, at + PIECE);
            visitor.visit(slice(at, end));
            at = end;
        }
    }

    @FunctionalInterface
    interface PieceVisitor {
        void visit(Octets piece) throws IOException;
    }

    /// The content of an ordinary literal: exactly `to - from` octets.
    void write(Wire wire, long from, long to) throws IOException {
        pieces(from, to, wire::withoutNul);
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Only read from: nothing can be lost
                file = null;
            }
        }
    }
}
