package tamanoir.server.jmap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.mailbox.MailboxRefused;

/// One `/set` call under way (RFC 8620 §5.3): what is asked for, on top of the answer as it grows. Used by one thread.
///
/// Read the type's own arguments, then [#end]; make, change and destroy through the methods here, which catch what goes
/// wrong with one object; then [#answer(String, String)].
final class SetCall extends SetAnswer {
    private final Call call;
    private final Arguments arguments;
    private final Optional<String> ifInState;
    private final Map<String, Json.Obj> create;
    private final Map<String, Json.Obj> update;
    private final List<String> destroy;

    SetCall(Call call, Json.Obj json, JmapSettings settings) {
        super(call);
        this.call = call;
        this.arguments = new Arguments(json).inAccountOf(call.caller());
        this.ifInState = arguments.optionalText("ifInState");
        this.create = arguments.objects("create");
        if (!create.keySet().stream().allMatch(Ids::isId)) {
            throw MethodError.invalidArguments("a creation id is an id: letters, digits, - and _");
        }
        this.update = new LinkedHashMap<>();
        arguments.objects("update").forEach((id, patch) -> update.put(resolved(id), patch));
        this.destroy = arguments
                .ids("destroy")
                .map(ids -> ids.stream().map(this::resolved).distinct().toList())
                .orElse(List.of());
        if (create.size() + update.size() + destroy.size() > settings.maxObjectsInSet()) {
            throw new MethodError(
                    "requestTooLarge", "at most " + settings.maxObjectsInSet() + " objects are set at once");
        }
    }

    Arguments arguments() {
        return arguments;
    }

    /// All arguments are read; `state` is the one of now.
    SetCall end(String state) {
        arguments.end();
        if (ifInState.isPresent() && !ifInState.get().equals(state)) {
            throw new MethodError("stateMismatch", "the state is " + state + " by now");
        }
        return this;
    }

    Map<String, Json.Obj> create() {
        return create;
    }

    Map<String, Json.Obj> update() {
        return update;
    }

    List<String> destroy() {
        return destroy;
    }

    /// The id itself, or the one of what was made under that creation id (RFC 8620 §5.3).
    String resolved(String id) {
        return call.resolved(id);
    }

    // ---- what goes wrong with one object -----------------------------------------------------------------------

    /// Does one step for one object; what it throws becomes the error of this object.
    static Optional<SetError> attempt(Runnable step) {
        try {
            step.run();
            return Optional.empty();
        } catch (SetError e) {
            return Optional.of(e);
        } catch (BadSyntax e) {
            return Optional.of(new SetError("invalidPatch", String.valueOf(e.getMessage())));
        } catch (MailboxRefused e) {
            return Optional.of(of(e));
        }
    }

    static SetError of(MailboxRefused e) {
        String why = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case ALREADYEXISTS -> SetError.invalidProperties(why, "name");
            case CANNOT -> new SetError("forbidden", why);
            case HASCHILDREN -> new SetError("mailboxHasChild", why);
            case LIMIT, OVERQUOTA -> new SetError("overQuota", why);
            case NONEXISTENT, EXPUNGEISSUED -> new SetError("notFound", why);
            case USEATTR -> SetError.invalidProperties(why, "role");
        };
    }

    /// @throws SetError when there are properties that are not among `known`
    static void checkProperties(Json.Obj object, Set<String> known) {
        List<String> wrong = object.members().keySet().stream()
                .filter(property -> !known.contains(property))
                .toList();
        if (!wrong.isEmpty()) {
            throw SetError.invalidProperties("these properties cannot be set", wrong.toArray(String[]::new));
        }
    }
}
