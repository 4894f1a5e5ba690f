package tamanoir.server.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.Findings.Edit;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Makes a new body of an old one and a few edits; every octet outside the edits is copied as it is.
final class EditedBody {
    private EditedBody() {}

    /// `edits` in ascending order, not overlapping, offsets into `body`.
    ///
    /// @throws Unavailable when the old one cannot be read or the new one not be written
    static Body of(Body body, List<Edit> edits, Blobs blobs) {
        if (edits.isEmpty()) {
            return body;
        }
        long size = body.size();
        for (Edit edit : edits) {
            size += edit.instead().length() - (edit.to() - edit.from());
        }
        try (InputStream from = body.stream(blobs)) {
            if (size <= Body.SMALL) {
                ByteArrayOutputStream to = new ByteArrayOutputStream((int) size);
                copy(from, edits, to::write);
                return new Body.Small(Octets.of(to.toByteArray()));
            }
            try (Blobs.Spool spool = blobs.spool()) {
                copy(from, edits, spool::write);
                return new Body.Large(spool.keep(), size);
            }
        } catch (IOException e) {
            throw new Unavailable("this message cannot be kept at the moment", String.valueOf(e.getMessage()), e);
        }
    }

    @FunctionalInterface
    private interface Out {
        void write(byte[] array, int offset, int length) throws IOException;
    }

    private static void copy(InputStream from, List<Edit> edits, Out to) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long at = 0;
        for (Edit edit : edits) {
            at += pass(from, edit.from() - at, buffer, to);
            Octets instead = edit.instead();
            to.write(instead.array(), instead.arrayOffset(), instead.length());
            from.skipNBytes(edit.to() - edit.from());
            at = edit.to();
        }
        pass(from, Long.MAX_VALUE, buffer, to);
    }

    private static long pass(InputStream from, long count, byte[] buffer, Out to) throws IOException {
        long left = count;
        while (left > 0) {
            int read = from.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                break;
            }
            to.write(buffer, 0, read);
            left -= read;
        }
        return count - left;
    }
}
