package tamanoir.server.jmap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.message.ContentType;
import tamanoir.mail.message.Entity;
import tamanoir.mail.message.Field;
import tamanoir.mail.message.Parameter;
import tamanoir.mail.message.Parameters;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Makes the message of a new email from its properties (RFC 8621 §4.6). Used by one thread for one email.
final class Composition {
    private static final int DEEPEST = 30;
    private static final int MOST_PARTS = 1_000;

    /// What the server works out itself.
    private static final Set<String> OF_SERVER =
            Set.of("id", "blobId", "threadId", "size", "hasAttachment", "preview", "headers");

    /// What is not about the message itself.
    private static final Set<String> OF_PLACE = Set.of("mailboxIds", "keywords", "receivedAt");

    private static final Set<String> OF_BODY =
            Set.of("bodyStructure", "textBody", "htmlBody", "attachments", "bodyValues");

    private static final Set<String> OF_PART = Set.of(
            "partId",
            "blobId",
            "size",
            "name",
            "type",
            "charset",
            "disposition",
            "cid",
            "language",
            "location",
            "subParts");

    private static final List<String> FIRST = List.of(
            "date",
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "subject",
            "message-id",
            "in-reply-to",
            "references");

    private final Json.Obj email;
    /// What is not longer is written from memory.
    private static final int SMALL = 64 * 1024;

    private final Function<String, Optional<Jmap.Download>> blobs;
    private final Inlays inlays;
    private final long mostOctets;
    private final Set<String> wrong = new HashSet<>();
    private final List<String> missingBlobs = new ArrayList<>();
    private int parts;
    private long octets;

    /// @param blobs finds what a blob id stands for
    /// @param inlays takes what is large
    /// @param mostOctets of all that is attached
    Composition(Json.Obj email, Function<String, Optional<Jmap.Download>> blobs, Inlays inlays, long mostOctets) {
        this.email = email;
        this.blobs = blobs;
        this.inlays = inlays;
        this.mostOctets = mostOctets;
    }

    /// The message; `missing` gives the fields that every message has, those that are not there yet.
    Entity compose(Function<Set<String>, List<Field>> missing) {
        List<Field> fields = fields();
        checkBody();
        refuseWrong();
        Entity body = email.has("bodyStructure")
                ? part(object(email.get("bodyStructure").orElse(Json.NULL), "bodyStructure"), "bodyStructure", "", 0)
                : laidOut();
        refuseWrong();
        if (!missingBlobs.isEmpty()) {
            throw new SetError(
                    "blobNotFound",
                    "some blobs are not there, or not any more; upload them again",
                    Json.object()
                            .put("notFound", Json.Arr.ofTexts(missingBlobs))
                            .build());
        }
        Set<String> names = names(fields);
        for (Field own : body.fields()) {
            if (names.contains(lower(own.name()))) {
                throw SetError.invalidProperties(own.name() + " stands there twice", "bodyStructure");
            }
        }
        names.addAll(names(body.fields()));
        fields.addAll(missing.apply(names));
        fields.sort(java.util.Comparator.comparingInt(field -> rank(lower(field.name()))));
        fields.addAll(body.fields());
        return with(body, fields);
    }

    private void refuseWrong() {
        if (!wrong.isEmpty()) {
            throw SetError.invalidProperties(
                    "these properties cannot be set so", wrong.stream().sorted().toArray(String[]::new));
        }
    }

    private static int rank(String name) {
        int at = FIRST.indexOf(name);
        return at < 0 ? FIRST.size() : at;
    }

    private static Set<String> names(List<Field> fields) {
        Set<String> names = new HashSet<>();
        fields.forEach(field -> names.add(lower(field.name())));
        return names;
    }

    private static Entity with(Entity body, List<Field> fields) {
        return switch (body) {
            case Entity.Text text -> new Entity.Text(fields, text.subtype(), text.text());
            case Entity.Data data -> new Entity.Data(fields, data.type(), data.octets());
            case Entity.Message message -> new Entity.Message(fields, message.subtype(), message.octets());
            case Entity.Multipart multipart ->
                new Entity.Multipart(fields, multipart.subtype(), multipart.parameters(), multipart.parts());
        };
    }

