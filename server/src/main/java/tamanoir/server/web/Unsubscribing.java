package tamanoir.server.web;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tamanoir.mail.jmap.Json;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.PublicWeb;

/// Leaves a mailing list for the reader, by what the mail itself says. One click where the list offers it and a
/// signature answers for that (RFC 8058), else the reader gets the address to write to or to open (RFC 2369 §3.2).
final class Unsubscribing {
    private static final String LIST = "header:List-Unsubscribe:asURLs";
    private static final String POST = "header:List-Unsubscribe-Post:asText";
    private static final String RESULTS = "header:Authentication-Results:asRaw:all";
    private static final String SIGNATURES = "header:DKIM-Signature:asRaw:all";
    private static final String LISTS = "header:List-Unsubscribe:asRaw:all";
    private static final String POSTS = "header:List-Unsubscribe-Post:asRaw:all";
    private static final byte[] ONE_CLICK = "List-Unsubscribe=One-Click".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_OCTETS = 64 * 1024;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final PublicWeb web;
    private final Emails emails;
    private final Supplier<String> server;

    /// `server` is the name under which this server tells what it found about signatures.
    Unsubscribing(PublicWeb web, Emails emails, Supplier<String> server) {
        this.web = web;
        this.emails = emails;
        this.server = server;
    }

    void serve(Exchange exchange, Visitor visitor, Trace trace) throws IOException {
        String email = exchange.json().get("emailId").orElse(Json.NULL) instanceof Json.Text(String id) ? id : "";
        Optional<Json.Obj> mail = emails.get(visitor, email, List.of(LIST, POST, LISTS, POSTS, RESULTS, SIGNATURES));
        if (mail.isEmpty()) {
            exchange.refuse(404, "there is no such mail, or it has gone");
            return;
        }
        List<String> ways = mail.get().get(LIST).orElse(Json.NULL) instanceof Json.Arr(List<Json> all)
                ? all.stream()
                        .map(one -> one instanceof Json.Text(String text) ? text.strip() : "")
                        .toList()
                : List.of();
        Optional<String> secure = first(ways, "https:");
        boolean oneClick = mail.get().get(POST).orElse(Json.NULL) instanceof Json.Text(String post)
                && post.strip().equalsIgnoreCase("List-Unsubscribe=One-Click");
        if (secure.isPresent() && oneClick && isVouchedFor(mail.get())) {
            click(exchange, secure.get(), visitor, trace);
        } else if (first(ways, "mailto:").isPresent()) {
            exchange.answer(
                    200,
                    Json.object().put("mailto", first(ways, "mailto:").get()).build());
        } else if (secure.or(() -> first(ways, "http:")).isPresent()) {
            exchange.answer(
                    200,
                    Json.object()
                            .put("open", secure.or(() -> first(ways, "http:")).get())
                            .build());
        } else {
            exchange.refuse(404, "this mail does not say how to leave its list");
        }
    }

    /// A field that stands twice was signed once: nobody knows which of them the sender wrote.
    private boolean isVouchedFor(Json.Obj mail) {
        return texts(mail, LISTS).size() == 1
                && texts(mail, POSTS).size() == 1
                && new OneClick(server.get(), texts(mail, RESULTS), texts(mail, SIGNATURES)).isVouchedFor();
    }

    private static List<String> texts(Json.Obj mail, String property) {
        return mail.get(property).orElse(Json.NULL) instanceof Json.Arr(List<Json> all)
                ? all.stream()
                        .map(one -> one instanceof Json.Text(String text) ? text : "")
                        .toList()
                : List.of();
    }

    /// RFC 8058 §3.2: a POST without anything that tells who we are; no redirects.
    private void click(Exchange exchange, String url, Visitor visitor, Trace trace) throws IOException {
        try {
            PublicWeb.Got got = web.send(new PublicWeb.Wanted(
                    "POST",
                    new URI(url),
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    ONE_CLICK,
                    MOST_OCTETS,
                    0,
                    LIMIT));
            trace.info("unsubscribe", "user", visitor.caller().account().address(), "status", got.status());
            if (got.status() / 100 == 2) {
                exchange.answer(200, Json.object().put("done", true).build());
            } else {
                exchange.answer(
                        502,
                        Json.object()
                                .put("detail", "The list answered with error " + got.status() + ".")
                                .put("open", url)
                                .build());
            }
        } catch (IOException | URISyntaxException e) {
            trace.info("unsubscribe", "status", "failed", "reason", String.valueOf(e.getMessage()));
            exchange.answer(
                    502,
                    Json.object()
                            .put("detail", "The list cannot be reached now. Try again later, or open its page.")
                            .put("open", url)
                            .build());
        }
    }

    private static Optional<String> first(List<String> ways, String scheme) {
        return ways.stream()
                .filter(way -> way.toLowerCase(Locale.ROOT).startsWith(scheme))
                .findFirst();
    }
}
