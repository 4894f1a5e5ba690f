package tamanoir.server.jmap;

import java.util.Arrays;
import tamanoir.mail.jmap.Json;

/// Why one object of a `/set` was not created, updated or destroyed (RFC 8620 §5.3). Thrown while one object is made
/// and caught where its answer is put together.
public final class SetError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final transient Json.Obj more;

    public SetError(String type, String description) {
        this(type, description, Json.Obj.EMPTY);
    }

    public SetError(String type, String description, Json.Obj more) {
        super(description, null, false, false);
        this.type = type;
        this.more = more;
    }

    public static SetError invalidProperties(String description, String... properties) {
        return new SetError(
                "invalidProperties",
                description,
                Json.object()
                        .put("properties", Json.Arr.ofTexts(Arrays.asList(properties)))
                        .build());
    }

    public static SetError notFound() {
        return new SetError("notFound", "there is no object of that id");
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
