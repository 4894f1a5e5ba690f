package tamanoir.server.web;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.Jmap;

/// What the paths beside JMAP ask about one mail: by the same method that clients use, with the same rights.
final class Emails {
    private final Jmap jmap;

    Emails(Jmap jmap) {
        this.jmap = jmap;
    }

    /// These properties of the mail (Email/get, RFC 8621 §4.2); empty when there is no such mail.
    Optional<Json.Obj> get(Visitor visitor, String email, List<String> properties) {
        Json.Obj request = Json.object()
                .put("using", Json.Arr.ofTexts(List.of("urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail")))
                .put(
                        "methodCalls",
                        List.of(new Json.Arr(List.of(
                                Json.of("Email/get"),
                                Json.object()
                                        .put(
                                                "accountId",
                                                Ids.of(visitor.caller()
                                                        .account()
                                                        .id()))
                                        .put("ids", Json.Arr.ofTexts(List.of(email)))
                                        .put("properties", Json.Arr.ofTexts(properties))
                                        .build(),
                                Json.of("0")))))
                .build();
        Json.Obj answer = jmap.answer(visitor.caller(), request);
        if (answer.get("methodResponses").orElse(Json.NULL) instanceof Json.Arr(List<Json> responses)
                && responses.getFirst() instanceof Json.Arr(List<Json> response)
                && response.get(1) instanceof Json.Obj arguments
                && arguments.get("list").orElse(Json.NULL) instanceof Json.Arr(List<Json> list)
                && !list.isEmpty()
                && list.getFirst() instanceof Json.Obj found) {
            return Optional.of(found);
        }
        return Optional.empty();
    }
}
