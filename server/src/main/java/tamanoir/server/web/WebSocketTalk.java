package tamanoir.server.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.RequestError;
import tamanoir.server.json.JsonText;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// One JMAP conversation over a WebSocket (RFC 8887 §4). Requests are answered one after the other, each in a thread of
/// its own, and no frame is read meanwhile: a client that sends faster than it is served waits. What changes is told by
/// another thread, which the client switches on and off.
final class WebSocketTalk implements FrameHandler {
    private final Jmap jmap;
    private final Visitor visitor;
    private final Live live;
    private final SignInPaths signIn;
    private final Trace trace;
    private final JsonText text;
    private final long most;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private volatile @Nullable CoreSession session;
    private volatile @Nullable Push push;
    private Optional<Live.Stream> stream = Optional.empty();
    private volatile boolean closed;

    WebSocketTalk(Jmap jmap, Visitor visitor, Live live, SignInPaths signIn, Trace trace) {
        this.jmap = jmap;
        this.visitor = visitor;
        this.live = live;
        this.signIn = signIn;
        this.trace = trace;
        this.most = jmap.settings().maxSizeRequest();
        this.text = new JsonText(Math.toIntExact(Math.min(Integer.MAX_VALUE, most)));
    }

    // ---- frames ----------------------------------------------------------------------------------------------

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        stream = live.enter(visitor, () -> close(CloseStatus.POLICY_VIOLATION, "signed out"));
        callback.succeeded();
        if (stream.isEmpty()) {
            close(CloseStatus.POLICY_VIOLATION, "too many connections of this account");
        }
        opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        switch (frame.getOpCode()) {
            case OpCode.TEXT, OpCode.CONTINUATION -> {
                boolean tooLong = message.size() + frame.getPayloadLength() > most;
                if (!tooLong && frame.hasPayload()) {
                    byte[] payload = new byte[frame.getPayload().remaining()];
                    frame.getPayload().get(payload);
                    message.writeBytes(payload);
                }
                callback.succeeded();
                if (tooLong) {
                    close(CloseStatus.MESSAGE_TOO_LARGE, "a message has at most " + most + " octets");
                } else if (frame.isFin()) {
                    byte[] whole = message.toByteArray();
                    message.reset();
                    Thread.ofVirtual().name("web socket").start(() -> take(whole));
                } else {
                    demand();
                }
            }
            case OpCode.BINARY -> {
                callback.succeeded();
                close(CloseStatus.BAD_DATA, "JMAP is text"); // RFC 8887 §4.2
            }
            case OpCode.PING -> {
                byte[] payload = new byte[frame.getPayloadLength()];
                frame.getPayload().get(payload);
                callback.succeeded();
                send(new Frame(OpCode.PONG, ByteBuffer.wrap(payload)), Callback.NOOP);
                demand();
            }
            case OpCode.CLOSE -> callback.succeeded(); // Jetty answers it and tells onClosed.
            default -> {
                callback.succeeded();
                demand();
            }
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        trace.debug("web socket", "status", "failed", "reason", String.valueOf(cause.getMessage()));
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        closed = true;
        stopPush();
        stream.ifPresent(live::leave);
        callback.succeeded();
    }

    private void demand() {
        CoreSession open = session;
        if (open != null && !closed) {
            open.demand();
        }
    }

    private void send(Frame frame, Callback callback) {
        CoreSession open = session;
        if (open == null) {
            callback.failed(new IOException("not open"));
        } else {
            open.sendFrame(frame, callback, false);
        }
    }

    private void close(int code, String reason) {
        CoreSession open = session;
        if (open != null) {
            open.close(code, reason, Callback.NOOP);
        }
    }

    /// Waits until it is written.
    private void say(Json.Obj object) throws IOException {
        try (var written = new org.eclipse.jetty.util.Blocker.Shared().callback()) {
            send(new Frame(OpCode.TEXT, true, ByteBuffer.wrap(text.write(object))), written);
            written.block();
        }
    }

    // ---- messages --------------------------------------------------------------------------------------------

    private void take(byte[] whole) {
        try {
            say(answer(whole));
            demand();
        } catch (NoAnswer _) {
            demand();
        } catch (IOException gone) {
            trace.debug("web socket", "status", "gone", "reason", String.valueOf(gone.getMessage()));
        } catch (RuntimeException bug) {
            trace.bug(bug);
            close(CloseStatus.SERVER_ERROR, "something went wrong here");
        }
    }

