package tamanoir.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.jmap.Json;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.jmap.RequestError;
import tamanoir.server.json.JsonText;

/// The JMAP service over HTTP (RFC 8620 §3, §6).
final class JmapPaths {
    /// What may be shown in place: kinds that cannot run anything. All others are saved; a PDF too, whose scripts the
    /// viewers of browsers run, so the webmail draws it from the saved octets.
    private static final Set<String> SHOWN = Set.of(
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/webp",
            "image/avif",
            "text/plain",
            "audio/mpeg",
            "audio/ogg",
            "audio/wav",
            "audio/mp4",
            "audio/aac",
            "video/mp4",
            "video/webm",
            "video/ogg");

    private final Jmap jmap;
    private final JsonText text = new JsonText(Integer.MAX_VALUE);

    JmapPaths(Jmap jmap) {
        this.jmap = jmap;
    }

    void serve(Exchange exchange, String path, Visitor visitor) throws IOException {
        try {
            if (path.equals("/jmap/api") && exchange.method().equals("POST")) {
                answer(exchange, jmap.answer(visitor.caller(), exchange.body()));
            } else if (path.startsWith("/jmap/upload/") && exchange.method().equals("POST")) {
                String account = path.substring("/jmap/upload/".length()).replace("/", "");
                exchange.answer(
                        201,
                        jmap.upload(
                                visitor.caller(),
                                account,
                                exchange.header("Content-Type").orElse("application/octet-stream"),
                                exchange.body()));
            } else if (path.startsWith("/jmap/download/")) {
                download(exchange, visitor);
            } else {
                exchange.refuse(404, "there is nothing at this address");
            }
        } catch (RequestError e) {
            exchange.answer(e.status(), "application/problem+json", text.write(e.asJson()));
        }
    }

    private void answer(Exchange exchange, Json.Obj answer) throws IOException {
        exchange.answer(200, "application/json", text.write(answer));
    }

    /// `/jmap/download/{accountId}/{blobId}/{name}`.
    private void download(Exchange exchange, Visitor visitor) throws IOException {
        List<String> parts = exchange.segments();
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        Optional<Jmap.Download> found = reads && parts.size() > 3
                ? jmap.download(visitor.caller(), parts.get(2), parts.get(3))
                : Optional.empty();
        // What somebody sent must never become a part of the webmail itself.
        if (found.isEmpty() || exchange.header("Service-Worker").isPresent()) {
            exchange.refuse(404, "there is no such file, or it has gone");
            return;
        }
        String tag = "\"" + parts.get(3) + "\"";
        Jmap.Download download = found.get();
        String type = exchange.query("accept")
                .filter(asked -> asked.contains("/"))
                .orElse(download.type())
                .toLowerCase(Locale.ROOT);
        String kind = type.contains(";") ? type.substring(0, type.indexOf(';')).strip() : type;
        boolean shown = exchange.query("inline").isPresent() && SHOWN.contains(kind);
        String name = parts.size() > 4 ? parts.get(4) : "";
        exchange.set("Content-Type", SHOWN.contains(kind) ? kind(kind) : "application/octet-stream")
                .set("Content-Disposition", disposition(shown, name))
                .set("Content-Security-Policy", Headers.FOREIGN)
                .set("Cache-Control", "private, max-age=3600, immutable")
                .set("Accept-Ranges", "bytes")
                .set("ETag", tag); // What a blob id stands for never changes (RFC 8620 §6).
        if (exchange.header("If-None-Match").filter(tag::equals).isPresent()) {
            exchange.answer(304);
            return;
        }
        long from = 0;
        long to = download.size() - 1;
        Optional<String> range = exchange.header("Range")
                .filter(asked -> asked.matches("bytes=\\d*-\\d*"))
                .filter(_ -> exchange.header("If-Range").map(tag::equals).orElse(true)); // RFC 9110 §13.1.5
        int status = 200;
        if (range.isPresent()) {
            String[] ends = range.get().substring(6).split("-", -1);
            if (ends[0].isEmpty() && !ends[1].isEmpty()) {
                from = Math.max(0, download.size() - number(ends[1]));
                status = 206;
            } else if (!ends[0].isEmpty()) {
                from = number(ends[0]);
                to = ends[1].isEmpty() ? to : Math.min(to, number(ends[1]));
                status = 206;
            }
            if (from > to) {
                exchange.set("Content-Range", "bytes */" + download.size());
                exchange.answer(416);
                return;
            }
        }
        if (status == 206) {
            exchange.set("Content-Range", "bytes " + from + "-" + to + "/" + download.size());
        }
        exchange.set("Content-Length", Long.toString(to - from + 1));
        try (OutputStream out = exchange.stream(status);
                InputStream in = download.content().open()) {
            if (exchange.method().equals("GET")) {
                in.skipNBytes(from);
                copy(in, out, to - from + 1);
            }
        }
    }

    private static String kind(String kind) {
        return kind.equals("text/plain") ? "text/plain; charset=utf-8" : kind;
    }

    private static long number(String digits) {
        return digits.length() > 15 ? Long.MAX_VALUE / 2 : Long.parseLong(digits);
    }

    private static void copy(InputStream in, OutputStream out, long octets) throws IOException {
        byte[] piece = new byte[32 * 1024];
        long left = octets;
        while (left > 0) {
            int read = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (read < 0) {
                throw new IOException("the file ended early");
            }
            out.write(piece, 0, read);
            left -= read;
        }
    }

    /// RFC 6266 §4: the name in the form every browser reads, and what is left of it in ASCII for the others.
    static String disposition(boolean shown, String name) {
        StringBuilder plain = new StringBuilder();
        StringBuilder coded = new StringBuilder();
        String clean = name.replaceAll("[\\p{Cntrl}/\\\\]", "_");
        for (byte octet : clean.getBytes(StandardCharsets.UTF_8)) {
            int c = octet & 0xFF;
            if (c < 128 && (Character.isLetterOrDigit(c) || "-._".indexOf(c) >= 0)) {
                coded.append((char) c);
            } else {
                coded.append(String.format("%%%02X", c));
            }
        }
        clean.chars().forEach(c -> plain.append(c < 32 || c > 126 || c == '"' ? '_' : (char) c));
        return (shown ? "inline" : "attachment")
                + (name.isEmpty() ? "" : "; filename=\"" + plain + "\"; filename*=UTF-8''" + coded);
    }
}
