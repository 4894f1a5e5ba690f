package tamanoir.server.jmap.personal;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.jmap.Arguments;
import tamanoir.server.jmap.Call;
import tamanoir.server.jmap.MethodError;
import tamanoir.server.jmap.SetAnswer;
import tamanoir.server.jmap.SetError;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.PersonalRefused;

/// One `/set` call (RFC 8620 §5.3): its arguments, what became of each object, its answer. One thread.
final class SetCall {
    private static final Trace TRACE = new Trace("jmap", "");

    private final Optional<String> ifInState;
    private final Map<String, Json.Obj> create;
    private final Map<String, Json.Obj> update;
    private final Set<String> destroy;
    private final SetAnswer answer;

    /// What is done for each object; each may throw a [SetError].
    interface Work {
        /// The state as it is now.
        String state();

        /// Answers what the client does not know of the new object, `id` among it.
        Json.Obj create(Json.Obj given);

        /// Answers what has become another than the client asked for, or null.
        Json update(String id, Json.Obj patch);

        void destroy(String id);

        /// All objects have been attended to; the new state is asked for after it.
        default void end() {}
    }

    /// @throws MethodError when the arguments cannot be
    SetCall(Call call, Arguments arguments, int most) {
        this.answer = new SetAnswer(call);
        this.ifInState = arguments.optionalText("ifInState");
        this.create = arguments.objects("create");
        this.update = new LinkedHashMap<>();
        arguments.objects("update").forEach((id, patch) -> update.put(call.resolved(id), patch));
        this.destroy = new LinkedHashSet<>();
        arguments.ids("destroy").orElse(Set.of()).forEach(id -> destroy.add(call.resolved(id)));
        if (create.size() + update.size() + destroy.size() > most) {
            throw new MethodError("requestTooLarge", "at most " + most + " objects at once");
        }
    }

    Json.Obj answer(Work work) {
        String before = work.state();
        if (ifInState.isPresent() && !ifInState.get().equals(before)) {
            throw new MethodError("stateMismatch", "the state is " + before + " now");
        }
        create.forEach((creation, given) -> attempt(answer::notCreated, creation, () -> {
            Json.Obj made = work.create(given);
            if (!(made.get("id").orElse(Json.NULL) instanceof Json.Text(String id))) {
                throw new IllegalStateException("what is created has an id");
            }
            answer.created(creation, id, made);
        }));
        update.forEach((id, patch) -> attempt(answer::notUpdated, id, () -> {
            if (destroy.contains(id)) {
                throw new SetError("willDestroy", "the same call destroys it");
            }
            answer.updated(id, work.update(id, patch));
        }));
        destroy.forEach(id -> attempt(answer::notDestroyed, id, () -> {
            work.destroy(id);
            answer.destroyed(id);
        }));
        work.end();
        return answer.answer(before, work.state());
    }

    /// An object that fails does not keep the others from being changed; least of all may a call fail as a
    /// whole when some of its messages have been sent already.
    private static void attempt(BiConsumer<String, SetError> failures, String id, Runnable work) {
        try {
            work.run();
        } catch (SetError e) {
            failures.accept(id, e);
        } catch (BadSyntax e) {
            failures.accept(id, new SetError("invalidPatch", String.valueOf(e.getMessage())));
        } catch (Unavailable e) {
            TRACE.warn("jmap-unavailable", "object", id, "reason", e.detail());
            failures.accept(id, new SetError("serverUnavailable", String.valueOf(e.getMessage())));
        } catch (PersonalRefused e) {
            String type = switch (e.reason()) {
                case TOO_LARGE -> "tooLarge";
                case TOO_MANY -> "overQuota";
                case NO_ACCOUNT -> throw new MethodError("accountNotFound", String.valueOf(e.getMessage()));
            };
            failures.accept(id, new SetError(type, String.valueOf(e.getMessage())));
        }
    }

    boolean isWhole() {
        return answer.isWhole();
    }

    /// The ids of all that was created, updated or destroyed.
    Set<String> succeeded() {
        return answer.succeeded();
    }
}
