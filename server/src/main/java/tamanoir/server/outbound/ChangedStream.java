package tamanoir.server.outbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import tamanoir.mail.text.Octets;
import tamanoir.server.outbound.PassingChecks.Change;

/// A stream with some of its octets replaced while they pass; closes what it reads from. Used by one thread.
final class ChangedStream extends InputStream {
    private final InputStream from;
    private final Iterator<Change> changes;
    private long at;
    private Change next;
    private ByteArrayInputStream instead = new ByteArrayInputStream(new byte[0]);

    private static final Change NONE = new Change(Long.MAX_VALUE, Long.MAX_VALUE, Octets.EMPTY);

    /// `changes` in ascending order, not overlapping.
    ChangedStream(InputStream from, List<Change> changes) {
        this.from = from;
        this.changes = changes.iterator();
        this.next = this.changes.hasNext() ? this.changes.next() : NONE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            int read = instead.read(buffer, offset, length);
            if (read > 0 || length == 0) {
                return Math.max(0, read);
            }
            if (at == next.from()) {
                Octets octets = next.instead();
                instead = new ByteArrayInputStream(octets.array(), octets.arrayOffset(), octets.length());
                from.skipNBytes(next.to() - next.from());
                at = next.to();
                next = changes.hasNext() ? changes.next() : NONE;
                continue;
            }
            int passed = from.read(buffer, offset, (int) Math.min(length, next.from() - at));
            at += Math.max(0, passed);
            return passed;
        }
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
