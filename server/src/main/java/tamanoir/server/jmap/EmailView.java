package tamanoir.server.jmap;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.AddressList;
import tamanoir.mail.message.HeaderField;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.Located;
import tamanoir.mail.message.MessageBodies;
import tamanoir.mail.message.MessageEnvelope;
import tamanoir.mail.message.MessageFacts;
import tamanoir.mail.message.Part;
import tamanoir.server.jmap.EmailProperties.PartProperties;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.Whereabouts;

/// Makes the Email object of a message (RFC 8621 §4.1). Used by one thread for one message.
final class EmailView {
    private final EmailSource source;
    private final EmailProperties wanted;
    private final long[] left;

    /// @param left octets of bodies that the answer still has room for; taken from as they are shown
    EmailView(EmailSource source, EmailProperties wanted, long[] left) {
        this.source = source;
        this.wanted = wanted;
        this.left = left;
    }

    Json.Obj show() {
        Json.Building email = Json.object();
        for (String property : wanted.plain()) {
            switch (property) {
                case "id", "threadId", "mailboxIds", "keywords", "receivedAt" ->
                    email.put(property, Json.orNull(source.where().map(where -> ofPlace(property, where))));
                case "blobId" -> email.put(property, source.blobId());
                case "size" -> email.put(property, source.size());
                case "headers" -> email.put(property, headers(source.fields()));
                case "bodyStructure", "bodyValues", "textBody", "htmlBody", "attachments" -> {}
                default -> email.put(property, ofFacts(property, source.facts()));
            }
        }
        if (!wanted.headers().isEmpty()) {
            HeaderFields fields = source.fields();
            wanted.headers().forEach(header -> email.put(header.property(), header.in(fields)));
        }
        if (wanted.needWhole()) {
            bodies(email);
        }
        return email.build();
    }

    // ---- where it is -------------------------------------------------------------------------------------------

    private static Json ofPlace(String property, Whereabouts where) {
        return switch (property) {
            case "id" -> Json.of(Ids.of(where.message()));
            case "threadId" -> Json.of(Ids.of(where.thread()));
            case "mailboxIds" -> mailboxIds(where);
            case "keywords" -> keywords(where);
            default -> Json.of(Times.utc(where.received()));
        };
    }

    static Json.Obj mailboxIds(Whereabouts where) {
        Map<String, Json> ids = new LinkedHashMap<>();
        Visible.places(where).forEach(place -> ids.put(Ids.of(place.mailbox()), Json.of(true)));
        return new Json.Obj(ids);
    }

    static Json.Obj keywords(Whereabouts where) {
        return keywords(Visible.flags(where));
    }

    /// RFC 8621 §4.1.1: the system flags under their names, keywords in lower case.
    static Json.Obj keywords(Flags flags) {
        Map<String, Json> keywords = new TreeMap<>();
        Visible.keywords(flags).forEach(keyword -> keywords.put(keyword, Json.of(true)));
        return new Json.Obj(keywords);
    }

    // ---- what its header says ----------------------------------------------------------------------------------

    private static Json ofFacts(String property, MessageFacts facts) {
        MessageEnvelope envelope = facts.envelope();
        return switch (property) {
            case "messageId" -> HeaderProperty.ids(facts.messageIds());
            case "inReplyTo" -> HeaderProperty.ids(facts.inReplyTo());
            case "references" -> HeaderProperty.ids(facts.references());
            case "from" -> addresses(envelope.from());
            case "sender" -> facts.hasSender() ? addresses(envelope.sender()) : Json.NULL;
            case "replyTo" -> facts.hasReplyTo() ? addresses(envelope.replyTo()) : Json.NULL;
            case "to" -> addresses(envelope.to());
            case "cc" -> addresses(envelope.cc());
            case "bcc" -> addresses(envelope.bcc());
            case "subject" ->
                envelope.subject().isPresent()
                        ? Json.of(Normalizer.normalize(facts.subject(), Normalizer.Form.NFC))
                        : Json.NULL;
            case "sentAt" -> Json.orNull(facts.sentDate().map(Times::date).map(Json::of));
            case "hasAttachment" -> Json.of(facts.hasAttachment());
            case "preview" -> Json.of(facts.preview());
            default -> throw new IllegalStateException("a property " + property);
        };
    }

    private static Json addresses(AddressList list) {
        return list.isEmpty() ? Json.NULL : HeaderProperty.addresses(list);
    }

    private static Json headers(HeaderFields fields) {
        List<Json> all = new ArrayList<>(fields.size());
        for (HeaderField field : fields) {
            all.add(Json.object()
                    .put("name", field.name())
                    .put("value", HeaderProperty.raw(field))
                    .build());
        }
        return new Json.Arr(all);
    }

    // ---- bodies ------------------------------------------------------------------------------------------------

