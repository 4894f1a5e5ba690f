package tamanoir.server.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.ResultReferences.Response;
import tamanoir.server.json.JsonText;

/// The JMAP service. Used by any number of threads; the only thing that changes is how many requests of an
/// account are under way.
public final class Jmap {
    private static final Set<String> REQUEST = Set.of("using", "methodCalls", "createdIds");

    private final JmapSettings settings;
    private final AccountBlobs blobs;
    private final List<Capability> capabilities;
    private final Map<String, Owned> methods;
    private final JsonText text;
    private final Counted requests;
    private final Counted uploads;

    /// A method and the capability that must be named in `using` before it can be called.
    private record Owned(String capability, Method method) {}

    /// `capabilities` are all but `urn:ietf:params:jmap:core`, which is here.
    public Jmap(JmapSettings settings, AccountBlobs blobs, List<Capability> capabilities) {
        this.settings = settings;
        this.blobs = blobs;
        List<Capability> all = new ArrayList<>();
        all.add(new CoreCapability(settings, blobs));
        all.addAll(capabilities);
        this.capabilities = List.copyOf(all);
        Map<String, Owned> byName = new HashMap<>();
        for (Capability capability : all) {
            capability.methods().forEach((name, method) -> {
                if (byName.put(name, new Owned(capability.uri(), method)) != null) {
                    throw new IllegalStateException("two capabilities bring " + name);
                }
            });
        }
        this.methods = Map.copyOf(byName);
        this.text = new JsonText(settings.maxSizeRequest());
        this.requests = new Counted(settings.maxConcurrentRequests());
        this.uploads = new Counted(settings.maxConcurrentUpload());
    }

    public JmapSettings settings() {
        return settings;
    }

    List<Capability> capabilities() {
        return capabilities;
    }

    // ---- the session -----------------------------------------------------------------------------------------

    /// The session object (RFC 8620 §2); `base` is the address of the server as the client sees it, such as
    /// `https://mail.example.com`.
    public Json.Obj session(Caller caller, String base) {
        Account account = caller.account();
        String id = Ids.of(account.id());
        Json.Building offered = Json.object();
        Json.Building primary = Json.object();
        Json.Building ofAccount = Json.object();
        Set<String> said = new HashSet<>();
        for (Capability capability : capabilities) {
            if (!said.add(capability.uri())) {
                continue; // it brings more methods of a capability that has spoken already
            }
            offered.put(capability.uri(), capability.ofServer(base));
            capability.ofAccountIfAny(account).ifPresent(its -> {
                ofAccount.put(capability.uri(), its);
                primary.put(capability.uri(), id);
            });
        }
        String name = account.address().toString();
        Json.Obj accounts = Json.object()
                .put(
                        id,
                        Json.object()
                                .put("name", name)
                                .put("isPersonal", true)
                                .put("isReadOnly", false)
                                .put("accountCapabilities", ofAccount.build())
                                .build())
                .build();
        return Json.object()
                .put("capabilities", offered.build())
                .put("accounts", accounts)
                .put("primaryAccounts", primary.build())
                .put("username", name)
                .put("apiUrl", base + "/jmap/api")
                .put("downloadUrl", base + "/jmap/download/{accountId}/{blobId}/{name}?accept={type}")
                .put("uploadUrl", base + "/jmap/upload/{accountId}/")
                .put("eventSourceUrl", base + "/jmap/events?types={types}&closeafter={closeafter}&ping={ping}")
                .put("state", sessionState(account))
                .build();
    }

    /// Differs when anything in the session object does (RFC 8620 §2), except the address the client came by.
    private String sessionState(Account account) {
        int hash = account.address().hashCode();
        for (Capability capability : capabilities) {
            hash = 31 * hash + capability.uri().hashCode();
            hash = 31 * hash + capability.ofServer().hashCode();
            hash = 31 * hash + capability.ofAccountIfAny(account).hashCode();
        }
        return Ids.spell('s', hash & 0xFFFF_FFFFL);
    }

