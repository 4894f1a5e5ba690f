package tamanoir.server.jmap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Unavailable;

/// `urn:ietf:params:jmap:blob` (RFC 9404): small blobs inside the methods themselves, put together from
/// pieces, read in ranges and with digests, and found again in the mail that holds them.
public final class BlobCapability implements Capability {
    private static final int MOST_SOURCES = 64;

    /// Octets that one answer may hold; larger blobs have their own download.
    private static final long MOST_IN_ANSWER = 10L << 20;

    private static final Map<String, String> DIGESTS =
            Map.of("sha", "SHA-1", "sha-256", "SHA-256", "sha-512", "SHA-512");
    private static final Set<String> TYPES = Set.of("Mailbox", "Thread", "Email");

    private final AccountBlobs blobs;
    private final Mailboxes mailboxes;
    private final JmapSettings settings;

    public BlobCapability(AccountBlobs blobs, Mailboxes mailboxes, JmapSettings settings) {
        this.blobs = blobs;
        this.mailboxes = mailboxes;
        this.settings = settings;
    }

    @Override
    public String uri() {
        return "urn:ietf:params:jmap:blob";
    }

    @Override
    public Json.Obj ofServer() {
        return Json.Obj.EMPTY;
    }

    /// RFC 9404 §3.
    @Override
    public Json.Obj ofAccount(Account account) {
        return Json.object()
                .put("maxSizeBlobSet", settings.maxSizeUpload())
                .put("maxDataSources", MOST_SOURCES)
                .put("supportedTypeNames", sorted(TYPES))
                .put("supportedDigestAlgorithms", sorted(DIGESTS.keySet()))
                .build();
    }

    private static Json.Arr sorted(Set<String> names) {
        return Json.Arr.ofTexts(names.stream().sorted().toList());
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of("Blob/upload", this::upload, "Blob/get", this::get, "Blob/lookup", this::lookup);
    }

    @Override
    public Map<String, String> states(Account account) {
        return Map.of();
    }

    // ---- Blob/upload (§4.1) ----------------------------------------------------------------------------------

    private Json.Obj upload(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Map<String, Json.Obj> create = arguments.objects("create");
        arguments.end();
        if (create.size() > settings.maxObjectsInSet()) {
            throw new MethodError("requestTooLarge", "at most " + settings.maxObjectsInSet() + " blobs at once");
        }
        AccountId account = call.caller().account().id();
        Map<String, Json> created = new LinkedHashMap<>();
        Map<String, Json> notCreated = new LinkedHashMap<>();
        create.forEach((creation, given) -> {
            try {
                Uploads.Upload upload = upload(call, account, given);
                call.createdIds().put(creation, upload.blobId());
                created.put(
                        creation,
                        Json.object()
                                .put("id", upload.blobId())
                                .put("type", upload.type())
                                .put("size", upload.body().size())
                                .build());
            } catch (SetError e) {
                notCreated.put(creation, e.asJson());
            } catch (RequestError e) {
                notCreated.put(creation, new SetError("tooLarge", String.valueOf(e.getMessage())).asJson());
            }
        });
        return Json.object()
                .put("accountId", Ids.of(account))
                .put("created", created.isEmpty() ? Json.NULL : new Json.Obj(created))
                .put("notCreated", notCreated.isEmpty() ? Json.NULL : new Json.Obj(notCreated))
                .build();
    }

    private Uploads.Upload upload(Call call, AccountId account, Json.Obj given) {
        for (String name : given.members().keySet()) {
            if (!name.equals("data") && !name.equals("type")) {
                throw SetError.invalidProperties("an upload has data and type", name);
            }
        }
        if (!(given.get("data").orElse(Json.NULL) instanceof Json.Arr(List<Json> sources))) {
            throw SetError.invalidProperties("data is an array of sources", "data");
        }
        if (sources.size() > MOST_SOURCES) {
            throw new SetError("tooManyDataSources", "a blob is put together from at most " + MOST_SOURCES);
        }
        List<InputStream> streams = new ArrayList<>();
        try {
            for (Json source : sources) {
                streams.add(source(call, account, source));
            }
            String type = given.get("type").orElse(Json.NULL) instanceof Json.Text(String text)
                    ? text
                    : "application/octet-stream";
            try (InputStream all = new SequenceInputStream(Collections.enumeration(streams))) {
                return blobs.uploads().keep(account, type, all);
            }
        } catch (IOException e) {
            throw new Unavailable("a blob cannot be read at the moment", String.valueOf(e), e);
        }
    }

