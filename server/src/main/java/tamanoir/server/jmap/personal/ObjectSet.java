package tamanoir.server.jmap.personal;

import java.util.LinkedHashMap;
import java.util.Map;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.jmap.Patch;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.Method;
import tamanoir.server.jmap.SetError;
import tamanoir.server.jmap.personal.ObjectType.Change;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;

/// `/set` of a type whose objects are nothing but kept (RFC 8620 §5.3): one commit for each object.
final class ObjectSet implements Method {
    private final Shelf shelf;

    ObjectSet(Shelf shelf) {
        this.shelf = shelf;
    }

    @Override
    public Json.Obj call(Call call, Json.Obj json) {
        Arguments arguments = new Arguments(json).inAccountOf(call.caller());
        SetCall set = new SetCall(call, arguments, shelf.settings().maxObjectsInSet());
        arguments.end();
        return set.answer(new Kept(shelf, call));
    }

    /// What is done for each object. Types with more arguments use it too.
    record Kept(Shelf shelf, Call call) implements SetCall.Work {
        private PersonalAccount account() {
            return shelf.open(call.caller().account());
        }

        @Override
        public String state() {
            return Long.toString(account().state(shelf.type().kind()));
        }

        @Override
        public Json.Obj create(Json.Obj given) {
            if (given.has("id")) {
                throw SetError.invalidProperties("the id is the server's to set", "id");
            }
            Stored made = account().change(edit -> {
                Json.Obj value = shelf.type().created(new Change(call, edit), given);
                String id = edit.create(shelf.type().kind(), value);
                return edit.find(shelf.type().kind(), id).orElseThrow();
            });
            Json.Building told = Json.object().put("id", made.id());
            difference(given, shelf.type().shown(made)).forEach(told::put);
            return told.build();
        }

        @Override
        public Json update(String id, Json.Obj patch) {
            Map<String, Json> told = account().change(edit -> {
                Stored before = edit.find(shelf.type().kind(), id).orElseThrow(SetError::notFound);
                Json.Obj wanted = Patch.apply(shelf.shown(before, java.util.Optional.empty()), patch);
                if (!wanted.get("id").equals(java.util.Optional.of(Json.of(id)))) {
                    throw SetError.invalidProperties("the id cannot be changed", "id");
                }
                Map<String, Json> members = new LinkedHashMap<>(wanted.members());
                members.remove("id");
                Json.Obj after = new Json.Obj(members);
                Json.Obj value = shelf.type().updated(new Change(call, edit), before, after);
                if (value.equals(before.value())) {
                    return Map.of();
                }
                edit.update(shelf.type().kind(), id, value);
                Stored now = edit.find(shelf.type().kind(), id).orElseThrow();
                return difference(after, shelf.type().shown(now));
            });
            return told.isEmpty() ? Json.NULL : new Json.Obj(told);
        }

        @Override
        public void destroy(String id) {
            account().change(edit -> {
                Stored gone = edit.find(shelf.type().kind(), id).orElseThrow(SetError::notFound);
                shelf.type().destroyed(new Change(call, edit), gone);
                edit.destroy(shelf.type().kind(), id);
                return gone;
            });
        }

        /// What the client does not know, or knows otherwise.
        private static Map<String, Json> difference(Json.Obj known, Json.Obj now) {
            Map<String, Json> different = new LinkedHashMap<>();
            now.members().forEach((name, value) -> {
                if (!known.get(name).filter(value::equals).isPresent()) {
                    different.put(name, value);
                }
            });
            return different;
        }
    }
}
