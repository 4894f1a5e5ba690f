package tamanoir.server.outbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.dns.Dns;
import tamanoir.server.net.PublicAddress;

/// The way to web servers that a stranger named: pictures of a mail, places to unsubscribe, push endpoints.
///
/// A stranger may name anything, so the name is looked up once, each address is judged, and the connection goes to
/// an address that was judged good, never to the name; each redirect is judged anew. Only http and https on their own
/// ports. No cookies, no referrer, nothing that says who asks. Used by any number of threads; the client behind it
/// starts with the first use.
public final class PublicWeb implements AutoCloseable {
    private static final Duration CONNECTING = Duration.ofSeconds(3);

    private final Dns dns;
    private final Predicate<InetAddress> judged;
    private final IntPredicate ports;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable HttpClient client;

    public PublicWeb(Dns dns) {
        this(dns, PublicAddress::isPublic, port -> port == 80 || port == 443);
    }

    /// With another idea of what may be reached: for tests, which have only this machine.
    public PublicWeb(Dns dns, Predicate<InetAddress> judged, IntPredicate ports) {
        this.dns = dns;
        this.judged = judged;
        this.ports = ports;
    }

    /// @param most octets of the answer's body
    /// @param redirects followed at most; a body is never sent on
    /// @param limit for all of it
    public record Wanted(
            String method, URI uri, Map<String, String> headers, byte[] body, int most, int redirects, Duration limit) {
        public Wanted {
            headers = Map.copyOf(headers);
        }
    }

    /// @param from where it came from in the end
    public record Got(int status, String type, byte[] body, URI from) {}

    /// What [Wanted] wants.
    ///
    /// @throws IOException when it cannot be had; the text is for the log
    public Got send(Wanted wanted) throws IOException {
        long deadline = System.nanoTime() + wanted.limit().toNanos();
        URI uri = wanted.uri();
        for (int left = wanted.redirects(); ; left--) {
            check(uri);
            Got got = once(wanted, uri, deadline);
            boolean moved = got.status() == 301
                    || got.status() == 302
                    || got.status() == 303
                    || got.status() == 307
                    || got.status() == 308;
            if (!moved) {
                return got;
            }
            if (left <= 0 || !wanted.method().equals("GET")) {
                throw new IOException("redirected once too often");
            }
            uri = uri.resolve(target(got));
        }
    }

    private static URI target(Got got) throws IOException {
        try {
            return new URI(got.type());
        } catch (URISyntaxException e) {
            throw new IOException("redirected to nonsense", e);
        }
    }

    private void check(URI uri) throws IOException {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IOException("not a web address");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IOException("no host, or a name and password before it");
        }
        if (!ports.test(port)) {
            throw new IOException("port " + port + " is no port of the web");
        }
    }

    /// One request; of a redirect, `type` is the Location.
    private Got once(Wanted wanted, URI uri, long deadline) throws IOException {
        long nanos = Math.max(1, deadline - System.nanoTime());
        Request request = client().newRequest(uri)
                .method(wanted.method())
                .followRedirects(false)
                .timeout(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), TimeUnit.MILLISECONDS)
                .headers(headers -> wanted.headers().forEach(headers::put));
        if (wanted.body().length > 0) {
            request.body(new BytesRequestContent(
                    wanted.headers().getOrDefault("Content-Type", "application/octet-stream"), wanted.body()));
        }
        InputStreamResponseListener listener = new InputStreamResponseListener();
        request.send(listener);
        try (InputStream in = listener.getInputStream()) {
            Response response = listener.get(nanos, TimeUnit.NANOSECONDS);
            String location = response.getHeaders().get(HttpHeader.LOCATION);
            if (response.getStatus() / 100 == 3 && location != null) {
                drop(request, new IOException("redirected"));
                return new Got(response.getStatus(), location, new byte[0], uri);
            }
            byte[] body = read(in, wanted.most());
            String type = response.getHeaders().get(HttpHeader.CONTENT_TYPE);
            return new Got(response.getStatus(), type == null ? "" : type, body, uri);
        } catch (TimeoutException e) {
            drop(request, e);
            throw new IOException("too slow", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e), e);
        } catch (InterruptedException e) {
            drop(request, e);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            drop(request, e);
            throw e;
        }
    }

    /// Whether the request still ran to be dropped is of no interest.
    private static void drop(Request request, Throwable why) {
        var _ = request.abort(why);
    }

    private static String reason(ExecutionException e) {
        return String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }

    private static byte[] read(InputStream in, int most) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[16 * 1024];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            body.write(piece, 0, read);
            if (body.size() > most) {
                throw new IOException("more than " + most + " octets");
            }
        }
        return body.toByteArray();
    }

    private HttpClient client() throws IOException {
        HttpClient running = client;
        if (running != null) {
            return running;
        }
        starting.lock();
        try {
            HttpClient made = client;
            if (made == null) {
                made = new HttpClient();
                QueuedThreadPool threads = new QueuedThreadPool(16, 1);
                threads.setName("public web");
                threads.setDaemon(true);
                made.setExecutor(threads);
                made.setConnectTimeout(CONNECTING.toMillis());
                made.setUserAgentField(null);
                made.setHttpCookieStore(new HttpCookieStore.Empty());
                made.setMaxConnectionsPerDestination(8);
                made.setDestinationIdleTimeout(60_000);
                made.setSocketAddressResolver(new Judge());
                made.start();
                made.getContentDecoderFactories().clear(); // A packed answer could unpack to anything.
                client = made;
            }
            return made;
        } catch (Exception e) {
            throw new IOException("the web client cannot start", e);
        } finally {
            starting.unlock();
        }
    }

    /// Looks names up and lets good addresses through.
    private final class Judge implements SocketAddressResolver {
        @Override
        public void resolve(
                String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
            List<InetSocketAddress> good = addresses(host).stream()
                    .filter(judged)
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
            if (good.isEmpty()) {
                promise.failed(new IOException(host + " has no address on the public internet"));
            } else {
                promise.succeeded(good);
            }
        }

        private List<InetAddress> addresses(String host) {
            String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            Optional<InetAddress> literal = literal(bare);
            if (literal.isPresent()) {
                return List.of(literal.get());
            }
            return dns.addresses(bare).recordsOrNone();
        }

        private static Optional<InetAddress> literal(String host) {
            try {
                return Optional.of(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    @Override
    public void close() {
        HttpClient running = client;
        if (running != null) {
            try {
                running.stop();
            } catch (Exception e) {
                throw new IllegalStateException("the web client cannot stop", e);
            }
        }
    }
}
