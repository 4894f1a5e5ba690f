package tamanoir.server.setup;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A short TCP call that only listens.
final class Call implements AutoCloseable {
    /// Less than the limit of a check, so that a second address has its turn.
    private static final int MILLIS = 2_000;

    private static final int LONGEST_LINE = 512;

    private final Socket socket;

    private Call(Socket socket) {
        this.socket = socket;
    }

    static Call to(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, MILLIS);
            socket.setSoTimeout(MILLIS);
            return new Call(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// The first line that the other side says, printable characters only.
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n' && line.length() < LONGEST_LINE; octet = in.read()) {
            if (octet >= ' ' && octet < 127) {
                line.append((char) octet);
            }
        }
        if (line.isEmpty()) {
            throw new IOException("the other side said nothing");
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
