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
import tamanoir.server.outbound.PublicWeb;

/// Sends each request where it belongs.
final class Site extends Handler.Abstract {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final AtomicLong requests = new AtomicLong();
    private final Rate rate;
    private final Jmap jmap;
    private final SignInPaths signIn;
    private final JmapPaths jmapPaths;
    private final Events events;
    private final Attachments attachments;
    private final Pictures pictures;
    private final Unsubscribing unsubscribing;
    private final SetupPaths setup;
    private final WebSettings settings;

    Site(
            SignInPaths signIn,
            Jmap jmap,
            ServerSecret secret,
            PublicWeb web,
            Rate rate,
            SetupPaths setup,
            WebSettings settings) {
        super(InvocationType.BLOCKING);
        Emails emails = new Emails(jmap);
        this.rate = rate;
        this.jmap = jmap;
        this.signIn = signIn;
        this.jmapPaths = new JmapPaths(jmap);
        this.events = new Events(jmap);
        this.attachments = new Attachments(jmap, emails);
        this.pictures = new Pictures(secret, web, emails);
        this.unsubscribing = new Unsubscribing(web, emails);
        this.setup = setup;
        this.settings = settings;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, settings.dataRate());
        Trace trace = new Trace("web", Long.toString(requests.incrementAndGet()));
        try {
            Headers.common(exchange, settings);
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
                case Unavailable _ -> exchange.refuse(503, "this cannot be done now; try again in a minute");
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
        if (rate.exceeds(settings.requestsPerMinute(), exchange.address())) {
            exchange.set("Retry-After", "60").refuse(429, "too many requests; wait a minute");
        } else if (path.equals("/healthz")) {
            exchange.answer(200, "text/plain", "ok\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } else if (!isServed(exchange)) {
            exchange.refuse(421, "this server has another name");
        } else if (!isPrivate(exchange)) {
            toHttps(exchange);
        } else if (!isOurs(exchange)) {
            exchange.refuse(403, "this request came from another site");
        } else if (SetupPaths.isOne(path)) {
            setup.serve(exchange, path);
        } else if (path.startsWith("/auth/")) {
            signIn.serve(exchange, path, trace);
        } else if (path.equals("/.well-known/change-password")) {
            exchange.set("Location", "/settings/account").answer(302);
        } else if (isForVisitors(path)) {
            Optional<Visitor> visitor = signIn.visitor(exchange, trace);
            if (visitor.isPresent()) {
                serve(exchange, path, visitor.get(), trace);
            } else {
                if (exchange.header("Sec-Fetch-Site").isEmpty()) {
                    // Programs are told how; a browser would open a window of its own.
                    exchange.set("WWW-Authenticate", "Basic realm=\"Tamanoir\", charset=\"UTF-8\"");
                }
                exchange.refuse(401, "sign in first");
            }
        } else {
            Files.serve(exchange, path);
        }
    }

    private static boolean isForVisitors(String path) {
        return path.startsWith("/jmap/")
                || path.equals("/.well-known/jmap")
                || path.startsWith("/pictures/")
                || path.equals("/unsubscribe");
    }

    private void serve(Exchange exchange, String path, Visitor visitor, Trace trace) throws IOException {
        switch (exchange.method() + " " + path) {
            case "GET /.well-known/jmap" -> exchange.answer(200, jmap.session(visitor.caller(), exchange.base()));
            case "GET /jmap/events" -> events.serve(exchange, visitor);
            case "POST /pictures/sign" -> pictures.sign(exchange, visitor);
            case "GET /pictures/fetch" -> pictures.fetch(exchange, visitor, trace);
            case "POST /unsubscribe" -> unsubscribing.serve(exchange, visitor, trace);
            default -> {
                if (path.startsWith("/jmap/zip/") && exchange.method().equals("GET")) {
                    attachments.serve(exchange, path, visitor);
                } else {
                    jmapPaths.serve(exchange, path, visitor);
                }
            }
        }
    }

    /// Over TLS, or on this machine: nobody reads along.
    private static boolean isPrivate(Exchange exchange) {
        return exchange.isSecure() || isLoopback(exchange);
    }

    private static boolean isLoopback(Exchange exchange) {
        return LOOPBACK.contains(exchange.host().toLowerCase(Locale.ROOT))
                && exchange.address().isLoopbackAddress();
    }

    private boolean isServed(Exchange exchange) {
        return settings.hosts().isEmpty()
                || settings.hosts().contains(exchange.host().toLowerCase(Locale.ROOT))
                || isLoopback(exchange);
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