    // ---- the header --------------------------------------------------------------------------------------------

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        email.members().forEach((property, value) -> {
            if (OF_SERVER.contains(property)) {
                wrong.add(property);
            } else if (!OF_PLACE.contains(property) && !OF_BODY.contains(property)) {
                header(property, value, fields, names, false);
            }
        });
        return fields;
    }

    /// RFC 8621 §4.6: no field by two properties; `Content-…` only of parts, and never the transfer encoding.
    private void header(String property, Json value, List<Field> into, Set<String> names, boolean isPart) {
        HeaderProperty header = isPart ? null : HeaderValues.SHORT.get(property);
        Optional<HeaderProperty> found = header != null ? Optional.of(header) : HeaderProperty.of(property);
        if (found.isEmpty()) {
            wrong.add(property);
            return;
        }
        String name = lower(found.get().field());
        boolean isContent = name.startsWith("content-");
        boolean isOurs = name.equals("mime-version") || name.equals("content-transfer-encoding");
        if (isOurs || (isContent && !isPart) || !names.add(name)) {
            wrong.add(property);
            return;
        }
        into.addAll(HeaderValues.fields(found.get(), value));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    // ---- the body as the client lays it out ---------------------------------------------------------------------

    private void checkBody() {
        if (email.has("bodyStructure")) {
            for (String property : List.of("textBody", "htmlBody", "attachments")) {
                if (email.has(property)) {
                    wrong.add(property);
                }
            }
        }
    }

    /// A part of any kind. `implied` is its type when it says none.
    private Entity part(Json.Obj part, String property, String implied, int depth) {
        if (depth > DEEPEST || ++parts > MOST_PARTS) {
            throw SetError.invalidProperties("this has too many parts", property);
        }
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        part.members().forEach((name, value) -> {
            if (!OF_PART.contains(name)) {
                if (name.equals("headers")) {
                    wrong.add(property);
                } else {
                    header(name, value, fields, names, true);
                }
            }
        });
        ContentType type = type(part, property, implied, fields);
        if (has(part, "subParts") || type.isMultipart()) {
            return multipart(part, property, type, fields, names, depth);
        }
        disposition(part, property, fields, names);
        return leaf(part, property, type, fields);
    }

    private Entity multipart(
            Json.Obj part, String property, ContentType type, List<Field> fields, Set<String> names, int depth) {
        if (!type.isMultipart() || has(part, "partId") || has(part, "blobId")) {
            throw SetError.invalidProperties("only a multipart has parts, and it has nothing else", property);
        }
        List<Entity> children = new ArrayList<>();
        for (Json child : array(part.get("subParts").orElse(Json.NULL), property)) {
            children.add(part(object(child, property), property, "", depth + 1));
        }
        if (children.isEmpty()) {
            throw SetError.invalidProperties("a multipart has one part at least", property);
        }
        disposition(part, property, fields, names);
        List<Parameter> parameters = type.parameters().list().stream()
                .filter(parameter -> !parameter.name().equals("boundary"))
                .toList();
        return new Entity.Multipart(fields, type.subtype(), parameters, children);
    }

    /// `type` and `charset`, or a Content-Type field in their place.
    private ContentType type(Json.Obj part, String property, String implied, List<Field> fields) {
        Optional<Json> given = part.get("type").filter(value -> !(value instanceof Json.Null));
        for (Map.Entry<String, Json> member : part.members().entrySet()) {
            Optional<HeaderProperty> header = HeaderProperty.of(member.getKey());
            if (header.filter(its -> lower(its.field()).equals("content-type")).isPresent()) {
                if (given.isPresent() || !(member.getValue() instanceof Json.Text)) {
                    throw SetError.invalidProperties("the type stands there twice", property);
                }
                fields.removeIf(field -> lower(field.name()).equals("content-type"));
                return ContentType.parse(text(member.getValue(), property).strip());
            }
        }
        if (given.isEmpty()) {
            return ContentType.parse(
                    implied.isEmpty() ? part.has("blobId") ? "application/octet-stream" : "text/plain" : implied);
        }
        String name = text(given.get(), property);
        ContentType type = ContentType.parse(name);
        if (!type.mediaType().equals(lower(name))) {
            throw SetError.invalidProperties("this is not a media type: " + name, property);
        }
        Optional<String> charset = optionalText(part, "charset", property);
        if (charset.isPresent() && has(part, "partId")) {
            throw SetError.invalidProperties("text has no charset here; it is written in UTF-8", property);
        }
        return charset.isPresent()
                ? new ContentType(type.type(), type.subtype(), Parameters.of(new Parameter("charset", charset.get())))
                : type;
    }

    /// Content-Disposition, Content-ID, Content-Language and Content-Location.
    private void disposition(Json.Obj part, String property, List<Field> fields, Set<String> names) {
        Optional<String> disposition = optionalText(part, "disposition", property);
        Optional<String> name = optionalText(part, "name", property);
        if (name.filter(its -> its.chars().anyMatch(c -> c < ' ' || c == 127)).isPresent()) {
            throw SetError.invalidProperties("a file name has no control characters", property);
        }
        try {
            if (disposition.isPresent() || name.isPresent()) {
                add(
                        Field.parameters(
                                "Content-Disposition",
                                token(disposition.orElse("attachment"), property),
                                name.map(its -> List.of(new Parameter("filename", its)))
                                        .orElse(List.of())),
                        property,
                        fields,
                        names);
            }
            Optional<String> cid = optionalText(part, "cid", property);
            if (cid.isPresent()) {
                add(Field.ids("Content-ID", List.of(cid.get())), property, fields, names);
            }
            Optional<Json> language = part.get("language").filter(value -> !(value instanceof Json.Null));
            if (language.isPresent()) {
                List<String> tags = array(language.get(), property).stream()
                        .map(tag -> token(text(tag, property), property))
                        .toList();
                add(Field.structured("Content-Language", String.join(", ", tags)), property, fields, names);
            }
            Optional<String> location = optionalText(part, "location", property);
            if (location.isPresent()) {
                add(Field.structured("Content-Location", location.get()), property, fields, names);
            }
        } catch (BadSyntax e) {
            throw SetError.invalidProperties(String.valueOf(e.getMessage()), property);
        }
    }

    private static void add(Field field, String property, List<Field> fields, Set<String> names) {
        if (!names.add(lower(field.name()))) {
            throw SetError.invalidProperties(field.name() + " stands there twice", property);
        }
        fields.add(field);
    }

    private static String token(String text, String property) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0)) {
            throw SetError.invalidProperties("this is not a word: " + text, property);
        }
        return text;
    }

    private Entity leaf(Json.Obj part, String property, ContentType type, List<Field> fields) {
        Optional<String> partId = optionalText(part, "partId", property);
        Optional<String> blobId = optionalText(part, "blobId", property);
        if (partId.isPresent() == blobId.isPresent()) {
            throw SetError.invalidProperties("a part has either a partId or a blobId", property);
        }
        if (partId.isPresent()) {
            return text(value(partId.get()), type, fields);
        }
        Optional<Jmap.Download> found = blobs.apply(blobId.get());
        if (found.isEmpty()) {
            missingBlobs.add(blobId.get());
            return new Entity.Text(fields, "plain", "");
        }
        octets += found.get().size();
        if (octets > mostOctets) {
            throw new SetError("tooLarge", "an email has at most " + mostOctets + " octets of attachments");
        }
        return attached(found.get(), type, fields);
    }

    private Entity attached(Jmap.Download blob, ContentType type, List<Field> fields) {
        boolean isLarge = blob.size() > SMALL;
        // RFC 2046 §5.2.1: a message inside is not encoded. RFC 6532 §3.7: message/global may be.
        if (!type.is("message", "rfc822")) {
            return new Entity.Data(fields, type, isLarge ? inlays.encoded(blob) : AccountBlobs.load(blob));
        }
        return new Entity.Message(fields, "rfc822", isLarge ? inlays.message(blob) : AccountBlobs.load(blob));
    }

    /// Text goes out in UTF-8 and as text; with parameters such as `format=flowed`, as octets that say so.
    private static Entity text(String value, ContentType type, List<Field> fields) {
        if (type.isText() && type.parameters().list().isEmpty()) {
            return new Entity.Text(fields, type.subtype(), value);
        }
        List<Parameter> parameters = new ArrayList<>(type.parameters().list());
        parameters.removeIf(parameter -> parameter.name().equals("charset"));
        if (type.isText()) {
            parameters.add(new Parameter("charset", "utf-8"));
        }
        String lines = type.isText() ? value.replace("\r\n", "\n").replace("\n", "\r\n") : value;
        return new Entity.Data(
                fields,
                new ContentType(type.type(), type.subtype(), new Parameters(parameters)),
                Octets.of(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private String value(String partId) {
        Json values = email.get("bodyValues").orElse(Json.NULL);
        Json value = values instanceof Json.Obj object ? object.get(partId).orElse(Json.NULL) : Json.NULL;
        if (!(value instanceof Json.Obj found
                && found.get("value").orElse(Json.NULL) instanceof Json.Text(String text))) {
            throw SetError.invalidProperties("there is no value of the part " + partId, "bodyValues");
        }
        for (String flag : List.of("isEncodingProblem", "isTruncated")) {
            if (found.get(flag).filter(its -> !its.equals(Json.of(false))).isPresent()) {
                throw SetError.invalidProperties("a new body has no " + flag, "bodyValues");
            }
        }
        return text;
    }

    // ---- the body as we lay it out -----------------------------------------------------------------------------

    /// Text and HTML are alternatives; pictures that the HTML shows are related to it; the rest is mixed with both.
    private Entity laidOut() {
        Optional<Entity> text = only("textBody", "text/plain");
        Optional<Entity> html = only("htmlBody", "text/html");
        List<Entity> related = new ArrayList<>();
        List<Entity> mixed = new ArrayList<>();
        for (Json item : email.has("attachments")
                ? array(email.get("attachments").orElse(Json.NULL), "attachments")
                : List.<Json>of()) {
            Json.Obj part = object(item, "attachments");
            boolean isInline = html.isPresent()
                    && part.get("cid").orElse(Json.NULL) instanceof Json.Text
                    && part.get("disposition").orElse(Json.NULL).equals(Json.of("inline"));
            (isInline ? related : mixed).add(part(attachment(part), "attachments", "", 1));
        }
        Optional<Entity> page = related.isEmpty() ? html : html.map(root -> together("related", root, related));
        Optional<Entity> body = text.isPresent() && page.isPresent()
                ? Optional.of(together("alternative", text.get(), List.of(page.get())))
                : text.or(() -> page);
        if (mixed.isEmpty()) {
            return body.orElseGet(() -> Entity.Text.plain(""));
        }
        return body.isPresent()
                ? together("mixed", body.get(), mixed)
                : new Entity.Multipart(List.of(), "mixed", List.of(), mixed);
    }

    private static Entity together(String subtype, Entity first, List<Entity> others) {
        List<Entity> all = new ArrayList<>();
        all.add(first);
        all.addAll(others);
        // RFC 2387 §3.1: a related multipart says the type of its root.
        List<Parameter> parameters =
                subtype.equals("related") ? List.of(new Parameter("type", "text/html")) : List.of();
        return new Entity.Multipart(List.of(), subtype, parameters, all);
    }

    /// An attachment is one unless it says otherwise.
    private static Json.Obj attachment(Json.Obj part) {
        if (part.get("disposition")
                .filter(value -> !(value instanceof Json.Null))
                .isPresent()) {
            return part;
        }
        Json.Building with = Json.object();
        part.members().forEach(with::put);
        return with.put("disposition", "attachment").build();
    }

    /// RFC 8621 §4.6: one part of that very type.
    private Optional<Entity> only(String property, String type) {
        Optional<Json> list = email.get(property).filter(value -> !(value instanceof Json.Null));
        if (list.isEmpty()) {
            return Optional.empty();
        }
        List<Json> items = array(list.get(), property);
        if (items.size() != 1) {
            throw SetError.invalidProperties(property + " has one part", property);
        }
        Json.Obj part = object(items.getFirst(), property);
        if (part.get("type")
                .filter(its -> !its.equals(Json.of(type)) && !(its instanceof Json.Null))
                .isPresent()) {
            throw SetError.invalidProperties(property + " is " + type, property);
        }
        return Optional.of(part(part, property, type, 1));
    }

    // ---- reading -----------------------------------------------------------------------------------------------

    /// Null is as good as absent.
    private static boolean has(Json.Obj part, String name) {
        return part.get(name).filter(value -> !(value instanceof Json.Null)).isPresent();
    }

    private static Json.Obj object(Json value, String property) {
        if (value instanceof Json.Obj object) {
            return object;
        }
        throw SetError.invalidProperties("a part is an object", property);
    }

    private static List<Json> array(Json value, String property) {
        if (value instanceof Json.Arr(List<Json> items)) {
            return items;
        }
        throw SetError.invalidProperties(property + " holds an array", property);
    }

    private static String text(Json value, String property) {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw SetError.invalidProperties(property + " holds a string", property);
    }

    private static Optional<String> optionalText(Json.Obj part, String name, String property) {
        return part.get(name).filter(value -> !(value instanceof Json.Null)).map(value -> text(value, property));
    }
}
