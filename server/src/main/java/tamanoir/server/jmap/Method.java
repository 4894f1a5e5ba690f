package tamanoir.server.jmap;

import tamanoir.mail.jmap.Json;

/// One method: arguments in, the arguments of its response out.
@FunctionalInterface
public interface Method {
    /// @throws MethodError when it cannot be done as asked (RFC 8620 §3.6.2)
    Json.Obj call(Call call, Json.Obj arguments);
}
