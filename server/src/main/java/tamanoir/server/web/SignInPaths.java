package tamanoir.server.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.Login;
import tamanoir.server.jmap.Caller;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.observe.Trace;
import tamanoir.server.web.WebSessions.WebSession;

/// Signing in and out, and who is signed in.
final class SignInPaths {
    private static final String COOKIE = "__Host-tamanoir";

    private final Directory directory;
    private final WebSessions sessions;
    private final Jmap jmap;
    private final WebSettings settings;

    SignInPaths(Directory directory, WebSessions sessions, Jmap jmap, WebSettings settings) {
        this.directory = directory;
        this.sessions = sessions;
        this.jmap = jmap;
        this.settings = settings;
    }

    /// By cookie, or by name and password over TLS or from this machine (RFC 7617).
    Optional<Visitor> visitor(Exchange exchange, Trace trace) {
        Optional<String> authorization = exchange.header("Authorization");
        if (authorization.isPresent()) {
            return basic(exchange, authorization.get(), trace);
        }
        return exchange.cookie(COOKIE)
                .flatMap(token -> sessions.find(token, settings, exchange.client()))
                .flatMap(session -> directory
                        .account(session.account())
                        .filter(account -> account.state() == Account.State.ACTIVE)
                        .map(account -> new Visitor(new Caller(account, trace), Optional.of(session))));
    }

    private Optional<Visitor> basic(Exchange exchange, String authorization, Trace trace) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith("basic ") || !Site.isPrivate(exchange)) {
            return Optional.empty();
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(authorization.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : switch (directory.authenticate(pair.substring(0, colon), pair.substring(colon + 1))) {
                        case Login.Ok ok -> Optional.of(new Visitor(new Caller(ok.account(), trace), Optional.empty()));
                        case Login.Refused refused -> {
                            trace.info("login", "status", "refused", "reason", refused.reason());
                            yield Optional.empty();
                        }
                    };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void serve(Exchange exchange, String path, Trace trace) throws IOException {
        String asked = exchange.method() + " " + path;
        if (asked.equals("POST /auth/sign-in")) {
            signIn(exchange, trace);
            return;
        }
        Optional<Visitor> visitor = visitor(exchange, trace);
        if (visitor.isEmpty()) {
            exchange.refuse(401, "sign in first");
            return;
        }
        Visitor who = visitor.get();
        switch (asked) {
            case "GET /auth/session" -> exchange.answer(200, session(exchange, who.caller()));
            case "POST /auth/sign-out" -> {
                who.session().ifPresent(sessions::end);
                exchange.set("Set-Cookie", COOKIE + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
                exchange.answer(204);
            }
            case "GET /auth/sessions" -> exchange.answer(200, list(who));
            default -> {
                if (asked.startsWith("DELETE /auth/sessions/")) {
                    String id = path.substring("/auth/sessions/".length());
                    sessions.end(
                            who.caller().account().id(),
                            session -> session.key().equals(id));
                    exchange.answer(204);
                } else {
                    exchange.refuse(404, "there is nothing at this address");
                }
            }
        }
    }

    private void signIn(Exchange exchange, Trace trace) throws IOException {
        Json.Obj asked = exchange.json();
        String name = text(asked, "name");
        switch (directory.authenticate(name, text(asked, "password"))) {
            case Login.Ok ok -> {
                String token = sessions.begin(
                        ok.account().id(), exchange.header("User-Agent").orElse(""), exchange.client());
                trace.info("login", "user", ok.account().address(), "status", "ok");
                exchange.set(
                        "Set-Cookie",
                        COOKIE + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age="
                                + settings.sessionLifetime().toSeconds());
                exchange.answer(200, session(exchange, new Caller(ok.account(), trace)));
            }
            case Login.Refused refused -> {
                trace.info("login", "user", name, "status", "refused", "reason", refused.reason());
                exchange.refuse(401, "This name and password do not go together.");
            }
        }
    }

    private Json.Obj session(Exchange exchange, Caller caller) {
        return Json.object()
                .put("session", jmap.session(caller, exchange.base()))
                .build();
    }

    private Json.Obj list(Visitor who) {
        List<Json> all = sessions.of(who.caller().account().id()).stream()
                .<Json>map(session -> one(session, who))
                .toList();
        return Json.object().put("sessions", all).build();
    }

    private static Json one(WebSession session, Visitor who) {
        return Json.object()
                .put("id", session.key())
                .put("created", session.created().toString())
                .put("lastUsed", session.lastUsed().toString())
                .put("client", session.client())
                .put("address", session.address())
                .put(
                        "current",
                        who.session()
                                .map(own -> own.key().equals(session.key()))
                                .orElse(false))
                .build();
    }

    private static String text(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Text(String value) ? value : "";
    }
}
