package tamanoir.server.web;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.URIUtil;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.json.JsonText;

/// One request and its answer, in blocking style. Used by one thread.
final class Exchange {
    private static final int MOST_JSON = 1_000_000;
    private static final JsonText JSON = new JsonText(MOST_JSON);

    /// Before anybody is signed in.
    private static final JsonText SMALL = new JsonText(64 * 1024);

    private final Request request;
    private final Response response;
    private final long leastRate;
    private boolean answered;

    Exchange(Request request, Response response, long leastRate) {
        this.request = request;
        this.response = response;
        this.leastRate = leastRate;
    }

    // ---- the request -----------------------------------------------------------------------------------------

    String method() {
        return request.getMethod();
    }

    /// Decoded, with dots resolved.
    String path() {
        String path = request.getHttpURI().getCanonicalPath();
        return path == null ? "/" : URIUtil.decodePath(path);
    }

    /// The pieces between the slashes, each decoded by itself: a name may have a slash of its own.
    ///
    /// @throws BadSyntax when a piece is not coded as it should be
    List<String> segments() {
        String path = request.getHttpURI().getPath();
        try {
            return List.of((path == null ? "" : path).replace("+", "%2B").split("/", -1)).stream()
                    .skip(1)
                    .map(piece -> URLDecoder.decode(piece, StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new BadSyntax("the address is not written as an address is");
        }
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
    }

    Optional<String> cookie(String name) {
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }

    boolean isSecure() {
        return request.isSecure();
    }

    String host() {
        String name = Request.getServerName(request);
        return name == null ? "" : name;
    }

    String client() {
        return Request.getRemoteAddr(request);
    }

    InetAddress address() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /// `https://mail.example.com:8443`, as the client wrote it.
    String base() {
        return (isSecure() ? "https://" : "http://") + request.getHttpURI().getAuthority();
    }

    InputStream body() {
        return new SteadyInput(Content.Source.asInputStream(request), leastRate);
    }

    /// A JSON object of somebody who is not signed in yet.
    ///
    /// @throws BadSyntax when it is none
    Json.Obj smallJson() throws IOException {
        return object(SMALL.read(body()));
    }

    /// A JSON object as the body.
    ///
    /// @throws BadSyntax when it is none
    Json.Obj json() throws IOException {
        return object(JSON.read(body()));
    }

    private static Json.Obj object(Json read) {
        if (read instanceof Json.Obj object) {
            return object;
        }
        throw new BadSyntax("the request must be a JSON object");
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    /// Who it is, for the access log.
    void user(String name) {
        request.setAttribute(AccessLog.USER, name);
    }

    // ---- the answer ------------------------------------------------------------------------------------------

    Exchange set(String header, String value) {
        response.getHeaders().put(header, value);
        return this;
    }

    boolean isAnswered() {
        return answered;
    }

    void answer(int status) throws IOException {
        response.setStatus(status);
        write(new byte[0]);
    }

    void answer(int status, Json value) throws IOException {
        answer(status, "application/json", JSON.write(value));
    }

    void answer(int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        set("Content-Type", type);
        set("Content-Length", Integer.toString(body.length));
        write(request.getMethod().equals("HEAD") ? new byte[0] : body);
    }

    /// An error in plain words.
    void refuse(int status, String detail) throws IOException {
        request.setAttribute(AccessLog.DETAIL, detail);
        answer(status, Json.object().put("detail", detail).build());
    }

    /// The body as a stream; headers must have been set.
    OutputStream stream(int status) {
        response.setStatus(status);
        answered = true;
        return new SteadyOutput(Content.Sink.asOutputStream(response), leastRate);
    }

    private void write(byte[] body) throws IOException {
        answered = true;
        Content.Sink.write(response, true, ByteBuffer.wrap(body));
    }

    /// An answer that the client must keep taking: who reads it octet by octet to hold a place is cut off. Only the
    /// time
    /// spent waiting for the client counts.
    private static final class SteadyOutput extends FilterOutputStream {
        private static final long PATIENCE_NANOS = 20_000_000_000L;

        private final long least;
        private long octets;
        private long waited;

        SteadyOutput(OutputStream out, long least) {
            super(out);
            this.least = least;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            long begun = System.nanoTime();
            out.write(from, offset, length);
            waited += System.nanoTime() - begun;
            octets += length;
            if (least > 0 && waited > PATIENCE_NANOS && octets < least * (waited / 1_000_000_000L)) {
                throw new IOException("the client takes fewer than " + least + " octets a second");
            }
        }
    }
}