    // ---- requests --------------------------------------------------------------------------------------------

    /// Answers the request that the stream holds.
    ///
    /// @throws RequestError when the request as a whole cannot be taken (§3.6.1)
    /// @throws IOException when the stream fails
    public Json.Obj answer(Caller caller, InputStream body) throws IOException {
        byte[] octets = body.readNBytes((int) Math.min(settings.maxSizeRequest() + 1, Integer.MAX_VALUE - 8));
        if (octets.length > settings.maxSizeRequest()) {
            throw RequestError.limit(
                    "maxSizeRequest", "a request has at most " + settings.maxSizeRequest() + " octets");
        }
        Json request;
        try {
            request = text.read(octets);
        } catch (BadSyntax e) {
            throw new RequestError("notJSON", 400, String.valueOf(e.getMessage()), Json.Obj.EMPTY);
        }
        return answer(caller, request);
    }

    /// Answers one request (RFC 8620 §3.3, §3.4).
    ///
    /// @throws RequestError when the request as a whole cannot be taken (§3.6.1)
    public Json.Obj answer(Caller caller, Json request) {
        if (!requests.enter(caller.account().id())) {
            throw RequestError.limit(
                    "maxConcurrentRequests",
                    "at most " + settings.maxConcurrentRequests() + " requests of an account are answered at once");
        }
        try {
            return answerNow(caller, request);
        } finally {
            requests.leave(caller.account().id());
        }
    }

    private Json.Obj answerNow(Caller caller, Json request) {
        if (!(request instanceof Json.Obj object)) {
            throw notRequest("a request is an object");
        }
        Set<String> using = using(object);
        List<Response> calls = calls(object);
        boolean tellsIds = object.get("createdIds")
                .filter(ids -> !(ids instanceof Json.Null))
                .isPresent();
        Exchange exchange = new Exchange(caller, (name, isOurs) -> method(name, isOurs, using), createdIds(object));
        calls.forEach(call -> exchange.call(call.name(), call.arguments(), call.callId()));
        Json.Building answer = Json.object()
                .put(
                        "methodResponses",
                        exchange.responses().stream().map(Response::asJson).toList());
        if (tellsIds) {
            Map<String, Json> ids = new LinkedHashMap<>();
            exchange.createdIds().forEach((creation, id) -> ids.put(creation, Json.of(id)));
            answer.put("createdIds", new Json.Obj(ids));
        }
        return answer.put("sessionState", sessionState(caller.account())).build();
    }

    private Method method(String name, boolean isOurs, Set<String> using) {
        Owned owned = methods.get(name);
        // RFC 8620 §3.3: what a capability brings is there only for requests that name it.
        if (owned == null || !(isOurs || using.contains(owned.capability))) {
            throw new MethodError(
                    "unknownMethod",
                    owned == null
                            ? "there is no method of that name"
                            : "this method needs " + owned.capability + " in using");
        }
        return owned.method;
    }

    private Set<String> using(Json.Obj request) {
        if (!(request.get("using").orElse(Json.NULL) instanceof Json.Arr(List<Json> items))) {
            throw notRequest("a request has an array of strings, using");
        }
        for (String member : request.members().keySet()) {
            if (!REQUEST.contains(member) && !member.equals("@type")) {
                throw notRequest("a request has no member " + member);
            }
        }
        Set<String> using = new HashSet<>();
        for (Json item : items) {
            if (!(item instanceof Json.Text(String uri))) {
                throw notRequest("a request has an array of strings, using");
            }
            if (capabilities.stream().noneMatch(capability -> capability.uri().equals(uri))) {
                throw new RequestError("unknownCapability", 400, "this server does not know " + uri, Json.Obj.EMPTY);
            }
            using.add(uri);
        }
        return using;
    }

