package tamanoir.server.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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

/// Sends each request where it belongs. Used by all requests; guarded by `lock`: how many are under way.
final class Site extends Handler.Abstract {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final AtomicLong requests = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition calm = lock.newCondition();
    private int underWay;

    private final Rate rate;
    private final Jmap jmap;
    private final SignInPaths signIn;
    private final JmapPaths jmapPaths;
    private final Events events;
    private final WebSockets sockets;
    private final Attachments attachments;
    private final Pictures pictures;
    private final Unsubscribing unsubscribing;
    private final Autoconfig autoconfig;
    private final Files files = new Files();
    private final SetupPaths setup;
    private final Supplier<OptionalInt> httpsPort;
    private final Supplier<WebSettings> current;

    Site(
            SignInPaths signIn,
            Jmap jmap,
            ServerSecret secret,
            PublicWeb web,
            Rate rate,
            Events events,
            WebSockets sockets,
            Autoconfig autoconfig,
            SetupPaths setup,
            Supplier<OptionalInt> httpsPort,
            Supplier<WebSettings> current) {
        super(InvocationType.BLOCKING);
        Emails emails = new Emails(jmap);
        this.rate = rate;
        this.jmap = jmap;
        this.signIn = signIn;
        this.jmapPaths = new JmapPaths(jmap);
        this.events = events;
        this.sockets = sockets;
        this.attachments = new Attachments(jmap, emails);
        this.pictures = new Pictures(secret, web, emails);
        this.unsubscribing = new Unsubscribing(web, emails, () -> current.get().resultsName());
        this.autoconfig = autoconfig;
        this.setup = setup;
        this.httpsPort = httpsPort;
        this.current = current;
    }

    // ---- one request -----------------------------------------------------------------------------------------

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        WebSettings settings = current.get();
        Exchange exchange = new Exchange(request, response, settings.dataRate());
        Trace trace = new Trace("web", Long.toString(requests.incrementAndGet()));
        count(1);
        try {
            Headers.common(exchange, settings);
            serve(exchange, settings, trace, callback);
        } catch (IOException gone) {
            trace.debug("gone", "reason", String.valueOf(gone.getMessage()));
            callback.failed(gone);
        } catch (RuntimeException e) {
            apologise(exchange, e, trace, callback);
        } finally {
            count(-1);
        }
        return true;
    }

    private void count(int more) {
        lock.lock();
        try {
            underWay += more;
            if (underWay == 0) {
                calm.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no request is under way, but no longer than this.
    void awaitCalm(Duration longest) {
        long nanos = longest.toNanos();
        lock.lock();
        try {
            while (underWay > 0 && nanos > 0) {
                nanos = calm.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
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

    private void serve(Exchange exchange, WebSettings settings, Trace trace, Callback callback) throws IOException {
        String path = exchange.path();
        boolean taken = false;
        if (settings.isCounted(exchange.address()) && rate.exceeds(settings.requestsPerMinute(), exchange.address())) {
            exchange.set("Retry-After", "60").refuse(429, "too many requests; wait a minute");
        } else if (path.equals("/healthz")) {
            exchange.answer(200, "text/plain", "ok\n".getBytes(StandardCharsets.US_ASCII));
        } else if (Autoconfig.PATHS.contains(path)) {
            // Programs ask under names and in the clear, before they know anything; it says nothing secret.
            autoconfig.serve(exchange, settings.mail());
        } else if (!isServed(exchange, settings)) {
            exchange.refuse(421, "this server has another name"); // RFC 9110 §15.5.20
        } else if (!isPrivate(exchange)) {
            toHttps(exchange);
        } else if (SetupPaths.isOne(path) && isOurs(exchange)) {
            setup.serve(exchange, path);
        } else if (path.startsWith("/auth/") && isOurs(exchange)) {
            signIn.serve(exchange, path, trace);
        } else if (path.equals("/.well-known/change-password")) {
            exchange.set("Location", "/settings/account").answer(302);
        } else if (isForVisitors(path)) {
            taken = serveVisitor(exchange, path, trace, callback);
        } else if (isOurs(exchange)) {
            files.serve(exchange, path);
        } else {
            exchange.refuse(403, "this request came from another site");
        }
        if (!taken) {
            callback.succeeded();
        }
    }

    /// True when the callback is somebody else's from now on.
    private boolean serveVisitor(Exchange exchange, String path, Trace trace, Callback callback) throws IOException {
        Optional<Visitor> visitor = signIn.visitor(exchange, trace);
        if (visitor.isEmpty()) {
            if (exchange.header("Sec-Fetch-Site").isEmpty()) {
                // Programs are told how; a browser would open a window of its own.
                exchange.set("WWW-Authenticate", "Basic realm=\"Tamanoir\", charset=\"UTF-8\"");
            }
            exchange.refuse(401, "sign in first");
            return false;
        }
        exchange.user(visitor.get().caller().account().address().toString());
        if (visitor.get().isByCookie() && !isOurs(exchange)) {
            exchange.refuse(403, "this request came from another site");
            return false;
        }
        if (path.equals("/jmap/ws")) {
            sockets.serve(exchange, visitor.get(), trace, callback);
            return true;
        }
        serve(exchange, path, visitor.get(), trace);
        return false;
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
                    attachments.serve(exchange, visitor);
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

    private boolean isServed(Exchange exchange, WebSettings settings) {
        return settings.hosts().isEmpty()
                || settings.hosts().contains(exchange.host().toLowerCase(Locale.ROOT))
                || isLoopback(exchange);
    }

    private void toHttps(Exchange exchange) throws IOException {
        OptionalInt open = httpsPort.get();
        if (open.isEmpty()) {
            exchange.refuse(403, "this server speaks https only, and its https port is off");
            return;
        }
        int port = open.getAsInt();
        exchange.set(
                "Location",
                "https://" + exchange.host() + (port == 443 ? "" : ":" + port)
                        + exchange.request().getHttpURI().getPathQuery());
        exchange.answer(308);
    }

    /// A page of another site cannot use the cookie: it is SameSite=Strict. Should a browser send it all the same,
    /// it also says where the request comes from.
    private static boolean isOurs(Exchange exchange) {
        Optional<String> from = exchange.header("Sec-Fetch-Site");
        boolean changes = !exchange.method().equals("GET") && !exchange.method().equals("HEAD");
        if (!changes) {
            return true;
        }
        if (from.isPresent() && !from.get().equals("same-origin") && !from.get().equals("none")) {
            return false;
        }
        // What a form of another site can send without asking is refused even by browsers that say nothing.
        return exchange.method().equals("DELETE")
                || exchange.header("X-Requested-With").isPresent()
                || exchange.header("Content-Type").orElse("").startsWith("application/json")
                || (exchange.header("Content-Length").orElse("0").equals("0")
                        && exchange.header("Transfer-Encoding").isEmpty());
    }
}
