package tamanoir.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The files of the webmail, from the class path. Only names of plain letters are looked up, so no path leads out.
/// Used by any number of threads.
final class Files {
    private static final String FOLDER = "/webmail";
    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("woff2", "font/woff2"));
    private static final byte[] NOT_BUILT =
            "<!doctype html><title>Tamanoir</title><p>The webmail was not built into this server.</p>"
                    .getBytes(StandardCharsets.UTF_8);

    /// What was read once; only files that exist, so a stranger's guesses do not fill it.
    private final Map<String, byte[]> read = new ConcurrentHashMap<>();

    /// Serves the file of that path, or the page itself for every place inside the webmail.
    void serve(Exchange exchange, String path) throws IOException {
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            exchange.set("Allow", "GET, HEAD").refuse(405, "this can only be read");
            return;
        }
        exchange.set("Content-Security-Policy", Headers.APP);
        if (path.startsWith("/frame/")) {
            exchange.set(
                    "Content-Security-Policy",
                    path.equals("/frame/remote.html")
                            ? Headers.frameWithPictures(exchange.base())
                            : Headers.FRAME_STRICT);
            send(exchange, path, "no-store");
        } else if (path.startsWith("/assets/")) {
            // Their names change with their content.
            send(exchange, path, "public, max-age=31536000, immutable");
        } else if (path.contains("/.")) {
            exchange.refuse(404, "there is nothing at this address"); // Hidden files are never served (RFC 8615 aside).
        } else if (find(path).isPresent()) {
            send(exchange, path, path.endsWith(".html") ? "no-store" : "no-cache");
        } else if (path.lastIndexOf('.') > path.lastIndexOf('/') && !isNavigation(exchange)) {
            exchange.refuse(404, "there is nothing at this address");
        } else {
            send(exchange, "/index.html", "no-store");
        }
    }

    /// Somebody types an address or follows a link; a place inside the webmail may well have a dot in its name.
    private static boolean isNavigation(Exchange exchange) {
        return exchange.header("Accept").orElse("").contains("text/html");
    }

    private void send(Exchange exchange, String path, String caching) throws IOException {
        exchange.set("Vary", "Accept-Encoding").set("Cache-Control", caching);
        String accepted = exchange.header("Accept-Encoding").orElse("");
        for (Packed packed : Packed.values()) {
            Optional<byte[]> octets =
                    accepted.contains(packed.coding) ? find(path, path + packed.ending) : Optional.empty();
            if (octets.isPresent()) {
                exchange.set("Content-Encoding", packed.coding);
                exchange.answer(200, type(path), octets.get());
                return;
            }
        }
        Optional<byte[]> plain = find(path);
        if (plain.isPresent()) {
            exchange.answer(200, type(path), plain.get());
        } else if (path.equals("/index.html")) {
            exchange.answer(503, "text/html; charset=utf-8", NOT_BUILT);
        } else {
            exchange.set("Cache-Control", "no-store").refuse(404, "there is nothing at this address");
        }
    }

    /// Files that lie packed beside the plain ones, the smallest first.
    private enum Packed {
        BROTLI("br", ".br"),
        GZIP("gzip", ".gz");

        private final String coding;
        private final String ending;

        Packed(String coding, String ending) {
            this.coding = coding;
            this.ending = ending;
        }
    }

    private Optional<byte[]> find(String path) throws IOException {
        return path.endsWith(".br") || path.endsWith(".gz") ? Optional.empty() : find(path, path);
    }

    /// The octets of `file`, when `path` is a plain name.
    private Optional<byte[]> find(String path, String file) throws IOException {
        if (!PLAIN.matcher(path).matches()) {
            return Optional.empty();
        }
        byte[] known = read.get(file);
        if (known != null) {
            return Optional.of(known);
        }
        try (InputStream in = Files.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] octets = in.readAllBytes();
            read.put(file, octets);
            return Optional.of(octets);
        }
    }

    private static String type(String path) {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }
}
