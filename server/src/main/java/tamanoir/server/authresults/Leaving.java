package tamanoir.server.authresults;

/// A body on its way into signatures as it will go out: a CR that stands alone becomes a blank. Used once, by one
/// thread.
final class Leaving {
    private static final byte[] CR = {'\r'};
    private static final byte[] BLANK = {' '};

    /// Takes the octets that leave.
    interface Sink {
        void feed(byte[] octets, int offset, int count);
    }

    private final Sink sink;
    private boolean carriageReturn;

    Leaving(Sink sink) {
        this.sink = sink;
    }

    void feed(byte[] octets, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (carriageReturn) {
                carriageReturn = false;
                put(octets[i] == '\n' ? CR : BLANK, 0, 1);
                from = i;
            }
            if (octets[i] == '\r') {
                put(octets, from, i);
                from = i + 1;
                carriageReturn = true;
            }
        }
        put(octets, Math.min(from, count), count);
    }

    void finish() {
        if (carriageReturn) {
            put(BLANK, 0, 1);
        }
    }

    private void put(byte[] octets, int from, int to) {
        if (to > from) {
            sink.feed(octets, from, to - from);
        }
    }
}
