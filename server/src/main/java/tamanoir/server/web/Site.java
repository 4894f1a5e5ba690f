package tamanoir.server.web;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Sends each request where it belongs.
final class Site extends Handler.Abstract {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final AtomicLong requests = new AtomicLong();
    private final SignInPaths signIn;
    private final JmapPaths jmapPaths;
    private final Events events;
    private final Jmap jmap;
    private final WebSettings settings;

    Site(SignInPaths signIn, Jmap jmap, WebSettings settings) {
        super(InvocationType.BLOCKING);
        this.signIn = signIn;
        this.jmap = jmap;
        this.jmapPaths = new JmapPaths(jmap);
        this.events = new Events(jmap);
        this.settings = settings;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response);
        Trace trace = new Trace("web", Long.toString(requests.incrementAndGet()));
        try {
            Headers.common(exchange);
            serve(exchange, trace);
            callback.succeeded();
        } catch (IOException gone) {
            trace.debug("gone", "reason", String.valueOf(gone.getMessage()));
            callback.failed(gone);
        } catch (RuntimeException e) {
            apologise(exchange, e, trace, callback);
        }
        return true;
    }

    private static void apologise(Exchange exchange, RuntimeException e, Trace trace, Callback callback) {
        if (exchange.isAnswered()) {
            trace.bug(e);
            callback.failed(e);
            return;
        }
        try {
            switch (e) {
                case BadSyntax bad -> exchange.refuse(400, String.valueOf(bad.getMessage()));
                case Refused refused -> exchange.refuse(403, String.valueOf(refused.getMessage()));
                case Unavailable later -> exchange.refuse(503, "this cannot be done now; try again in a minute");
                default -> {
                    trace.bug(e);
                    exchange.refuse(500, "something went wrong here; the log of the server says what");
                }
            }
            callback.succeeded();
        } catch (IOException gone) {
            callback.failed(gone);
        }
    }

    private void serve(Exchange exchange, Trace trace) throws IOException {
        String path = exchange.path();
        if (!isPrivate(exchange)) {
            toHttps(exchange);
        } else if (!isOurs(exchange)) {
            exchange.refuse(403, "this request came from another site");
        } else if (path.startsWith("/auth/")) {
            signIn.serve(exchange, path, trace);
        } else if (path.startsWith("/jmap/") || path.equals("/.well-known/jmap")) {
            Optional<Visitor> visitor = signIn.visitor(exchange, trace);
            if (visitor.isEmpty()) {
                if (exchange.header("Cookie").isEmpty()) {
                    exchange.set("WWW-Authenticate", "Basic realm=\"Tamanoir\", charset=\"UTF-8\"");
                }
                exchange.refuse(401, "sign in first");
            } else if (path.equals("/.well-known/jmap")) {
                exchange.answer(200, jmap.session(visitor.get().caller(), exchange.base()));
            } else if (path.equals("/jmap/events")) {
                events.serve(exchange, visitor.get());
            } else {
                jmapPaths.serve(exchange, path, visitor.get());
            }
        } else {
            Files.serve(exchange, path);
        }
    }

    /// Over TLS, or on this machine: nobody reads along.
    static boolean isPrivate(Exchange exchange) {
        return exchange.isSecure() || LOOPBACK.contains(exchange.host().toLowerCase(Locale.ROOT));
    }

    private void toHttps(Exchange exchange) throws IOException {
        if (settings.httpsPort().isEmpty()) {
            exchange.refuse(403, "this server speaks https only, and its https port is off");
            return;
        }
        int port = settings.httpsPort().getAsInt();
        exchange.set(
                "Location",
                "https://" + exchange.host() + (port == 443 ? "" : ":" + port)
                        + exchange.request().getHttpURI().getPathQuery());
        exchange.answer(308);
    }

    /// A page of another site cannot use the cookie: it is SameSite=Strict, and browsers say where a request comes
    /// from.
    private static boolean isOurs(Exchange exchange) {
        Optional<String> from = exchange.header("Sec-Fetch-Site");
        boolean changes = !exchange.method().equals("GET") && !exchange.method().equals("HEAD");
        if (!changes || exchange.header("Authorization").isPresent()) {
            return true;
        }
        if (from.isPresent() && !from.get().equals("same-origin") && !from.get().equals("none")) {
            return false;
        }
        // What a form of another site can send without asking is refused even by browsers that say nothing.
        return exchange.method().equals("DELETE")
                || exchange.header("X-Requested-With").isPresent()
                || exchange.header("Content-Type").orElse("").startsWith("application/json")
                || exchange.header("Content-Length").orElse("0").equals("0");
    }
}
