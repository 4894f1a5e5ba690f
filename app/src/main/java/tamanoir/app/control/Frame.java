package tamanoir.app.control;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One piece of the conversation on the control socket: a kind, a length, octets.
///
/// Client: `WORD`* then `INPUT`* then `END`. Server: `OUTPUT` and `ERROR` in any order, then `EXIT` (four octets).
record Frame(Kind kind, byte[] octets) {
    /// Octets of one frame at most; longer input is sent in several.
    static final int LONGEST = 64 * 1024;

    enum Kind {
        WORD('w'),
        INPUT('i'),
        END('.'),
        OUTPUT('o'),
        ERROR('e'),
        EXIT('x');

        private final int code;

        Kind(char code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IOException("not the control protocol");
        }
    }

    static Frame of(Kind kind, String text) {
        return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return new String(octets, StandardCharsets.UTF_8);
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeByte(kind.code);
        out.writeInt(octets.length);
        out.write(octets);
    }

    /// The next frame; empty at the end of the stream.
    static Optional<Frame> read(DataInputStream in) throws IOException {
        int kind = in.read();
        if (kind < 0) {
            return Optional.empty();
        }
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("not the control protocol");
        }
        byte[] octets = in.readNBytes(length);
        if (octets.length < length) {
            throw new EOFException();
        }
        return Optional.of(new Frame(Kind.of(kind), octets));
    }
}
