package tamanoir.server.web;

import java.util.Map;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.jmap.Capability;
import tamanoir.server.jmap.Method;

/// Tells clients where the WebSocket is (RFC 8887 §3.1).
public final class WebSocketCapability implements Capability {
    @Override
    public String uri() {
        return "urn:ietf:params:jmap:websocket";
    }

    @Override
    public Json.Obj ofServer() {
        return ofServer("https://localhost");
    }

    @Override
    public Json.Obj ofServer(String base) {
        // http becomes ws, https becomes wss.
        return Json.object()
                .put("url", base.replaceFirst("^http", "ws") + "/jmap/ws")
                .put("supportsPush", true)
                .build();
    }

    @Override
    public Json.Obj ofAccount(Account account) {
        return Json.Obj.EMPTY;
    }

    @Override
    public Optional<Json.Obj> ofAccountIfAny(Account account) {
        return Optional.empty();
    }

    @Override
    public Map<String, Method> methods() {
        return Map.of();
    }

    @Override
    public Map<String, String> states(Account account) {
        return Map.of();
    }
}
