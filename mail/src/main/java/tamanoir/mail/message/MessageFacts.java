package tamanoir.mail.message;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.text.Octets;

/// What lists, sorting, threading and IMAP ask of a message again and again: worked out once when it arrives, kept
/// beside it in the form of [#encode]. Derived from the octets alone, so it can be dropped and made again.
///
/// @param size octets of the whole message
/// @param hasSender whether there is a Sender field: the envelope says From where there is none
/// @param hasReplyTo the same of Reply-To
/// @param structure with the offsets of every part: [Part#restore] and [Sections] take it
/// @param subject decoded, on one line; empty when there is none
/// @param baseSubject for SORT and THREAD (RFC 5256 §2.1)
/// @param isReplyOrForward whether taking the base subject removed a mark of one (RFC 5256 §2.1)
/// @param sentDate of the Date field, empty when that is missing or impossible: the internal date stands in
/// @param messageIds of Message-ID, usually one, without angle brackets; so the next two
/// @param hasAttachment whether a reader would show a paper clip (RFC 8621 §4.1.4)
/// @param preview the beginning of the text, at most 256 characters (RFC 8970 §3)
public record MessageFacts(
        long size,
        MessageEnvelope envelope,
        boolean hasSender,
        boolean hasReplyTo,
        BodyStructure structure,
        String subject,
        String baseSubject,
        boolean isReplyOrForward,
        Optional<OffsetDateTime> sentDate,
        List<String> messageIds,
        List<String> inReplyTo,
        List<String> references,
        boolean hasAttachment,
        String preview) {
    public MessageFacts {
        messageIds = List.copyOf(messageIds);
        inReplyTo = List.copyOf(inReplyTo);
        references = List.copyOf(references);
    }

    public static MessageFacts of(Octets whole) {
        return of(whole, Limits.DEFAULT);
    }

    public static MessageFacts of(Octets whole, Limits limits) {
        return of(MessageParser.parse(whole, limits));
    }

    /// Of a message that has been parsed already.
    public static MessageFacts of(Part root) {
        HeaderFields fields = root.fields();
        String subject = fields.text("Subject").orElse("");
        BaseSubject base = BaseSubject.of(subject);
        MessageBodies bodies = MessageBodies.of(root);
        return new MessageFacts(
                root.octets().length(),
                MessageEnvelope.of(fields),
                fields.has("Sender"),
                fields.has("Reply-To"),
                BodyStructure.of(root),
                subject,
                base.text(),
                base.isReplyOrForward(),
                fields.value("Date").flatMap(DateTimes::parse),
                ids(fields, "Message-ID"),
                ids(fields, "In-Reply-To"),
                ids(fields, "References"),
                bodies.hasAttachment(),
                Preview.of(bodies));
    }

    private static List<String> ids(HeaderFields fields, String name) {
        return fields.value(name).map(MessageIds::parse).orElse(List.of());
    }

    /// The compact form. It begins with its format, so that a row of an older format can be told and made again.
    public byte[] encode() {
        return FactsCodec.encode(this);
    }

    /// Reads what [#encode] has written; empty when that was another format, or damaged: make it again from the
    /// message.
    public static Optional<MessageFacts> decode(byte[] row) {
        return FactsCodec.decode(Octets.of(row));
    }
}