    private static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1;
    }

    private Json.Obj answer(byte[] whole) throws NoAnswer {
        Optional<Json> id = Optional.empty();
        try {
            if (!(text.read(whole) instanceof Json.Obj request)) {
                throw new RequestError("notRequest", 400, "a message is a JSON object", Json.Obj.EMPTY);
            }
            id = request.get("id");
            String type = request.get("@type").orElse(Json.NULL) instanceof Json.Text(String name) ? name : "";
            switch (type) {
                case "Request" -> {
                    return response(request, id);
                }
                case "WebSocketPushEnable" -> startPush(request);
                case "WebSocketPushDisable" -> stopPush();
                default ->
                    throw new RequestError(
                            "notRequest", 400, "@type says what a message is; this one is unknown", Json.Obj.EMPTY);
            }
            throw new NoAnswer();
        } catch (BadSyntax e) {
            return problem(new RequestError("notJSON", 400, String.valueOf(e.getMessage()), Json.Obj.EMPTY), id);
        } catch (RequestError e) {
            return problem(e, id);
        } catch (Unavailable e) {
            return problem(
                    new RequestError("serverUnavailable", 503, "this cannot be done now; try again", Json.Obj.EMPTY),
                    id);
        }
    }

    /// RFC 8887 §4.3.2, §4.3.3: the request object with a name of its own, which comes back in the response.
    private Json.Obj response(Json.Obj request, Optional<Json> id) {
        if (!signIn.isStillIn(visitor)) {
            close(CloseStatus.POLICY_VIOLATION, "signed out");
            throw new RequestError("forbidden", 403, "sign in again", Json.Obj.EMPTY);
        }
        Map<String, Json> plain = new LinkedHashMap<>(request.members());
        plain.remove("@type");
        plain.remove("id");
        Json.Building response = Json.object().put("@type", "Response");
        id.ifPresent(name -> response.put("requestId", name));
        jmap.answer(visitor.caller(), new Json.Obj(plain)).members().forEach(response::put);
        return response.build();
    }

    /// RFC 8887 §4.3.4.
    private static Json.Obj problem(RequestError error, Optional<Json> id) {
        Json.Building problem = Json.object().put("@type", "RequestError");
        id.ifPresent(name -> problem.put("requestId", name));
        error.asJson().members().forEach(problem::put);
        return problem.build();
    }

    // ---- push ------------------------------------------------------------------------------------------------

    /// RFC 8887 §4.3.5.2.
    private void startPush(Json.Obj asked) {
        stopPush();
        Set<String> types = new TreeSet<>();
        if (asked.get("dataTypes").orElse(Json.NULL) instanceof Json.Arr(var names)) {
            names.forEach(name -> {
                if (name instanceof Json.Text(String type)) {
                    types.add(type);
                }
            });
        }
        Push started = new Push(jmap, visitor, signIn::isStillIn);
        push = started;
        PushState told = asked.get("pushState").orElse(Json.NULL) instanceof Json.Text(String state)
                ? PushState.of(state).orElseGet(() -> new PushState(Map.of()))
                : started.now();
        Thread.ofVirtual().name("web socket push").start(() -> {
            try {
                started.run(told, types, new Teller());
                if (started.equals(push)) {
                    close(CloseStatus.POLICY_VIOLATION, "signed out"); // Nobody switched it off.
                }
            } catch (IOException gone) {
                trace.debug("web socket", "status", "gone", "reason", String.valueOf(gone.getMessage()));
            } catch (RuntimeException bug) {
                trace.bug(bug);
                close(CloseStatus.SERVER_ERROR, "something went wrong here");
            }
        });
    }

    private void stopPush() {
        Push running = push;
        push = null;
        if (running != null) {
            running.end();
        }
    }

    private final class Teller implements Push.Listener {
        @Override
        public boolean changed(Map<String, String> differ, PushState now) throws IOException {
            say(PushState.change(visitor.caller(), differ)
                    .put("pushState", now.asText())
                    .build());
            return true;
        }

        @Override
        public void quiet() {
            send(new Frame(OpCode.PING), Callback.NOOP);
        }

        @Override
        public Duration interval() {
            return Push.QUIET;
        }
    }
}
