package tamanoir.server.net;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.Octets;

/// One client from accept to close (or one server, for us as the client): buffered input, buffered output, a
/// deadline on every wait.
///
/// Used by one virtual thread; only [#wake], [#stop] and [#abort] may be called by others. `IOException` means
/// the peer has gone or did not keep a deadline ([SocketTimeoutException]; a word of farewell may still be
/// written); end of input
/// is [EOFException]; [Stopping] means that the server wants to end while the client is silent.
///
/// Buffers exist only while octets flow. A connection that has been silent for a moment gives them back and waits
/// with the [Watchman], so that ten thousand idle clients cost little more than their sockets.
public final class Connection implements Closeable {
    private static final int SMALLEST = 1024;
    private static final int LARGEST = 64 * 1024;
    private static final int OUTPUT = 16 * 1024;
    /// More than this on one line is not a mistake but an attack.
    private static final int ENDLESS = 16 << 20;
    private static final long CLOSE_LIMIT = Duration.ofSeconds(2).toNanos();
    private static final byte[] NOTHING = new byte[0];

    private final long id;
    private final Wire wire;
    private InetSocketAddress local;
    private InetSocketAddress peer;
    private @Nullable TlsDetails tls;
    private long limit = Duration.ofMinutes(5).toNanos();

    private byte[] in = NOTHING;
    private int inStart;
    private int inEnd;
    private int inSize = SMALLEST;
    private byte[] out = NOTHING;
    private int outEnd;

    Connection(long id, Wire wire) throws IOException {
        this.id = id;
        this.wire = wire;
        this.peer = wire.remote();
        this.local = wire.local();
    }

    /// A number of its own for the life of the process: the session id of log lines.
    public long id() {
        return id;
    }

    /// The client, as PROXY tells it where a proxy is in front.
    public InetSocketAddress peer() {
        return peer;
    }

    /// The address that the client connected to, as PROXY tells it where a proxy is in front.
    public InetSocketAddress local() {
        return local;
    }

    /// Reads what a proxy tells, and not one octet more: what follows may be a handshake.
    ///
    /// @throws tamanoir.mail.text.BadSyntax when it is no PROXY header
    void readProxyHeader(Duration limit) throws IOException {
        long until = wire.now() + limit.toNanos();
        ProxyHeader header = ProxyHeader.read((target, offset, length) -> {
            int n = wire.read(target, offset, length, until);
            if (n < 0) {
                throw new EOFException("the proxy closed the connection");
            }
            return n;
        });
        if (header instanceof ProxyHeader.Told told) {
            peer = told.client();
            local = told.server();
        }
    }

    public Optional<TlsDetails> tls() {
        return Optional.ofNullable(tls);
    }

    /// Every following operation (a whole line, a whole [#readFully], one [#fill], one [#flush]) must end within
    /// `limit`.
    public void deadline(Duration limit) {
        this.limit = limit.toNanos();
    }

    // ---- input -----------------------------------------------------------------------------------------------

    /// Reads up to and including LF. Flushes output before it waits.
    ///
    /// @throws LineTooLong after skipping the line, when it has more than `most` octets (ending not counted)
    public Line readLine(int most) throws IOException {
        long until = 0;
        int scanned = 0;
        while (true) {
            int lf = indexOfLf(inStart + scanned);
            if (lf >= 0) {
                return takeLine(lf, most);
            }
            scanned = inEnd - inStart;
            until = until == 0 ? wire.now() + limit : until;
            if (scanned > most + 1) {
                skipLine(until);
                throw new LineTooLong();
            }
            more(until, true);
        }
    }

    private Line takeLine(int lf, int most) {
        int start = inStart;
        inStart = lf + 1;
        boolean crlf = lf > start && in[lf - 1] == '\r';
        int end = crlf ? lf - 1 : lf;
        if (end - start > most) {
            throw new LineTooLong();
        }
        return new Line(Octets.of(Arrays.copyOfRange(in, start, end)), crlf ? Line.Ending.CRLF : Line.Ending.LF);
    }

    private void skipLine(long until) throws IOException {
        int skipped = 0;
        while (true) {
            int lf = indexOfLf(inStart);
            if (lf >= 0) {
                inStart = lf + 1;
                return;
            }
            skipped += inEnd - inStart;
            if (skipped > ENDLESS) {
                throw new IOException("a line without end");
            }
            inStart = inEnd;
            more(until, false);
        }
    }

