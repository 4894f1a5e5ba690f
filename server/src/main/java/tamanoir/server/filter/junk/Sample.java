package tamanoir.server.filter.junk;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import tamanoir.mail.text.Octets;

/// The number of a message that was taught from a file: of its octets, so that the same file teaches once. Numbers of
/// messages in mailboxes count from one and never reach these.
final class Sample {
    private static final long APART = 1L << 63;

    private Sample() {}

    static long number(Octets message) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(message.toByteArray());
            return ByteBuffer.wrap(hash).getLong() | APART;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