    private void bodies(Json.Building email) {
        Part root = source.root();
        Numbers numbers = new Numbers(root);
        MessageBodies bodies = MessageBodies.of(root);
        for (String property : wanted.plain()) {
            switch (property) {
                case "bodyStructure" -> email.put(property, structure(root, numbers));
                case "textBody" -> email.put(property, parts(bodies.text(), numbers));
                case "htmlBody" -> email.put(property, parts(bodies.html(), numbers));
                case "attachments" -> email.put(property, parts(bodies.attachments(), numbers));
                case "bodyValues" -> email.put(property, values(root, bodies, numbers));
                default -> {}
            }
        }
    }

    /// The number of each part in the order of the octets; it is the part's id and the end of its blob's.
    private static final class Numbers {
        private final IdentityHashMap<Part, Integer> numbers = new IdentityHashMap<>();

        Numbers(Part root) {
            for (Part part : root.all()) {
                numbers.put(part, numbers.size());
            }
        }

        int of(Part part) {
            return Objects.requireNonNull(numbers.get(part));
        }
    }

    /// The properties that are asked for and, of a multipart, always its parts: without them it would be no tree.
    private Json.Obj structure(Part part, Numbers numbers) {
        Json.Building object = part(part, numbers);
        if (part.kind() == Located.Kind.MULTIPART) {
            object.put(
                    "subParts",
                    part.children().stream()
                            .map(child -> structure(child, numbers))
                            .toList());
        }
        return object.build();
    }

    private Json parts(List<Part> parts, Numbers numbers) {
        return new Json.Arr(
                parts.stream().<Json>map(part -> part(part, numbers).build()).toList());
    }

    private Json.Building part(Part part, Numbers numbers) {
        Json.Building object = Json.object();
        PartProperties properties = wanted.parts();
        boolean isMultipart = part.kind() == Located.Kind.MULTIPART;
        String number = String.valueOf(numbers.of(part));
        for (String property : properties.plain()) {
            switch (property) {
                case "partId" -> object.put(property, isMultipart ? Json.NULL : Json.of(number));
                case "blobId" ->
                    object.put(
                            property,
                            isMultipart ? Json.NULL : Json.of(AccountBlobs.ofPart(source.blobId(), numbers.of(part))));
                case "size" -> object.put(property, source.size(part, numbers.of(part)));
                case "headers" -> object.put(property, headers(part.fields()));
                case "name" -> object.put(property, Json.orNull(part.fileName().map(Json::of)));
                case "type" -> object.put(property, part.contentType().mediaType());
                case "charset" -> object.put(property, charset(part));
                case "disposition" ->
                    object.put(
                            property, Json.orNull(part.disposition().map(disposition -> Json.of(disposition.type()))));
                case "cid" ->
                    object.put(
                            property,
                            Json.orNull(part.id().flatMap(EmailView::cid).map(Json::of)));
                case "language" ->
                    object.put(property, part.languages().isEmpty() ? Json.NULL : Json.Arr.ofTexts(part.languages()));
                case "location" ->
                    object.put(property, Json.orNull(part.location().map(Json::of)));
                case "subParts" -> object.put(property, Json.NULL);
                default -> throw new IllegalStateException("a property " + property);
            }
        }
        if (!properties.headers().isEmpty()) {
            HeaderFields fields = part.fields();
            properties.headers().forEach(header -> object.put(header.property(), header.in(fields)));
        }
        return object;
    }

    /// RFC 8621 §4.1.4: `us-ascii` is what text without a charset says; other types have none.
    private static Json charset(Part part) {
        if (!part.charset().isEmpty()) {
            return Json.of(part.charset());
        }
        return part.contentType().isText() ? Json.of("us-ascii") : Json.NULL;
    }

    /// Without its angle brackets.
    private static Optional<String> cid(String id) {
        String plain = id.strip();
        int open = plain.indexOf('<');
        int close = plain.indexOf('>', open + 1);
        plain = open >= 0 && close > open ? plain.substring(open + 1, close) : plain;
        return plain.isEmpty() ? Optional.empty() : Optional.of(plain);
    }

    private Json values(Part root, MessageBodies bodies, Numbers numbers) {
        Set<Part> chosen = new LinkedHashSet<>();
        if (wanted.allBodyValues()) {
            own(root, chosen);
        }
        if (wanted.textBodyValues()) {
            chosen.addAll(bodies.text());
        }
        if (wanted.htmlBodyValues()) {
            chosen.addAll(bodies.html());
        }
        Map<String, Json> values = new LinkedHashMap<>();
        for (Part part : chosen) {
            if (part.contentType().isText()) {
                long most = wanted.maxBodyValueBytes();
                left[0] -= most == 0
                        ? part.body().length()
                        : Math.min(most, part.body().length());
                if (left[0] < 0) {
                    throw new MethodError(
                            "requestTooLarge", "these bodies are too long together; ask for fewer, or with a limit");
                }
                values.put(String.valueOf(numbers.of(part)), BodyValues.value(part, most));
            }
        }
        return new Json.Obj(values);
    }

    /// The parts of the message itself, not of messages inside.
    private static void own(Part part, Set<Part> into) {
        switch (part.kind()) {
            case LEAF -> into.add(part);
            case MULTIPART -> part.children().forEach(child -> own(child, into));
            case MESSAGE -> {}
        }
    }
}
