package tamanoir.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files of the webmail, from the class path. Only names of plain letters are looked up, so no path leads out.
final class Files {
    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
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
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private Files() {}

    /// Serves the file of that path, or the page itself for every place inside the webmail.
    static void serve(Exchange exchange, String path) throws IOException {
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            exchange.set("Allow", "GET, HEAD").refuse(405, "this can only be read");
            return;
        }
        if (path.startsWith("/frame/")) {
            exchange.set(
                    "Content-Security-Policy",
                    path.equals("/frame/remote.html") ? Headers.FRAME_REMOTE : Headers.FRAME_STRICT);
            send(exchange, path, "no-store");
        } else if (path.startsWith("/assets/")) {
            send(exchange, path, "public, max-age=31536000, immutable");
        } else if (path.lastIndexOf('.') > path.lastIndexOf('/')) {
            if (path.equals("/sw.js")) {
                exchange.set("Content-Security-Policy", Headers.APP);
            }
            send(exchange, path, "no-cache");
        } else {
            exchange.set("Content-Security-Policy", Headers.APP);
            send(exchange, "/index.html", "no-store");
        }
    }

    private static void send(Exchange exchange, String path, String caching) throws IOException {
        Optional<byte[]> plain = Optional.empty();
        if (PLAIN.matcher(path).matches() && !path.endsWith(".br") && !path.endsWith(".gz")) {
            String accepted = exchange.header("Accept-Encoding").orElse("");
            exchange.set("Vary", "Accept-Encoding");
            for (String[] one : new String[][] {{"br", ".br"}, {"gzip", ".gz"}}) {
                if (accepted.contains(one[0])) {
                    Optional<byte[]> packed = read(path + one[1]);
                    if (packed.isPresent()) {
                        exchange.set("Content-Encoding", one[0]).set("Cache-Control", caching);
                        exchange.answer(200, type(path), packed.get());
                        return;
                    }
                }
            }
            plain = read(path);
        }
        if (plain.isPresent()) {
            exchange.set("Cache-Control", caching).answer(200, type(path), plain.get());
        } else if (path.equals("/index.html")) {
            exchange.answer(503, "text/html; charset=utf-8", NOT_BUILT);
        } else {
            exchange.refuse(404, "there is nothing at this address");
        }
    }

    private static Optional<byte[]> read(String path) throws IOException {
        try (InputStream in = Files.class.getResourceAsStream("/webmail" + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        }
    }

    private static String type(String path) {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }
}
