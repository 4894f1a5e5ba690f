package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.text.Charsets;
import tamanoir.mail.text.DecodedText;
import tamanoir.mail.text.Octets;

/// One part of a message, the message itself included: offsets into its octets, and the fields of its header when
/// asked.
///
/// Immutable; what is worked out from the header is kept, which is a race without harm.
public final class Part implements Located {
    private final Octets whole;
    private final Kind kind;
    private final int start;
    private final int bodyStart;
    private final int end;
    private final int lines;
    private final ContentType contentType;
    private final ContentType declaredType;
    private final List<Part> children;
    private final Limits limits;

    private @Nullable HeaderFields fields;

    Part(
            Octets whole,
            Kind kind,
            int start,
            int bodyStart,
            int end,
            int lines,
            ContentType contentType,
            ContentType declaredType,
            List<Part> children,
            Limits limits) {
        this.whole = whole;
        this.kind = kind;
        this.start = start;
        this.bodyStart = bodyStart;
        this.end = end;
        this.lines = lines;
        this.contentType = contentType;
        this.declaredType = declaredType;
        this.children = children;
        this.limits = limits;
    }

    /// The tree that was parsed before, over the same octets.
    public static Part restore(Octets whole, BodyStructure structure) {
        List<Part> children = new ArrayList<>(structure.children().size());
        for (BodyStructure child : structure.children()) {
            children.add(restore(whole, child));
        }
        return new Part(
                whole,
                structure.kind(),
                structure.start(),
                structure.bodyStart(),
                structure.end(),
                structure.lines(),
                structure.contentType(),
                structure.contentType(),
                List.copyOf(children),
                Limits.DEFAULT);
    }

    // ---- where -----------------------------------------------------------------------------------------------

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int bodyStart() {
        return bodyStart;
    }

    @Override
    public int end() {
        return end;
    }

    /// Multipart: its parts, at least one. Message: the message inside. Leaf: none.
    @Override
    public List<Part> children() {
        return children;
    }

    /// Line feeds in the body: "size in text lines" (RFC 9051 §7.5.2).
    public int lines() {
        return lines;
    }

    /// Header with its empty line, and body.
    public Octets octets() {
        return whole.slice(start, end);
    }

    /// The header with the empty line that ends it, if it has one.
    public Octets header() {
        return whole.slice(start, bodyStart);
    }

    /// The body as it stands, transfer encoding and all.
    public Octets body() {
        return whole.slice(bodyStart, end);
    }

    Octets slice(Sections.Range range) {
        return whole.slice(range.from(), range.to());
    }

    /// This part and all below it, outermost first, in the order of the octets.
    public List<Part> all() {
        List<Part> all = new ArrayList<>();
        all.add(this);
        // Each part's children go in behind it, so a list that grows while we walk would be in level order; a stack
        // keeps the order of the octets.
        List<Part> stack = new ArrayList<>(children.reversed());
        while (!stack.isEmpty()) {
            Part part = stack.removeLast();
            all.add(part);
            stack.addAll(part.children.reversed());
        }
        return all;
    }

    // ---- what the header says --------------------------------------------------------------------------------

    public HeaderFields fields() {
        HeaderFields known = fields;
        if (known == null) {
            known = HeaderFields.of(header(), limits);
            fields = known;
        }
        return known;
    }

    /// What it is to be treated as: like [#declaredType], but `text/plain` for a multipart that has no parts and
    /// `application/octet-stream` for one that was not taken apart.
    public ContentType contentType() {
        return contentType;
    }

    /// What the header says, or the default where it says nothing or nonsense (RFC 2045 §5.2, RFC 2046 §5.1.5).
    public ContentType declaredType() {
        return declaredType;
    }

    public Optional<Disposition> disposition() {
        return fields().value("Content-Disposition")
                .filter(value -> !value.isEmpty())
                .map(value -> Disposition.parse(value, limits));
    }

    public TransferEncoding encoding() {
        return TransferEncoding.of(encodingName());
    }

    /// The transfer encoding as written, in lower case; `7bit` where there is none (RFC 2045 §6.1).
    public String encodingName() {
        return fields().value("Content-Transfer-Encoding")
                .map(TransferEncoding::nameIn)
                .filter(name -> !name.isEmpty())
                .orElse("7bit");
    }

    /// With its angle brackets, as IMAP shows it.
    public Optional<String> id() {
        return fields().value("Content-ID");
    }

    public Optional<String> description() {
        return fields().value("Content-Description");
    }

    public Optional<String> md5() {
        return fields().value("Content-MD5");
    }

    /// RFC 2557 §4.2: folded URLs lose their white space.
    public Optional<String> location() {
        return fields().value("Content-Location").map(Part::withoutBlanks);
    }

    /// RFC 3282.
    public List<String> languages() {
        List<String> languages = new ArrayList<>();
        fields().value("Content-Language").ifPresent(value -> {
            for (String tag : value.split(",")) {
                String plain = Words.withoutComments(tag).trim();
                if (!plain.isEmpty()) {
                    languages.add(plain);
                }
            }
        });
        return languages;
    }

    /// The name that an attachment goes by: `filename` of the disposition, else `name` of the type (RFC 2183 §2.3).
    /// Filters, IMAP search, JMAP and the webmail all ask here. May hold `/` and `..`: it is a label, not a path.
    public Optional<String> fileName() {
        return disposition()
                .flatMap(d -> d.parameters().get("filename"))
                .or(() -> contentType.parameters().get("name"))
                .filter(name -> !name.isBlank());
    }

    // ---- what the body says ----------------------------------------------------------------------------------

    /// The body without its transfer encoding; damaged where that is unknown or broken.
    public TransferEncoding.Decoded decoded() {
        return encoding().decode(body());
    }

    /// The text of a text part. Never fails; marks what had to be guessed.
    public DecodedText text() {
        TransferEncoding.Decoded plain = decoded();
        DecodedText text = Charsets.decode(plain.octets(), charset());
        return plain.isDamaged() && !text.isEncodingProblem() ? new DecodedText(text.text(), true) : text;
    }

    /// The label of the charset, empty when there is none.
    public String charset() {
        return contentType.parameters().get("charset").orElse("");
    }

    private static String withoutBlanks(String value) {
        StringBuilder kept = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > ' ') {
                kept.append(value.charAt(i));
            }
        }
        return kept.toString();
    }

    @Override
    public String toString() {
        return contentType.mediaType() + " [" + start + "," + bodyStart + "," + end + ")" + children;
    }
}
