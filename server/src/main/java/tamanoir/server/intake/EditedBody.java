package tamanoir.server.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.draft.Edit;
import tamanoir.server.filter.draft.NewText;
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

    /// The first `keep` octets of `body` with their edits, then `text`.
    ///
    /// @throws Unavailable as [#of]
    static Body withText(Body body, List<Edit> edits, long keep, Body text, Blobs blobs) {
        if (keep == 0 && edits.isEmpty()) {
            return text;
        }
        try (InputStream from = body.stream(blobs);
                InputStream then = text.stream(blobs);
                NewText whole = new NewText(blobs)) {
            Out out = (array, offset, length) -> whole.write(Octets.of(array, offset, length));
            byte[] buffer = new byte[16 * 1024];
            long at = edits(from, edits, buffer, out);
            pass(from, keep - at, buffer, out);
            if (keep == 0 || !endsEmpty(body, keep, blobs)) {
                whole.write(Octets.of("\r\n"));
            }
            pass(then, Long.MAX_VALUE, buffer, out);
            return whole.body();
        } catch (IOException e) {
            throw new Unavailable("this message cannot be kept at the moment", String.valueOf(e.getMessage()), e);
        }
    }

    /// Whether the header has its empty line: the text may begin without one.
    private static boolean endsEmpty(Body body, long keep, Blobs blobs) throws IOException {
        try (InputStream head = body.stream(blobs)) {
            head.skipNBytes(Math.max(0, keep - 3));
            byte[] last = head.readNBytes((int) Math.min(3, keep));
            int i = last.length - 2;
            i -= i >= 0 && last[i] == '\r' ? 1 : 0;
            return keep <= 2 || (i >= 0 && last[i] == '\n');
        }
    }

    @FunctionalInterface
    private interface Out {
        void write(byte[] array, int offset, int length) throws IOException;
    }

    private static void copy(InputStream from, List<Edit> edits, Out to) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        edits(from, edits, buffer, to);
        pass(from, Long.MAX_VALUE, buffer, to);
    }

    /// Up to the end of the last edit; answers where that is.
    private static long edits(InputStream from, List<Edit> edits, byte[] buffer, Out to) throws IOException {
        long at = 0;
        for (Edit edit : edits) {
            pass(from, edit.from() - at, buffer, to);
            Octets instead = edit.instead();
            to.write(instead.array(), instead.arrayOffset(), instead.length());
            from.skipNBytes(edit.to() - edit.from());
            at = edit.to();
        }
        return at;
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
