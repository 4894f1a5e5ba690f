package tamanoir.server.filter.junk;

import java.nio.ByteBuffer;
import tamanoir.mail.text.Octets;
import tamanoir.mail.text.Sha256;

/// The number of a message that was taught from a file: of its octets, so that the same file teaches once. Numbers of
/// messages in mailboxes count from one and never reach these.
final class Sample {
    private static final long APART = 1L << 63;

    private Sample() {}

    static long number(Octets message) {
        byte[] hash = Sha256.of(message.toByteArray());
        return ByteBuffer.wrap(hash).getLong() | APART;
    }
}
