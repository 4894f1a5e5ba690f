package tamanoir.server.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import tamanoir.mail.message.TransferDecoder;
import tamanoir.mail.message.TransferEncoding;
import tamanoir.mail.text.Octets;

/// A stretch of a stream without its transfer encoding, decoded as it is read: a large attachment never is in memory as
/// a whole. Closes what it reads from. Used by one thread.
final class DecodedStream extends InputStream {
    private static final int PIECE = 32 * 1024;

    private final InputStream source;
    private final TransferDecoder decoder;
    private long left;
    private boolean finished;
    private Octets ready = Octets.EMPTY;
    private int at;

    /// @param source stands where the stretch begins
    /// @param length of the stretch, before decoding
    DecodedStream(InputStream source, TransferEncoding encoding, long length) {
        this.source = source;
        this.decoder = encoding.decoder();
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        return fill() ? ready.at(at++) : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, ready.length() - at);
        System.arraycopy(ready.array(), ready.arrayOffset() + at, into, offset, count);
        at += count;
        return count;
    }

    /// Whether there is an octet to be read.
    private boolean fill() throws IOException {
        while (at == ready.length()) {
            if (finished) {
                return false;
            }
            byte[] piece = source.readNBytes((int) Math.min(left, PIECE));
            left -= piece.length;
            decoder.feed(Octets.of(piece));
            if (left == 0 || piece.length == 0) {
                decoder.finish();
                finished = true;
            }
            ready = decoder.take();
            at = 0;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
