package tamanoir.server.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import tamanoir.mail.text.Octets;

/// One client from accept to close: buffered input, buffered output, a deadline on every wait.
///
/// Used by one virtual thread; only [#close] and [#wake] may be called by others. `IOException` means the peer has gone
/// or
/// did not keep a deadline ([java.net.SocketTimeoutException]); end of input is [java.io.EOFException].
public class Connection implements Closeable {
    /// The client, as PROXY tells it where a proxy is in front.
    public InetSocketAddress peer() {
        throw new UnsupportedOperationException();
    }

    public InetSocketAddress local() {
        throw new UnsupportedOperationException();
    }

    public Optional<TlsDetails> tls() {
        throw new UnsupportedOperationException();
    }

    /// Every following operation (a whole line, a whole [#readFully], one [#fill], one [#flush]) must end within
    /// `limit`.
    public void deadline(Duration limit) {
        throw new UnsupportedOperationException();
    }

    /// Reads up to and including LF. Flushes output before it waits.
    ///
    /// @throws LineTooLong after skipping the line, when it has more than `limit` octets (ending not counted)
    public Line readLine(int limit) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// What is buffered, after waiting until there is something: a window that is valid until the next read. Take
    /// octets
    /// with [#consume]. Flushes output before it waits.
    public ByteBuffer fill() throws IOException {
        throw new UnsupportedOperationException();
    }

    public void consume(int octets) {
        throw new UnsupportedOperationException();
    }

    public Octets readFully(int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// True when input is buffered or waiting in the socket: pipelined commands, or talk before the greeting.
    public boolean hasInput() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Waits up to `limit` for input without consuming it; false when none came. For greet delays and IDLE.
    public boolean awaitInput(Duration limit) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Ends another thread's [#awaitInput] (which answers false) or the next one: a mailbox changed, the server stops.
    public void wake() {
        throw new UnsupportedOperationException();
    }

    public Connection write(Octets octets) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// One octet a character (ISO 8859-1); for UTF-8 use [Octets#of(String)].
    public Connection write(String latin1) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Sends what is buffered.
    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// STARTTLS: the positive reply must be flushed already. Octets that came in clear before the handshake are dropped
    /// and the connection is refused when there were any (RFC 3207 §6).
    public void startTls(TlsServer tls) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
