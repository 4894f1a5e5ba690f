package tamanoir.server.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import tamanoir.mail.jmap.Json;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.PublicWeb;

/// Pictures that a mail names, fetched by the server: the sender sees this server's address and no reader. Only
/// signed addresses are fetched, so that nobody uses us as a proxy for anything else; only raster pictures come back.
final class Pictures {
    private static final int MOST_OCTETS = 10 * 1024 * 1024;
    private static final int MOST_CACHED = 32 * 1024 * 1024;
    private static final int MOST_URLS = 500;
    private static final int LONGEST_URL = 4096;
    private static final int MOST_AT_ONCE = 32;
    private static final int MOST_REDIRECTS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ServerSecret secret;
    private final PublicWeb web;
    private final Emails emails;
    private final Semaphore fetching = new Semaphore(MOST_AT_ONCE);

    /// Shared between readers, so that what the sender sees does not tell how many open a mail, or when.
    private final Cache<String, Picture> cache = Caffeine.newBuilder()
            .maximumWeight(MOST_CACHED)
            .weigher((String url, Picture picture) -> url.length() + picture.octets.length)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    private record Picture(String type, byte[] octets) {}

    Pictures(ServerSecret secret, PublicWeb web, Emails emails) {
        this.secret = secret;
        this.web = web;
        this.emails = emails;
    }

    /// `POST /pictures/sign`: addresses under which the pictures of one mail can be had by this reader.
    void sign(Exchange exchange, Visitor visitor) throws IOException {
        Json.Obj asked = exchange.json();
        String email = asked.get("emailId").orElse(Json.NULL) instanceof Json.Text(String id) ? id : "";
        List<Json> urls = asked.get("urls").orElse(Json.NULL) instanceof Json.Arr(List<Json> all) ? all : List.of();
        if (urls.size() > MOST_URLS) {
            exchange.refuse(400, "a mail has at most " + MOST_URLS + " pictures here");
            return;
        }
        if (emails.get(visitor, email, List.of("id")).isEmpty()) {
            exchange.refuse(404, "there is no such mail, or it has gone");
            return;
        }
        Json.Building signed = Json.object();
        for (Json one : urls) {
            if (one instanceof Json.Text(String url) && url.length() <= LONGEST_URL && isWeb(url)) {
                signed.put(
                        url,
                        "/pictures/fetch?u=" + URLEncoder.encode(url, StandardCharsets.UTF_8) + "&m=" + email + "&s="
                                + secret.sign("picture", account(visitor), email, url));
            }
        }
        exchange.answer(200, Json.object().put("signed", signed.build()).build());
    }

    /// `GET /pictures/fetch`.
    void fetch(Exchange exchange, Visitor visitor, Trace trace) throws IOException {
        String url = exchange.query("u").orElse("");
        String email = exchange.query("m").orElse("");
        if (!secret.isSigned(exchange.query("s").orElse(""), "picture", account(visitor), email, url)) {
            exchange.refuse(403, "this address was not made by this server for you");
            return;
        }
        Optional<Picture> picture = Optional.ofNullable(cache.getIfPresent(url));
        if (picture.isEmpty()) {
            picture = load(url, trace);
            picture.ifPresent(found -> cache.put(url, found));
        }
        if (picture.isEmpty()) {
            exchange.refuse(502, "this picture cannot be had");
            return;
        }
        exchange.set("Content-Security-Policy", Headers.FOREIGN)
                .set("Cache-Control", "private, max-age=3600")
                .answer(200, picture.get().type, picture.get().octets);
    }

    private Optional<Picture> load(String url, Trace trace) {
        if (!fetching.tryAcquire()) {
            return Optional.empty();
        }
        try {
            PublicWeb.Got got = web.send(new PublicWeb.Wanted(
                    "GET",
                    new URI(url.replace(" ", "%20")),
                    Map.of("Accept", "image/avif,image/webp,image/png,image/jpeg,image/gif"),
                    new byte[0],
                    MOST_OCTETS,
                    MOST_REDIRECTS,
                    LIMIT));
            return got.status() == 200 ? kind(got.body()).map(type -> new Picture(type, got.body())) : Optional.empty();
        } catch (IOException | URISyntaxException e) {
            trace.info("picture", "status", "failed", "reason", String.valueOf(e.getMessage()));
            return Optional.empty();
        } finally {
            fetching.release();
        }
    }

    /// What the octets are, whatever the other server calls them; only kinds that are pixels and nothing else.
    static Optional<String> kind(byte[] octets) {
        String head = new String(octets, 0, Math.min(16, octets.length), StandardCharsets.ISO_8859_1);
        if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        } else if (head.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        } else if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
            return Optional.of("image/gif");
        } else if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return Optional.of("image/webp");
        } else if (head.startsWith("ftypavif", 4) || head.startsWith("ftypavis", 4)) {
            return Optional.of("image/avif");
        }
        return Optional.empty();
    }

    private static boolean isWeb(String url) {
        return url.regionMatches(true, 0, "https://", 0, 8) || url.regionMatches(true, 0, "http://", 0, 7);
    }

    private static String account(Visitor visitor) {
        return visitor.caller().account().id().toString();
    }
}
