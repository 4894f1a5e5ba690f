package tamanoir.server.jmap;

import tamanoir.mail.jmap.Json;

/// What a method answers instead of a result (RFC 8620 §3.6.2). The description is read by the client's author.
public final class MethodError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final transient Json.Obj more;

    public MethodError(String type, String description) {
        this(type, description, Json.Obj.EMPTY);
    }

    /// `more` are further members of the error object.
    public MethodError(String type, String description, Json.Obj more) {
        super(description, null, false, false);
        this.type = type;
        this.more = more;
    }

    public static MethodError invalidArguments(String description) {
        return new MethodError("invalidArguments", description);
    }

    public String type() {
        return type;
    }

    public Json.Obj asJson() {
        Json.Building error = Json.object().put("type", type).put("description", String.valueOf(getMessage()));
        more.members().forEach(error::put);
        return error.build();
    }
}
