package tamanoir.server.jmap;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;

/// `urn:ietf:params:jmap:core` (RFC 8620 §2, §4, §6.3).
final class CoreCapability implements Capability {
    static final String URI = "urn:ietf:params:jmap:core";

    /// What `sort` may compare by (RFC 4790); ours are those of IMAP's SORT too.
    static final Set<String> COLLATIONS = Set.of("i;ascii-casemap", "i;octet", "i;unicode-casemap");

    private final JmapSettings settings;
    private final AccountBlobs blobs;

    CoreCapability(JmapSettings settings, AccountBlobs blobs) {
        this.settings = settings;
        this.blobs = blobs;
    }

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public Json.Obj ofServer() {
        return Json.object()
                .put("maxSizeUpload", settings.maxSizeUpload())
                .put("maxConcurrentUpload", settings.maxConcurrentUpload())
                .put("maxSizeRequest", settings.maxSizeRequest())
                .put("maxConcurrentRequests", settings.maxConcurrentRequests())
                .put("maxCallsInRequest", settings.maxCallsInRequest())
                .put("maxObjectsInGet", settings.maxObjectsInGet())
                .put("maxObjectsInSet", settings.maxObjectsInSet())
                .put(
                        "collationAlgorithms",
                        Json.Arr.ofTexts(COLLATIONS.stream().sorted().toList()))
                .build();
    }

    @Override
    public Json.Obj ofAccount(Account account) {
        return Json.Obj.EMPTY;
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of("Core/echo", (_, arguments) -> arguments, "Blob/copy", this::copyBlobs);
    }

    @Override
    public Map<String, String> states(Account account) {
        return Map.of();
    }

    /// RFC 8620 §6.3. One account is all that a caller sees, so what is there is copied already.
    private Json.Obj copyBlobs(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json);
        String from = arguments.text("fromAccountId");
        arguments.inAccountOf(call.caller());
        Set<String> ids = arguments.ids("blobIds").orElseThrow(() -> Arguments.missing("blobIds"));
        arguments.end();
        String account = Ids.of(call.caller().account().id());
        if (!from.equals(account)) {
            throw new MethodError("fromAccountNotFound", "there is no account of that id, or it is not yours");
        }
        if (ids.size() > settings.maxObjectsInSet()) {
            throw new MethodError("requestTooLarge", "at most " + settings.maxObjectsInSet() + " blobs at once");
        }
        Map<String, Json> copied = new LinkedHashMap<>();
        Map<String, Json> notCopied = new LinkedHashMap<>();
        for (String id : ids) {
            if (blobs.find(call.caller().account().id(), id).isPresent()) {
                copied.put(id, Json.of(id));
            } else {
                notCopied.put(id, new SetError("notFound", "there is no blob of that id").asJson());
            }
        }
        return Json.object()
                .put("fromAccountId", from)
                .put("accountId", account)
                .put("copied", copied.isEmpty() ? Json.NULL : new Json.Obj(copied))
                .put("notCopied", notCopied.isEmpty() ? Json.NULL : new Json.Obj(notCopied))
                .build();
    }
}
