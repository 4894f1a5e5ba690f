package tamanoir.server.jmap;

import java.util.Map;
import tamanoir.mail.jmap.Json;

/// What a method may know of the request it is part of. One thread.
public interface Call {
    Caller caller();

    /// Ids made earlier in this request by their creation id (RFC 8620 §3.3); methods add theirs.
    Map<String, String> createdIds();

    /// The id itself or, behind a `#`, the one of what was made under that creation id (RFC 8620 §5.3).
    default String resolved(String id) {
        return id.startsWith("#") ? createdIds().getOrDefault(id.substring(1), id) : id;
    }

    /// Calls another method at once and adds its response behind the one of this method, under the same call id
    /// (onSuccessUpdateEmail, RFC 8621 §7.5; onSuccessDestroyOriginal, RFC 8620 §5.4).
    void then(String method, Json.Obj arguments);
}
