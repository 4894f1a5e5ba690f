package tamanoir.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tamanoir.mail.jmap.Json;
import tamanoir.server.json.JsonText;

/// One request and its answer, in blocking style. Used by one thread.
final class Exchange {
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

    String method() {
        return request.getMethod();
    }

    /// Decoded, with dots resolved.
    String path() {
        String path = request.getHttpURI().getCanonicalPath();
        return path == null ? "/" : org.eclipse.jetty.util.URIUtil.decodePath(path);
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
        return Request.getServerName(request);
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
        return request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority();
    }

    InputStream body() {
        return new SteadyInput(Content.Source.asInputStream(request), leastRate);
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    /// A small JSON object as the body.
    ///
    /// @throws tamanoir.mail.text.BadSyntax when it is none
    Json.Obj json() throws IOException {
        if (SMALL.read(body()) instanceof Json.Obj object) {
            return object;
        }
        throw new tamanoir.mail.text.BadSyntax("the request must be a JSON object");
    }

    Exchange set(String header, String value) {
        response.getHeaders().put(header, value);
        return this;
    }

    Exchange set(HttpField field) {
        response.getHeaders().put(field);
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
        answer(status, "application/json", SMALL.write(value));
    }

    void answer(int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        set("Content-Type", type);
        set("Content-Length", Integer.toString(body.length));
        write(request.getMethod().equals("HEAD") ? new byte[0] : body);
    }

    /// An error in plain words.
    void refuse(int status, String detail) throws IOException {
        answer(status, Json.object().put("detail", detail).build());
    }

    /// The body as a stream; header and status must have been set.
    OutputStream stream(int status) {
        response.setStatus(status);
        answered = true;
        return Content.Sink.asOutputStream(response);
    }

    private void write(byte[] body) throws IOException {
        answered = true;
        Content.Sink.write(response, true, ByteBuffer.wrap(body));
    }
}