    /// One DataSourceObject.
    private InputStream source(Call call, AccountId account, Json given) throws IOException {
        if (!(given instanceof Json.Obj source)) {
            throw SetError.invalidProperties("a source of data is an object", "data");
        }
        if (source.get("data:asText").orElse(Json.NULL) instanceof Json.Text(String text)) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
        if (source.get("data:asBase64").orElse(Json.NULL) instanceof Json.Text(String text)) {
            try {
                return new ByteArrayInputStream(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                throw SetError.invalidProperties("this is not base64", "data");
            }
        }
        if (source.get("blobId").orElse(Json.NULL) instanceof Json.Text(String id)) {
            Jmap.Download blob = blobs.find(account, call.resolved(id))
                    .orElseThrow(() -> new SetError("blobNotFound", "there is no blob " + id));
            long offset = number(source, "offset").orElse(0);
            long length = number(source, "length").orElse(blob.size() - offset);
            if (offset > blob.size() || length < 0 || length > blob.size() - offset) {
                throw SetError.invalidProperties("the blob " + id + " has " + blob.size() + " octets", "data");
            }
            InputStream in = blob.content().open();
            in.skipNBytes(offset);
            return new Limited(in, length);
        }
        throw SetError.invalidProperties("a source of data has a text, base64 or a blob", "data");
    }

    private static OptionalLong number(Json.Obj source, String name) {
        return switch (source.get(name).orElse(Json.NULL)) {
            case Json.Null _ -> OptionalLong.empty();
            case Json.Int(long number) when number >= 0 -> OptionalLong.of(number);
            case Json.Int _, Json.Bool _, Json.Real _, Json.Text _, Json.Arr _, Json.Obj _ ->
                throw SetError.invalidProperties(name + " is a number of octets", "data");
        };
    }

    /// The first octets of a stream. Used by one thread.
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] array, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(array, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    // ---- Blob/get (§4.2) -------------------------------------------------------------------------------------

    private Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Set<String> ids = arguments.ids("ids").orElseThrow(() -> Arguments.missing("ids"));
        Set<String> properties = arguments.ids("properties").orElse(Set.of("data", "size"));
        long offset = arguments.unsigned("offset").orElse(0);
        OptionalLong length = arguments.unsigned("length");
        arguments.end();
        if (ids.size() > settings.maxObjectsInGet()) {
            throw new MethodError("requestTooLarge", "at most " + settings.maxObjectsInGet() + " blobs at once");
        }
        AccountId account = call.caller().account().id();
        List<Json> list = new ArrayList<>();
        List<String> notFound = new ArrayList<>();
        long[] room = {MOST_IN_ANSWER};
        for (String id : ids) {
            Optional<Jmap.Download> blob = blobs.find(account, call.resolved(id));
            if (blob.isPresent()) {
                list.add(show(id, blob.get(), properties, offset, length, room));
            } else {
                notFound.add(id);
            }
        }
        return Json.object()
                .put("accountId", Ids.of(account))
                .put("list", list)
                .put("notFound", Json.Arr.ofTexts(notFound))
                .build();
    }

