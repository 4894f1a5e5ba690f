package tamanoir.server.web;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.observe.Trace;

/// Takes requests to speak JMAP over a WebSocket (RFC 8887, RFC 6455); the conversation is [WebSocketTalk].
final class WebSockets {
    private static final String PROTOCOL = "jmap";

    /// Longer than the pings of [Push] are apart; a socket without push lives as long as it is used.
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final Jmap jmap;
    private final SignInPaths signIn;
    private final Live live;
    private final WebSocketMappings upgrades;

    /// @param server not yet started
    WebSockets(Jmap jmap, SignInPaths signIn, Live live, Server server) {
        this.jmap = jmap;
        this.signIn = signIn;
        this.live = live;
        this.upgrades = new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server));
    }

    /// Answers the request, with another protocol or a refusal; from then on the callback is done by whoever took it.
    void serve(Exchange exchange, Visitor visitor, Trace trace, Callback callback) throws IOException {
        // RFC 6455 §10.2: a page of another site can open a socket, and says so. Programs send no Origin.
        Optional<String> origin = exchange.header("Origin");
        if (origin.isPresent() && !origin.get().equals(exchange.base())) {
            refuse(exchange, 403, "this request came from another site", callback);
            return;
        }
        // RFC 8887 §4.1: the client must offer the protocol. Asked here: who refuses later must end the request too.
        if (exchange.header("Sec-WebSocket-Protocol").stream()
                .flatMap(offered -> Arrays.stream(offered.split(",")))
                .noneMatch(offered -> offered.strip().equals(PROTOCOL))) {
            refuse(exchange, 400, "this address speaks WebSocket with the subprotocol jmap (RFC 8887)", callback);
            return;
        }
        WebSocketTalk talk = new WebSocketTalk(jmap, visitor, live, signIn, trace);
        Configuration.ConfigurationCustomizer limits = new Configuration.ConfigurationCustomizer();
        limits.setIdleTimeout(IDLE);
        limits.setMaxFrameSize(64 * 1024L);
        limits.setAutoFragment(true);
        boolean taken = upgrades.upgrade(
                (_, response, _) -> {
                    response.setAcceptedSubProtocol(PROTOCOL);
                    return talk;
                },
                exchange.request(),
                exchange.response(),
                callback,
                limits);
        if (!taken) {
            exchange.set("Upgrade", "websocket");
            refuse(exchange, 426, "this address speaks WebSocket with the subprotocol jmap (RFC 8887)", callback);
        }
    }

    private static void refuse(Exchange exchange, int status, String detail, Callback callback) throws IOException {
        exchange.refuse(status, detail);
        callback.succeeded();
    }
}
