package tamanoir.mail.authresults.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hashes a body in canonical form while it flows by, in pieces of any size (RFC 6376 §3.4.3, §3.4.4). Used once, by
/// one thread.
///
/// A line ends in CR LF; a line feed alone is taken for one, since that is how the line leaves again.
public final class BodyCanon {
    private static final int BUFFER = 4096;

    private final boolean relaxed;
    private final long limit;
    private final MessageDigest digest;
    private final byte[] out = new byte[BUFFER];
    private int outEnd;
    private long length;

    /// Line ends that are held back until something follows them.
    private long lineEnds;

    private boolean blank;
    private boolean carriageReturn;
    private boolean something;

    /// `limit` is `l=`: only so many canonical octets are hashed; below 0 for all.
    public BodyCanon(boolean relaxed, long limit) {
        this.relaxed = relaxed;
        this.limit = limit < 0 ? Long.MAX_VALUE : limit;
        this.digest = sha256();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    public void feed(byte[] octets, int offset, int count) {
        int end = offset + count;
        int i = offset;
        while (i < end) {
            int stop = i;
            while (stop < end && isPlain(octets[stop])) {
                stop++;
            }
            // What comes before a run (blanks, line ends) goes out with its first octet.
            if (stop > i) {
                feed(octets[i]);
                put(octets, i + 1, stop - i - 1);
            }
            if (stop < end) {
                feed(octets[stop]);
            }
            i = stop + 1;
        }
    }

    /// Stands for itself wherever it is.
    private static boolean isPlain(byte octet) {
        return octet > ' ' || octet < 0;
    }

    private void feed(byte octet) {
        if (octet == '\n') {
            carriageReturn = false;
            blank = false; // RFC 6376 §3.4.4: blanks at the end of a line go
            lineEnds++;
            return;
        }
        if (carriageReturn) {
            carriageReturn = false;
            ordinary((byte) '\r');
        }
        if (octet == '\r') {
            carriageReturn = true;
        } else if (relaxed && (octet == ' ' || octet == '\t')) {
            blank = true;
        } else {
            ordinary(octet);
        }
    }

    private void ordinary(byte octet) {
        for (; lineEnds > 0; lineEnds--) {
            put((byte) '\r');
            put((byte) '\n');
        }
        if (blank) {
            blank = false;
            put((byte) ' ');
        }
        something = true;
        put(octet);
    }

    private void put(byte octet) {
        if (length++ < limit) {
            out[outEnd++] = octet;
            if (outEnd == BUFFER) {
                digest.update(out, 0, outEnd);
                outEnd = 0;
            }
        }
    }

    private void put(byte[] octets, int offset, int count) {
        int at = offset;
        int left = Math.clamp(limit - length, 0, count);
        length += count;
        while (left > 0) {
            int n = Math.min(left, BUFFER - outEnd);
            System.arraycopy(octets, at, out, outEnd, n);
            at += n;
            left -= n;
            outEnd += n;
            if (outEnd == BUFFER) {
                digest.update(out, 0, outEnd);
                outEnd = 0;
            }
        }
    }

    /// The hash; nothing may be fed behind it.
    public byte[] finish() {
        if (carriageReturn) {
            ordinary((byte) '\r');
        }
        // Empty lines at the end go; what is there ends in one line end. The empty body is a line end in the simple
        // form,
        // and nothing in the relaxed one.
        if (something || !relaxed) {
            put((byte) '\r');
            put((byte) '\n');
        }
        digest.update(out, 0, outEnd);
        return digest.digest();
    }

    /// Canonical octets in all, after [#finish].
    public long length() {
        return length;
    }
}
