package tamanoir.server.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// Messages that come as literal8 may hold NUL, which BODY[] could not send (RFC 3516 §4.4): binary parts that do are
/// kept in base64, everything else as it came.
final class BinaryAppend {
    private static final int LONGEST = 64 << 20;
    private static final Octets FIELD = Octets.latin1("Content-Transfer-Encoding: base64\r\n");

    private BinaryAppend() {}

    /// The body to keep; empty when NUL stands where no encoding can hide it.
    static Optional<Body> convert(Body body, Blobs blobs) throws IOException {
        if (body.size() > LONGEST) {
            return Optional.empty();
        }
        Octets whole = body.load(blobs);
        if (whole.indexOf(0, 0) < 0) {
            return Optional.of(body);
        }
        Octets converted = encode(whole);
        if (converted.indexOf(0, 0) >= 0) {
            return Optional.empty();
        }
        if (converted.length() <= Body.SMALL) {
            return Optional.of(new Body.Small(converted));
        }
        try (Blobs.Spool spool = blobs.spool()) {
            spool.write(converted.array(), converted.arrayOffset(), converted.length());
            return Optional.of(new Body.Large(spool.keep(), converted.length()));
        }
    }

    /// A stretch of the old octets and what stands there in the new ones.
    private record Change(int from, int to, Octets instead) {}

    private static Octets encode(Octets whole) {
        List<Change> changes = new ArrayList<>();
        for (Part part : MessageParser.parse(whole).all()) {
            if (part.kind() == Located.Kind.LEAF
                    && part.encodingName().equals("binary")
                    && part.body().indexOf(0, 0) >= 0) {
                for (HeaderField field : part.fields().all("Content-Transfer-Encoding")) {
                    int at = part.start() + field.start();
                    changes.add(new Change(at, at + field.octets().length(), FIELD));
                }
                changes.add(new Change(part.bodyStart(), part.end(), base64(part.body())));
            }
        }
        changes.sort(Comparator.comparingInt(Change::from));
        ByteArrayOutputStream out = new ByteArrayOutputStream(whole.length() + whole.length() / 2);
        int at = 0;
        for (Change change : changes) {
            out.writeBytes(whole.slice(at, change.from()).toByteArray());
            out.writeBytes(change.instead().toByteArray());
            at = change.to();
        }
        out.writeBytes(whole.from(at).toByteArray());
        return Octets.of(out.toByteArray());
    }

    /// RFC 2045 §6.8: lines of 76 characters.
    private static Octets base64(Octets body) {
        Base64.Encoder encoder = Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));
        return Octets.join(Octets.of(encoder.encode(body.toByteArray())), Octets.latin1("\r\n"));
    }
}
