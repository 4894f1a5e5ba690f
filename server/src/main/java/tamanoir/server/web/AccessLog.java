package tamanoir.server.web;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.LineFile;
import tamanoir.server.observe.Trace;

/// Who asked for what, in the combined format that log readers know, and what went wrong, each into files by host.
///
/// The query of an address is left out: it may hold what is secret (a token of the set-up page, signatures).
/// Files are opened at the start and at a reload, so nothing that a client says makes one.
final class AccessLog implements RequestLog, AutoCloseable {
    /// Attributes of a request: what [Exchange] tells of it.
    static final String USER = "tamanoir.user";

    static final String DETAIL = "tamanoir.detail";

    private static final String ANY_HOST = "{host}";
    private static final String OTHER = "other";
    private static final Trace TRACE = new Trace("web", "log");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Supplier<WebSettings> settings;
    private volatile Books books = new Books(Map.of(), Map.of(), Map.of());

    /// The open files by path, and the file of each host; the empty host is every other.
    private record Books(Map<Path, LineFile> open, Map<String, LineFile> visits, Map<String, LineFile> errors) {}

    AccessLog(Supplier<WebSettings> settings) {
        this.settings = settings;
    }

    /// Opens what the settings name and closes what they no longer do.
    ///
    /// @throws IOException when a file cannot be written; everything is as before then
    void open(WebSettings wanted) throws IOException {
        Books before = books;
        Map<Path, LineFile> open = new HashMap<>();
        Map<String, LineFile> visits = new HashMap<>();
        Map<String, LineFile> errors = new HashMap<>();
        try {
            Set<String> hosts = new TreeSet<>(wanted.hosts());
            hosts.add("");
            for (String host : hosts) {
                book(wanted.accessLog(), host, before, open).ifPresent(file -> visits.put(host, file));
                book(wanted.errorLog(), host, before, open).ifPresent(file -> errors.put(host, file));
            }
        } catch (IOException e) {
            open.forEach((path, file) -> {
                if (!before.open.containsKey(path)) {
                    file.close();
                }
            });
            throw e;
        }
        books = new Books(open, visits, errors);
        before.open.forEach((path, file) -> {
            if (!open.containsKey(path)) {
                file.close();
            }
        });
    }

    private static Optional<LineFile> book(Optional<Path> pattern, String host, Books before, Map<Path, LineFile> open)
            throws IOException {
        if (pattern.isEmpty()) {
            return Optional.empty();
        }
        Path path = Path.of(pattern.get().toString().replace(ANY_HOST, host.isEmpty() ? OTHER : host));
        LineFile file = open.get(path);
        if (file == null) {
            LineFile known = before.open.get(path);
            try {
                file = known == null ? new LineFile(path, TRACE) : known;
            } catch (IOException e) {
                throw new IOException("the log file " + path + " cannot be written: " + e, e);
            }
            open.put(path, file);
        }
        return Optional.of(file);
    }

    @Override
    public void log(Request request, Response response) {
        Books now = books;
        if (now.open.isEmpty()) {
            return;
        }
        String named = String.valueOf(Request.getServerName(request)).toLowerCase(Locale.ROOT);
        String host = settings.get().hosts().contains(named) ? named : "";
        LineFile visits = now.visits.get(host);
        if (visits != null) {
            visits.add(visit(request, response));
        }
        LineFile errors = now.errors.get(host);
        if (errors != null && response.getStatus() >= 400) {
            errors.add(error(request, response));
        }
    }

    private static String visit(Request request, Response response) {
        return Request.getRemoteAddr(request) + " - " + word(request.getAttribute(USER)) + " ["
                + TIME.format(Instant.ofEpochMilli(Request.getTimeStamp(request))) + "] \"" + line(request) + "\" "
                + response.getStatus() + " " + Response.getContentBytesWritten(response) + " \""
                + quoted(withoutQuery(request.getHeaders().get(HttpHeader.REFERER))) + "\" \""
                + quoted(request.getHeaders().get(HttpHeader.USER_AGENT)) + "\"";
    }

    private static String error(Request request, Response response) {
        return Instant.ofEpochMilli(Request.getTimeStamp(request)) + " "
                + (response.getStatus() >= 500 ? "error" : "warn") + " client=" + Request.getRemoteAddr(request)
                + " user=" + word(request.getAttribute(USER)) + " request=\"" + line(request) + "\" status="
                + response.getStatus() + " reason=\"" + quoted(request.getAttribute(DETAIL)) + "\"";
    }

    private static String line(Request request) {
        return quoted(request.getMethod() + " " + request.getHttpURI().getPath() + " "
                + request.getConnectionMetaData().getHttpVersion().asString());
    }

    private static String withoutQuery(@Nullable String address) {
        if (address == null) {
            return "-";
        }
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }

    private static String word(@Nullable Object value) {
        return value == null ? "-" : quoted(value).replace(' ', '_');
    }

    /// One request is one line, whatever the client sends.
    private static String quoted(@Nullable Object value) {
        if (value == null) {
            return "-";
        }
        StringBuilder safe = new StringBuilder();
        String text = value.toString();
        for (int i = 0; i < text.length() && i < 2_000; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < ' ' || c == 127 || c == '\u2028' || c == '\u2029') {
                safe.append(String.format("\\x%02X", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    @Override
    public void close() {
        Books last = books;
        books = new Books(Map.of(), Map.of(), Map.of());
        last.open.values().forEach(LineFile::close);
    }
}
