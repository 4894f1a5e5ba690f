package tamanoir.mail.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What IMAP's BODYSTRUCTURE tells of a part (RFC 9051 §7.5.2), and where the part lies, without its octets.
///
/// Always something that can be written down: a multipart has parts, a message has one part and an envelope, text
/// has a charset and lines. Texts hold no NUL.
///
/// @param parameters of the type; text without a charset has `us-ascii` (RFC 2045 §5.2)
/// @param encoding the transfer encoding in lower case, `7bit` by default
/// @param lines line feeds in the body, for text and messages
/// @param envelope of the message inside, for messages only
public record BodyStructure(
        Kind kind,
        int start,
        int bodyStart,
        int end,
        int lines,
        String type,
        String subtype,
        Parameters parameters,
        Optional<String> id,
        Optional<String> description,
        String encoding,
        Optional<String> md5,
        Optional<Disposition> disposition,
        List<String> languages,
        Optional<String> location,
        Optional<MessageEnvelope> envelope,
        List<BodyStructure> children)
        implements Located {
    public BodyStructure {
        languages = List.copyOf(languages);
        children = List.copyOf(children);
    }

    public static BodyStructure of(Part part) {
        List<BodyStructure> children = new ArrayList<>(part.children().size());
        for (Part child : part.children()) {
            children.add(of(child));
        }
        ContentType type = part.contentType();
        Parameters parameters = type.parameters();
        if (type.isText()
                && parameters.plain("charset").isEmpty()
                && parameters.plain("charset*").isEmpty()) {
            List<Parameter> list = new ArrayList<>(parameters.list());
            list.addFirst(new Parameter("charset", "us-ascii"));
            parameters = new Parameters(list);
        }
        return new BodyStructure(
                part.kind(),
                part.start(),
                part.bodyStart(),
                part.end(),
                part.lines(),
                type.type(),
                type.subtype(),
                parameters,
                part.id(),
                part.description(),
                part.encodingName(),
                part.md5(),
                part.disposition(),
                part.languages(),
                part.location(),
                part.kind() == Kind.MESSAGE
                        ? Optional.of(
                                MessageEnvelope.of(part.children().getFirst().fields()))
                        : Optional.empty(),
                children);
    }

    public ContentType contentType() {
        return new ContentType(type, subtype, parameters);
    }

    /// Octets of the body as it stands.
    public int size() {
        return end - bodyStart;
    }

    /// As [Part#fileName].
    public Optional<String> fileName() {
        return disposition
                .flatMap(d -> d.parameters().get("filename"))
                .or(() -> parameters.get("name"))
                .filter(name -> !name.isBlank());
    }
}
