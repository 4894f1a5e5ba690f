package tamanoir.server.jmap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.jmap.ResultReferences.Response;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;

/// One request under way: its calls one after the other, the responses so far. One thread.
final class Exchange implements Call {
    /// Implicit calls of one request at most; they come from arguments of a size that is bounded.
    private static final int MOST_RESPONSES = 1_000;

    /// Of all answers to one request, in memory: who wants more asks twice.
    private static final long MOST_OCTETS = 96L << 20;

    private final Caller caller;
    private final BiFunction<String, Boolean, Method> methods;
    private final Map<String, String> createdIds;
    private final ResultReferences references = new ResultReferences();
    private final List<Response> responses = new ArrayList<>();
    private final Deque<Response> implied = new ArrayDeque<>();
    private long octets;

    /// `methods` finds one by name, or throws `unknownMethod`; its flag says that the server itself calls it.
    Exchange(Caller caller, BiFunction<String, Boolean, Method> methods, Map<String, String> createdIds) {
        this.caller = caller;
        this.methods = methods;
        this.createdIds = new LinkedHashMap<>(createdIds);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Map<String, String> createdIds() {
        return createdIds;
    }

    @Override
    public void then(String method, Json.Obj arguments) {
        implied.add(new Response(method, arguments, ""));
    }

    List<Response> responses() {
        return responses;
    }

    void call(String name, Json.Obj arguments, String callId) {
        answer(name, arguments, callId, false);
        while (!implied.isEmpty() && responses.size() < MOST_RESPONSES) {
            Response next = implied.remove();
            answer(next.name(), next.arguments(), callId, true);
        }
    }

    /// RFC 8620 §3.6.2: a call that fails does not keep the next ones from being made.
    private void answer(String name, Json.Obj arguments, String callId, boolean isOurs) {
        Response response;
        try {
            Method method = methods.apply(name, isOurs);
            Json.Obj answer = method.call(this, references.resolved(arguments, responses));
            long size = size(answer);
            if (octets + size > MOST_OCTETS) {
                throw new MethodError("requestTooLarge", "the answers to this request are too long; ask for less");
            }
            octets += size;
            response = new Response(name, answer, callId);
        } catch (MethodError e) {
            response = error(e, callId);
        } catch (BadSyntax e) {
            response = error(MethodError.invalidArguments(String.valueOf(e.getMessage())), callId);
        } catch (MailboxRefused e) {
            // A mailbox or the account went while we looked: asked again, the answer is another.
            response = error(new MethodError("serverUnavailable", String.valueOf(e.getMessage())), callId);
        } catch (Refused e) {
            response = error(new MethodError("forbidden", String.valueOf(e.getMessage())), callId);
        } catch (Unavailable e) {
            caller.trace().warn("jmap-unavailable", "method", name, "reason", e.detail());
            response = error(new MethodError("serverUnavailable", String.valueOf(e.getMessage())), callId);
        } catch (RuntimeException bug) {
            caller.trace().bug(bug);
            response = error(new MethodError("serverFail", "something went wrong here; try again"), callId);
        }
        responses.add(response);
    }

    /// Roughly what it takes in memory.
    private static long size(Json value) {
        return switch (value) {
            case Json.Null _, Json.Bool _, Json.Int _, Json.Real _ -> 8;
            case Json.Text(String text) -> 16 + text.length();
            case Json.Arr array -> {
                long size = 16;
                for (Json item : array.items()) {
                    size += size(item);
                }
                yield size;
            }
            case Json.Obj object -> {
                long size = 32;
                for (Json member : object.members().values()) {
                    size += 32 + size(member);
                }
                yield size;
            }
        };
    }

    private Response error(MethodError error, String callId) {
        implied.clear();
        return new Response("error", error.asJson(), callId);
    }
}
