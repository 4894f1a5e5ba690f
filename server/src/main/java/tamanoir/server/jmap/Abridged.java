package tamanoir.server.jmap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.message.BodyStructure;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;

/// A message without the bodies of its large attachments: all headers, all text, and what is small. Who opens a mail of
/// 30 MB wants to read its text, and many may do so at once.
///
/// The structure is known before the octets are read, so the attachments are passed over, and the offsets of what lies
/// behind them move up.
final class Abridged {
    /// What is not longer is not worth a gap.
    private static final int SMALL = 32 * 1024;

    /// Octets `from` to `to` of the message that are left out.
    private record Gap(int from, int to) {}

    private final List<Gap> gaps = new ArrayList<>();

    private Abridged() {}

    /// Reads the message that prefix and body make.
    ///
    /// @param prefix ends before the header does
    /// @param structure of the whole message
    static Part read(Octets prefix, InputStream message, BodyStructure structure) throws IOException {
        Abridged abridged = new Abridged();
        abridged.find(structure);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(64 * 1024);
        prefix.writeTo(kept);
        int at = prefix.length();
        for (Gap gap : abridged.gaps) {
            kept.writeBytes(message.readNBytes(gap.from - at));
            message.skipNBytes(gap.to - gap.from);
            at = gap.to;
        }
        kept.writeBytes(message.readNBytes(structure.end() - at));
        return Part.restore(Octets.of(kept.toByteArray()), abridged.shifted(structure));
    }

    /// Whether the part's body is left out.
    static boolean isLeftOut(BodyStructure part) {
        return part.kind() == Located.Kind.LEAF && !part.contentType().isText() && part.size() > SMALL;
    }

    private void find(BodyStructure part) {
        if (isLeftOut(part)) {
            gaps.add(new Gap(part.bodyStart(), part.end()));
        }
        part.children().forEach(this::find);
    }

    private BodyStructure shifted(BodyStructure part) {
        List<BodyStructure> children = new ArrayList<>(part.children().size());
        part.children().forEach(child -> children.add(shifted(child)));
        return new BodyStructure(
                part.kind(),
                shifted(part.start()),
                shifted(part.bodyStart()),
                shifted(part.end()),
                part.lines(),
                part.type(),
                part.subtype(),
                part.parameters(),
                part.id(),
                part.description(),
                part.encoding(),
                part.md5(),
                part.disposition(),
                part.languages(),
                part.location(),
                part.envelope(),
                children);
    }

    private int shifted(int offset) {
        int shifted = offset;
        for (Gap gap : gaps) {
            if (gap.to <= offset) {
                shifted -= gap.to - gap.from;
            }
        }
        return shifted;
    }
}