    private static Json.Obj show(
            String id, Jmap.Download blob, Set<String> properties, long offset, OptionalLong length, long[] room) {
        Json.Building shown = Json.object().put("id", id);
        long from = Math.min(offset, blob.size());
        long wanted = Math.min(length.orElse(blob.size() - from), blob.size() - from);
        boolean truncated = offset > blob.size() || (length.isPresent() && length.getAsLong() > blob.size() - from);
        boolean data = properties.stream().anyMatch(property -> property.startsWith("data"));
        byte[] octets = {};
        if (data) {
            room[0] -= wanted;
            if (room[0] < 0) {
                throw new MethodError(
                        "requestTooLarge", "the answer would be too large; download the blob, or ask for less of it");
            }
            octets = read(blob, from, (int) wanted);
        }
        Optional<String> text = data ? utf8(octets) : Optional.empty();
        for (String property : properties) {
            switch (property) {
                case "id" -> {}
                case "size" -> shown.put("size", blob.size());
                case "data:asText" -> shown.put(property, Json.orNull(text.map(Json::of)));
                case "data:asBase64" -> shown.put(property, base64(octets));
                case "data" -> {
                    // RFC 9404 §4.2: as text where it is, else as base64.
                    if (text.isPresent()) {
                        shown.put("data:asText", text.get());
                    } else {
                        shown.put("data:asBase64", base64(octets));
                    }
                }
                default -> shown.put(property, digest(property, blob, from, wanted));
            }
        }
        if (data && text.isEmpty() && properties.stream().anyMatch(p -> p.equals("data") || p.equals("data:asText"))) {
            shown.put("isEncodingProblem", true);
        }
        if (truncated) {
            shown.put("isTruncated", true);
        }
        return shown.build();
    }

    private static byte[] read(Jmap.Download blob, long from, int length) {
        try (InputStream in = blob.content().open()) {
            in.skipNBytes(from);
            return in.readNBytes(length);
        } catch (IOException e) {
            throw new Unavailable("a blob cannot be read at the moment", String.valueOf(e), e);
        }
    }

    private static Optional<String> utf8(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private static String digest(String property, Jmap.Download blob, long from, long length) {
        String name = property.startsWith("digest:") ? property.substring(7) : "";
        String algorithm = DIGESTS.get(name);
        if (algorithm == null) {
            throw MethodError.invalidArguments("a blob has no property " + property);
        }
        try (InputStream in = blob.content().open()) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            in.skipNBytes(from);
            byte[] buffer = new byte[16 * 1024];
            for (long left = length; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    break;
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            return base64(digest.digest());
        } catch (IOException e) {
            throw new Unavailable("a blob cannot be read at the moment", String.valueOf(e), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    // ---- Blob/lookup (§4.3) ----------------------------------------------------------------------------------

    private Json.Obj lookup(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Set<String> types = arguments.ids("typeNames").orElseThrow(() -> Arguments.missing("typeNames"));
        Set<String> ids = arguments.ids("ids").orElseThrow(() -> Arguments.missing("ids"));
        arguments.end();
        for (String type : types) {
            if (!TYPES.contains(type)) {
                throw new MethodError("unknownDataType", "blobs are not looked up in " + type);
            }
        }
        if (ids.size() > settings.maxObjectsInGet()) {
            throw new MethodError("requestTooLarge", "at most " + settings.maxObjectsInGet() + " blobs at once");
        }
        AccountId account = call.caller().account().id();
        List<Json> list = new ArrayList<>();
        List<String> notFound = new ArrayList<>();
        for (String id : ids) {
            if (blobs.find(account, id).isPresent()) {
                list.add(Json.object()
                        .put("id", id)
                        .put("matchedIds", matched(mailboxes.open(account), id, types))
                        .build());
            } else {
                notFound.add(id);
            }
        }
        return Json.object()
                .put("accountId", Ids.of(account))
                .put("list", list)
                .put("notFound", Json.Arr.ofTexts(notFound))
                .build();
    }

    /// A blob of a message, or of a part in it, belongs to that message; an upload to nobody yet.
    private static Json.Obj matched(AccountMail mail, String id, Set<String> types) {
        Optional<MessageId> message = Ids.number('b', id.split("-", 2)[0]).map(MessageId::new);
        Json.Building matched = Json.object();
        for (String type : types) {
            Set<String> found = new LinkedHashSet<>();
            message.ifPresent(email -> {
                switch (type) {
                    case "Email" -> found.add(Ids.of(email));
                    case "Thread" -> found.add(Ids.of(mail.threadOf(email)));
                    default -> mail.mailboxesOf(email).forEach(mailbox -> found.add(Ids.of(mailbox)));
                }
            });
            matched.put(type, Json.Arr.ofTexts(found));
        }
        return matched.build();
    }
}
