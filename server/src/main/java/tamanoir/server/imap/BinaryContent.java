package tamanoir.server.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.imap.FetchItem;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.message.TransferDecoder;
import tamanoir.mail.message.TransferEncoding;
import tamanoir.mail.text.Octets;

/// A part without its transfer encoding (RFC 3516 §4). Read twice, once for its length, never held as a whole.
final class BinaryContent {
    private final MessageOctets whole;
    private final boolean exists;
    private final long from;
    private final long to;
    private final @Nullable TransferEncoding encoding;

    /// The encoding of a part is one that nobody here can undo (RFC 3516 §4.3).
    static final class UnknownEncoding extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownEncoding() {
            super("the encoding of a part is unknown", null, false, false);
        }
    }

    BinaryContent(MessageOctets whole, Optional<MessageFacts> facts, List<Integer> part) {
        this.whole = whole;
        if (part.isEmpty()) {
            exists = true;
            from = 0;
            to = whole.size();
            encoding = null;
            return;
        }
        Optional<Located> found = FetchWriter.find(facts.orElseThrow().structure(), part);
        exists = found.isPresent();
        from = found.map(Located::bodyStart).orElse(0);
        to = found.map(Located::end).orElse(0);
        // A multipart or message is what it is; its parts are asked for one by one
        encoding = found.filter(p -> p.kind() == Located.Kind.LEAF && p instanceof BodyStructure)
                .map(p -> TransferEncoding.of(((BodyStructure) p).encoding()))
                .filter(e -> e != TransferEncoding.IDENTITY)
                .orElse(null);
        if (encoding == TransferEncoding.UNKNOWN) {
            throw new UnknownEncoding();
        }
    }

    long size() throws IOException {
        long[] size = {0};
        decoded(piece -> size[0] += piece.length());
        return size[0];
    }

    /// The content as a string, or as a literal8 where it holds NUL.
    void write(Wire wire, FetchItem.Partial partial) throws IOException {
        if (!exists) {
            wire.nil();
            return;
        }
        long[] size = {0};
        boolean[] nul = {false};
        decoded(piece -> {
            size[0] += piece.length();
            nul[0] |= piece.indexOf(0, 0) >= 0;
        });
        long first = partial.from(size[0]);
        long last = partial.to(size[0]);
        wire.literal(last - first, nul[0]);
        long[] at = {0};
        decoded(piece -> {
            long start = Math.clamp(first - at[0], 0, piece.length());
            long end = Math.clamp(last - at[0], 0, piece.length());
            if (start < end) {
                wire.octets(piece.slice((int) start, (int) end));
            }
            at[0] += piece.length();
        });
    }

    private void decoded(MessageOctets.PieceVisitor visitor) throws IOException {
        if (encoding == null) {
            whole.pieces(from, to, visitor);
            return;
        }
        TransferDecoder decoder = encoding.decoder();
        whole.pieces(from, to, piece -> {
            decoder.feed(piece);
            Octets ready = decoder.take();
            if (!ready.isEmpty()) {
                visitor.visit(ready);
            }
        });
        decoder.finish();
        Octets rest = decoder.take();
        if (!rest.isEmpty()) {
            visitor.visit(rest);
        }
    }
}