    private List<Response> calls(Json.Obj request) {
        if (!(request.get("methodCalls").orElse(Json.NULL) instanceof Json.Arr(List<Json> items))) {
            throw notRequest("a request has an array of calls, methodCalls");
        }
        List<Response> calls = new ArrayList<>(items.size());
        for (Json item : items) {
            if (!(item instanceof Json.Arr(List<Json> parts)
                    && parts.size() == 3
                    && parts.get(0) instanceof Json.Text(String name)
                    && parts.get(1) instanceof Json.Obj arguments
                    && parts.get(2) instanceof Json.Text(String callId))) {
                throw notRequest("a call is an array of a name, an object of arguments and a call id");
            }
            calls.add(new Response(name, arguments, callId));
        }
        if (calls.size() > settings.maxCallsInRequest()) {
            throw RequestError.limit(
                    "maxCallsInRequest", "a request has at most " + settings.maxCallsInRequest() + " calls");
        }
        return calls;
    }

    private static Map<String, String> createdIds(Json.Obj request) {
        Map<String, String> ids = new LinkedHashMap<>();
        switch (request.get("createdIds").orElse(Json.NULL)) {
            case Json.Null _ -> {}
            case Json.Obj object ->
                object.members().forEach((creation, id) -> {
                    if (!(id instanceof Json.Text(String text))) {
                        throw notRequest("createdIds maps creation ids to ids");
                    }
                    ids.put(creation, text);
                });
            case Json.Bool _, Json.Int _, Json.Real _, Json.Text _, Json.Arr _ ->
                throw notRequest("createdIds maps creation ids to ids");
        }
        return ids;
    }

    private static RequestError notRequest(String detail) {
        return new RequestError("notRequest", 400, detail, Json.Obj.EMPTY);
    }

    // ---- blobs -----------------------------------------------------------------------------------------------

    /// Keeps an upload (§6.1) and answers `accountId`, `blobId`, `type`, `size`.
    ///
    /// @throws RequestError when it is too large, or there is no such account
    public Json.Obj upload(Caller caller, String account, String type, InputStream body) throws IOException {
        if (!account.equals(Ids.of(caller.account().id()))) {
            throw new RequestError(
                    "notFound", 404, "there is no account of that id, or it is not yours", Json.Obj.EMPTY);
        }
        if (!uploads.enter(caller.account().id())) {
            throw RequestError.limit(
                    "maxConcurrentUpload",
                    "at most " + settings.maxConcurrentUpload() + " uploads of an account are taken at once");
        }
        try {
            Uploads.Upload upload = blobs.uploads().keep(caller.account().id(), type, body);
            return Json.object()
                    .put("accountId", account)
                    .put("blobId", upload.blobId())
                    .put("type", upload.type())
                    .put("size", upload.body().size())
                    .build();
        } finally {
            uploads.leave(caller.account().id());
        }
    }

    /// What a blob holds (§6.2): a whole message, a part of one decoded, or an upload.
    public Optional<Download> download(Caller caller, String account, String blob) {
        return account.equals(Ids.of(caller.account().id()))
                ? blobs.find(caller.account().id(), blob)
                : Optional.empty();
    }

    /// @param type as the message says it; nothing to be trusted
    public record Download(String type, Optional<String> name, long size, Content content) {}

    /// Opens the octets; may be called again for another range.
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    // ---- changes ---------------------------------------------------------------------------------------------

    /// The states of all types now: `changed` of a StateChange object (§7.1), of the caller's account.
    public Map<String, String> states(Caller caller) {
        Map<String, String> states = new TreeMap<>();
        capabilities.forEach(capability -> states.putAll(capability.states(caller.account())));
        return states;
    }

    /// Tells `onChange` when a state may have changed; a hint, it only wakes someone.
    public AutoCloseable watch(Caller caller, Runnable onChange) {
        List<Capability.Watch> watches = new ArrayList<>();
        try {
            for (Capability capability : capabilities) {
                capability.watch(caller.account(), onChange).ifPresent(watches::add);
            }
        } catch (RuntimeException e) {
            watches.forEach(Capability.Watch::close);
            throw e;
        }
        return () -> watches.forEach(Capability.Watch::close);
    }
}
