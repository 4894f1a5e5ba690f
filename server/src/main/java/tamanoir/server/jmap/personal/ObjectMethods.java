package tamanoir.server.jmap.personal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.personal.Changes;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;

/// The methods that every type has (RFC 8620 §5.1 to §5.3).
final class ObjectMethods {
    private final Shelf shelf;

    ObjectMethods(Shelf shelf) {
        this.shelf = shelf;
    }

    Map<String, Method> methods() {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put(shelf.type().name() + "/get", this::get);
        methods.put(shelf.type().name() + "/changes", this::changes);
        methods.put(shelf.type().name() + "/set", new ObjectSet(shelf));
        return methods;
    }

    Json.Obj get(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        Optional<Set<String>> ids = arguments.ids("ids");
        Optional<Set<String>> properties = arguments.ids("properties");
        arguments.end();
        shelf.check(properties);
        int most = shelf.settings().maxObjectsInGet();
        if (ids.isPresent() && ids.get().size() > most) {
            throw new MethodError("requestTooLarge", "at most " + most + " objects at once");
        }
        PersonalAccount account = shelf.open(call.caller().account());
        return account.read(reading -> {
            if (ids.isEmpty() && reading.count(shelf.type().kind()) > most) {
                throw new MethodError("requestTooLarge", "there are more than " + most + "; ask for some by id");
            }
            List<Json> list = new ArrayList<>();
            List<String> notFound = new ArrayList<>();
            if (ids.isEmpty()) {
                for (Stored stored : reading.all(shelf.type().kind())) {
                    list.add(shelf.shown(stored, properties));
                }
            } else {
                for (String id : ids.get()) {
                    reading.find(shelf.type().kind(), id)
                            .ifPresentOrElse(
                                    stored -> list.add(shelf.shown(stored, properties)), () -> notFound.add(id));
                }
            }
            return Json.object()
                    .put("accountId", call.caller().account().id().toString())
                    .put("state", Long.toString(reading.state(shelf.type().kind())))
                    .put("list", list)
                    .put("notFound", Json.Arr.ofTexts(notFound))
                    .build();
        });
    }

    Json.Obj changes(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        String since = arguments.text("sinceState");
        long wanted = arguments.unsigned("maxChanges").orElse(shelf.settings().maxObjectsInGet());
        arguments.end();
        if (wanted == 0) {
            throw MethodError.invalidArguments("maxChanges must be more than 0"); // RFC 8620 §5.2
        }
        int most = (int) Math.min(wanted, shelf.settings().maxObjectsInGet());
        long version = Shelf.version(since);
        Changes changes = shelf.open(call.caller().account())
                .read(reading -> reading.changesSince(shelf.type().kind(), version, most))
                .orElseThrow(() -> new MethodError(
                        "cannotCalculateChanges", "the changes since then are not known any more; ask for all again"));
        return Json.object()
                .put("accountId", call.caller().account().id().toString())
                .put("oldState", since)
                .put("newState", Long.toString(changes.upTo()))
                .put("hasMoreChanges", changes.more())
                .put("created", Json.Arr.ofTexts(changes.created()))
                .put("updated", Json.Arr.ofTexts(changes.updated()))
                .put("destroyed", Json.Arr.ofTexts(changes.destroyed()))
                .build();
    }
}
