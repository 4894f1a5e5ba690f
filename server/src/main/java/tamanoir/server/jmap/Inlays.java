package tamanoir.server.jmap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import tamanoir.mail.text.Octets;

/// Large attachments of a message that is being made. The message is written with a short random mark in the place of
/// each, and each goes in when the octets go out: composing a mail of 50 MB takes no more heap than one of a line.
///
/// A mark cannot be guessed, so nothing that is attached can hold one, nor the boundary, which is made of a hash over
/// the marks. Used by one thread for one message.
final class Inlays {
    private static final int MARK = 24;
    private static final int BASE64_LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};

    private final SecureRandom random;
    private final List<Inlay> inlays = new ArrayList<>(0);

    /// @param mark as it stands in the written message
    /// @param isEncoded whether the part is in base64
    private record Inlay(Octets mark, Jmap.Download blob, boolean isEncoded) {}

    private record Found(int at, Inlay inlay) {}

    Inlays(SecureRandom random) {
        this.random = random;
    }

    /// What stands for octets that are written in base64.
    Octets encoded(Jmap.Download blob) {
        byte[] mark = mark();
        inlays.add(new Inlay(Octets.of(Base64.getEncoder().encodeToString(mark)), blob, true));
        return Octets.of(mark);
    }

    /// What stands for a message, which is written as it is (RFC 2046 §5.2.1). Whether it holds octets above 127
    /// decides what the parts around it say of themselves, so the mark must do as it does.
    Octets message(Jmap.Download blob) {
        Octets mark = Octets.of(Base64.getEncoder().encodeToString(mark()) + (isAscii(blob) ? "" : "\u00E9"));
        inlays.add(new Inlay(mark, blob, false));
        return mark;
    }

    private byte[] mark() {
        byte[] mark = new byte[MARK];
        random.nextBytes(mark);
        mark[0] = (byte) 0xFF; // Never taken for text.
        return mark;
    }

    private static boolean isAscii(Jmap.Download blob) {
        byte[] piece = new byte[16 * 1024];
        try (InputStream in = blob.content().open()) {
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                for (int i = 0; i < count; i++) {
                    if (piece[i] < 0) {
                        return false;
                    }
                }
            }
        } catch (IOException e) {
            throw AccountBlobs.unreadable(e);
        }
        return true;
    }

    boolean isEmpty() {
        return inlays.isEmpty();
    }

    /// Writes the message with what belongs into it.
    void write(Octets message, OutputStream out) throws IOException {
        List<Found> found = new ArrayList<>(inlays.size());
        for (Inlay inlay : inlays) {
            int at = message.indexOf(inlay.mark, 0);
            if (at < 0) {
                throw new IllegalStateException("a mark was lost");
            }
            found.add(new Found(at, inlay));
        }
        found.sort(Comparator.comparingInt(Found::at));
        int at = 0;
        for (Found one : found) {
            message.slice(at, one.at).writeTo(out);
            write(one.inlay, out);
            at = one.at + one.inlay.mark.length();
        }
        message.from(at).writeTo(out);
    }

    private static void write(Inlay inlay, OutputStream out) throws IOException {
        try (InputStream in = inlay.blob.content().open()) {
            if (inlay.isEncoded) {
                // Closing it writes the last digits; what is below stays open.
                try (OutputStream coded =
                        Base64.getMimeEncoder(BASE64_LINE, CRLF).wrap(new Open(out))) {
                    in.transferTo(coded);
                }
            } else {
                in.transferTo(out);
            }
        }
    }

    /// Stays open when it is closed.
    private static final class Open extends OutputStream {
        private static final int PIECE = 32 * 1024;

        private final OutputStream out;
        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(PIECE);

        Open(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            waiting.write(octet);
            spill(PIECE);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            waiting.write(octets, offset, length);
            spill(PIECE);
        }

        private void spill(int when) throws IOException {
            if (waiting.size() >= when) {
                waiting.writeTo(out);
                waiting.reset();
            }
        }

        @Override
        public void close() throws IOException {
            spill(1);
        }
    }
}
