package tamanoir.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.setup.Dialogue;
import tamanoir.server.setup.Setup;

/// The set-up page and what it asks. Once the set-up is over, there is nothing at any of its addresses.
final class SetupPaths {
    private static final String API = "/setup/api/";
    private static final String TOKEN = "X-Setup-Token";

    private final Setup setup;
    private final Dialogue dialogue;

    SetupPaths(Setup setup) {
        this.setup = setup;
        this.dialogue = new Dialogue(setup);
    }

    static boolean isOne(String path) {
        return path.equals("/setup") || path.startsWith("/setup/") || path.equals("/setup.html");
    }

    void serve(Exchange exchange, String path) throws IOException {
        if (!setup.isOpen()) {
            nothing(exchange);
        } else if (path.startsWith(API)) {
            answer(exchange, path.substring(API.length()));
        } else if (path.equals("/setup")
                && (exchange.method().equals("GET") || exchange.method().equals("HEAD"))) {
            page(exchange);
        } else {
            nothing(exchange);
        }
    }

    private static void nothing(Exchange exchange) throws IOException {
        exchange.refuse(404, "there is nothing at this address");
    }

    /// The page itself holds no secret: without the token in its address it can ask nothing.
    private static void page(Exchange exchange) throws IOException {
        try (InputStream in = SetupPaths.class.getResourceAsStream("/webmail/setup.html")) {
            if (in == null) {
                exchange.refuse(503, "The set-up page was not built into this server; use: tamanoir setup");
                return;
            }
            exchange.set("Content-Security-Policy", Headers.APP)
                    .answer(200, "text/html; charset=utf-8", in.readAllBytes());
        }
    }

    private void answer(Exchange exchange, String question) throws IOException {
        String language = exchange.header("Accept-Language").orElse("en");
        Setup.Entry entry = setup.enter(exchange.header(TOKEN).orElse(""), exchange.client());
        switch (entry) {
            case GONE -> nothing(exchange);
            case WRONG, LATE -> exchange.refuse(401, Dialogue.refusal(entry, language));
            case TOO_MANY -> exchange.set("Retry-After", "600").refuse(429, Dialogue.refusal(entry, language));
            case OPEN -> {
                Json.Obj body = exchange.method().equals("POST") ? exchange.json() : Json.Obj.EMPTY;
                try {
                    Optional<Json> answer = dialogue.answer(exchange.method() + " " + question, body, language);
                    if (answer.isPresent()) {
                        exchange.answer(200, answer.get());
                    } else {
                        nothing(exchange);
                    }
                } catch (Refused e) {
                    // Whoever was overtaken by the end of the set-up sees what everybody sees from then on.
                    exchange.refuse(
                            setup.isOpen() ? 403 : 404,
                            setup.isOpen() ? String.valueOf(e.getMessage()) : "there is nothing at this address");
                } catch (Unavailable e) {
                    // The administrator is the one to know why.
                    exchange.refuse(503, String.valueOf(e.getMessage()));
                }
            }
        }
    }
}