    private int indexOfLf(int from) {
        byte[] octets = in;
        for (int i = from, end = inEnd; i < end; i++) {
            if (octets[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /// What is buffered, after waiting until there is something: a window that is valid until the next read, from
    /// its position 0. Take octets with [#consume]. Flushes output before it waits.
    public ByteBuffer fill() throws IOException {
        if (inStart == inEnd) {
            more(wire.now() + limit, false);
        }
        return window();
    }

    /// Like [#fill], but waits for more than what is buffered already.
    public ByteBuffer fillMore() throws IOException {
        more(wire.now() + limit, false);
        return window();
    }

    private ByteBuffer window() {
        return ByteBuffer.wrap(in, inStart, inEnd - inStart).slice();
    }

    public void consume(int octets) {
        if (octets < 0 || octets > inEnd - inStart) {
            throw new IllegalArgumentException(octets + " of " + (inEnd - inStart));
        }
        inStart += octets;
    }

    public Octets readFully(int length) throws IOException {
        byte[] whole = new byte[length];
        int at = 0;
        long until = wire.now() + limit;
        while (true) {
            int n = Math.min(length - at, inEnd - inStart);
            System.arraycopy(in, inStart, whole, at, n);
            inStart += n;
            at += n;
            if (at == length) {
                return Octets.of(whole);
            }
            more(until, false);
        }
    }

    /// Octets that are here already: a pipelined command, or the rest of one.
    public int buffered() {
        return inEnd - inStart;
    }

    /// The first of those octets, at most `most`, one character each.
    public String ahead(int most) {
        return new String(in, inStart, Math.min(most, inEnd - inStart), StandardCharsets.ISO_8859_1);
    }

    /// True when input is buffered or waiting in the socket: pipelined commands, or talk before the greeting.
    public boolean hasInput() throws IOException {
        if (inStart < inEnd) {
            return true;
        }
        if (wire.available() == 0) {
            return false;
        }
        return wire.ssl() == null || glance();
    }

    /// Octets in the socket below TLS may hold no text at all; a short read decides.
    private boolean glance() throws IOException {
        room();
        try {
            return took(wire.read(in, inEnd, in.length - inEnd, wire.now() + 1_000_000));
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    /// Waits up to `limit` for input without consuming it; false when none came, or when another thread called
    /// [#wake]. Flushes output before it waits. For greet delays and IDLE.
    public boolean awaitInput(Duration limit) throws IOException {
        flush();
        long until = wire.now() + limit.toNanos();
        while (inStart == inEnd) {
            if (wire.takeWake()) {
                return false;
            }
            release();
            if (!wire.awaitReadable(until)) {
                wire.takeWake();
                return false;
            }
            room();
            try {
                // Readable, so this does not wait, except for the rest of a TLS record.
                took(wire.read(in, 0, in.length, Math.max(until, wire.now() + wire.calm())));
            } catch (SocketTimeoutException _) {
                return false;
            }
        }
        return true;
    }

    /// Ends another thread's [#awaitInput] (which answers false) or the next one: a mailbox changed, the server
    /// stops.
    public void wake() {
        wire.wake();
    }

    /// Asks the connection's thread to come to an end: a wait for the client's next line ends with [Stopping], one for
    /// the rest of a message or literal ([#fill], [#readFully]) goes on, as what is on its way is taken to the end;
    /// an [#awaitInput] answers false.
    public void stop() {
        wire.stop();
    }

    public boolean isStopping() {
        return wire.isStopping();
    }

    /// Waits for at least one more octet behind those that are buffered; `between` two commands a stop ends the wait.
    private void more(long until, boolean between) throws IOException {
        flush();
        if (inStart < inEnd) {
            room();
            took(wire.read(in, inEnd, in.length - inEnd, until));
            return;
        }
        room();
        long calm = wire.now() + wire.calm();
        if (!wire.isStopping() && calm < until) {
            try {
                took(wire.read(in, 0, in.length, calm));
                return;
            } catch (SocketTimeoutException e) {
                if (wire.now() < calm) {
                    throw e; // Not the socket's timeout, but the watchman's.
                }
            }
        }
        idle(until, between);
    }

    private void idle(long until, boolean between) throws IOException {
        release();
        if (between && wire.isStopping()) {
            wire.wake(); // A wait in the midst of a message may have taken the one that came with the stop.
        }
        while (true) {
            if (wire.awaitReadable(until)) {
                room();
                try {
                    took(wire.read(in, 0, in.length, Math.min(until, wire.now() + wire.calm())));
                    return;
                } catch (SocketTimeoutException e) {
                    release(); // A TLS record without text: a key update, or half a record.
                }
            }
            if (between && wire.isStopping()) {
                throw new Stopping();
            }
            wire.takeWake();
            if (wire.now() >= until) {
                throw new SocketTimeoutException("nothing came in time");
            }
        }
    }

    /// Makes room for at least one octet at `inEnd`.
    private void room() {
        if (inStart == inEnd) {
            inStart = 0;
            inEnd = 0;
            if (in.length < inSize) {
                in = new byte[inSize];
            }
        } else if (inEnd == in.length) {
            int length = inEnd - inStart;
            byte[] target = length > in.length / 2 ? new byte[in.length * 2] : in;
            System.arraycopy(in, inStart, target, 0, length);
            in = target;
            inStart = 0;
            inEnd = length;
        }
    }

    private boolean took(int n) throws IOException {
        if (n < 0) {
            throw new EOFException("the peer closed the connection");
        }
        inEnd += n;
        if (inEnd == in.length && inSize < LARGEST) {
            inSize *= 4; // It was full: more flows than we took.
        }
        return n > 0;
    }

    private void release() {
        if (inStart == inEnd) {
            in = NOTHING;
            inStart = 0;
            inEnd = 0;
            inSize = SMALLEST;
        }
        if (outEnd == 0) {
            out = NOTHING;
        }
    }

    // ---- output ----------------------------------------------------------------------------------------------

    public Connection write(Octets octets) throws IOException {
        return write(octets.array(), octets.arrayOffset(), octets.length());
    }

    public Connection write(byte[] octets, int offset, int length) throws IOException {
        if (length > OUTPUT / 2) {
            flush();
            for (int at = 0; at < length; at += LARGEST) {
                // Each piece has its own time, so that a slow client can still take a large message.
                wire.write(octets, offset + at, Math.min(LARGEST, length - at), wire.now() + limit);
            }
            return this;
        }
        outRoom(length);
        System.arraycopy(octets, offset, out, outEnd, length);
        outEnd += length;
        return this;
    }

    /// One octet a character (ISO 8859-1); for UTF-8 use [Octets#of(String)].
    public Connection write(String latin1) throws IOException {
        int length = latin1.length();
        if (length > OUTPUT / 2) {
            return write(Octets.latin1(latin1));
        }
        outRoom(length);
        for (int i = 0; i < length; i++) {
            out[outEnd + i] = (byte) latin1.charAt(i);
        }
        outEnd += length;
        return this;
    }

    private void outRoom(int length) throws IOException {
        if (outEnd + length > OUTPUT) {
            flush();
        }
        if (outEnd + length > out.length) {
            int size = Math.min(OUTPUT, Math.max(SMALLEST, Integer.highestOneBit(outEnd + length) * 2));
            out = Arrays.copyOf(out, size);
        }
    }

    /// Sends what is buffered, in one write.
    public void flush() throws IOException {
        if (outEnd > 0) {
            int length = outEnd;
            outEnd = 0;
            wire.write(out, 0, length, wire.now() + limit);
        }
    }

    // ---- TLS and the end -------------------------------------------------------------------------------------

    /// STARTTLS: the positive reply must be flushed already. Octets that came in clear before the handshake are
    /// dropped and the connection is refused when there were any (RFC 3207 §6, RFC 2595 §4).
    public TlsDetails startTls(TlsServer server) throws IOException {
        refuseClearText();
        SSLSocket layered = server.over(wire.socket());
        long begun = System.currentTimeMillis();
        wire.secure(
                layered, wire.now() + Math.min(limit, server.handshakeLimit().toNanos()));
        TlsDetails details = server.finished(layered, begun, id, peer.getAddress());
        tls = details;
        return details;
    }

    /// The same as a client: encrypts, whoever answers at `host`.
    public TlsDetails startTls(TlsClient client, String host) throws IOException {
        return startTls(client, TlsClient.Peer.anybodyAt(host));
    }

    /// The same for a peer that must perhaps prove who it is.
    ///
    /// @throws NotVerified when it must and cannot; the connection is of no use any more
    public TlsDetails startTls(TlsClient client, TlsClient.Peer server) throws IOException {
        flush();
        refuseClearText();
        SSLSocket layered = client.over(wire.socket(), server.host());
        long begun = System.currentTimeMillis();
        wire.secure(layered, wire.now() + limit);
        TlsDetails details = client.finished(layered, server, begun);
        tls = details;
        return details;
    }

    /// What lies in the socket itself may be the client's handshake already; if it is anything else, the
    /// handshake fails.
    private void refuseClearText() throws IOException {
        if (inStart < inEnd) {
            inStart = inEnd;
            wire.abort();
            throw new IOException("octets in clear came behind the request for TLS");
        }
    }

    /// Closes at once, without a word, from any thread.
    public void abort() {
        wire.abort();
    }

    /// Sends what is buffered if that is quick, and ends the connection in an orderly way.
    @Override
    public void close() {
        long until = wire.now() + Math.min(limit, CLOSE_LIMIT);
        if (outEnd > 0) {
            try {
                wire.write(out, 0, outEnd, until);
            } catch (IOException _) {
                // Gone already.
            }
            outEnd = 0;
        }
        wire.close(until);
        release();
    }
}
