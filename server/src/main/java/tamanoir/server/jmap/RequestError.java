package tamanoir.server.jmap;

import tamanoir.mail.jmap.Json;

/// A request that cannot be taken as a whole: a problem details object (RFC 8620 §3.6.1, RFC 7807).
public final class RequestError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final int status;
    private final transient Json.Obj more;

    /// @param type the last word, such as `notRequest`
    /// @param status of HTTP
    public RequestError(String type, int status, String detail, Json.Obj more) {
        super(detail, null, false, false);
        this.type = type;
        this.status = status;
        this.more = more;
    }

    /// RFC 8620 §3.6.1: `limit` names which of the capability object's limits it is.
    static RequestError limit(String limit, String detail) {
        return new RequestError(
                "limit", 400, detail, Json.object().put("limit", limit).build());
    }

    public int status() {
        return status;
    }

    public Json.Obj asJson() {
        Json.Building problem = Json.object()
                .put("type", "urn:ietf:params:jmap:error:" + type)
                .put("status", status)
                .put("detail", String.valueOf(getMessage()));
        more.members().forEach(problem::put);
        return problem.build();
    }
}
