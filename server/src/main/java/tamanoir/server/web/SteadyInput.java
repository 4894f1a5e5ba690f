package tamanoir.server.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A body that must keep coming: who drips it octet by octet to hold a place is cut off after a while. One thread.
final class SteadyInput extends FilterInputStream {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final long least;
    private final long begun = System.nanoTime();
    private long octets;

    /// @param least octets a second, on average since the beginning; 0 for no limit
    SteadyInput(InputStream in, long least) {
        super(in);
        this.least = least;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int read) throws IOException {
        octets += read;
        long nanos = System.nanoTime() - begun;
        if (least > 0 && nanos > PATIENCE_NANOS && octets < least * (nanos / 1_000_000_000L)) {
            throw new IOException("the client sends fewer than " + least + " octets a second");
        }
    }
}
