package tamanoir.server.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import tamanoir.mail.jmap.Json;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AppPasswords.Scope;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.Login;
import tamanoir.server.jmap.Caller;
import tamanoir.server.jmap.Jmap;
import tamanoir.server.observe.Trace;
import tamanoir.server.web.WebSessions.WebSession;

/// Signing in and out, who is signed in, and what else has to do with passwords.
final class SignInPaths {
    private static final String COOKIE = "__Host-tamanoir";
    private static final String COOKIE_RULES = "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=";
    private static final Duration FOREVER = Duration.ofDays(365 * 100);
    private static final int LONGEST_PASSWORD = 1_000;
    private static final int MOST_TOKENS = 100;

    private final Directory directory;
    private final WebSessions sessions;
    private final WebSessions tokens;
    private final Jmap jmap;
    private final Live live;
    private final Supplier<WebSettings> settings;

    SignInPaths(
            Directory directory,
            WebSessions sessions,
            WebSessions tokens,
            Jmap jmap,
            Live live,
            Supplier<WebSettings> settings) {
        this.directory = directory;
        this.sessions = sessions;
        this.tokens = tokens;
        this.jmap = jmap;
        this.live = live;
        this.settings = settings;
    }

    // ---- who is it -------------------------------------------------------------------------------------------

    /// By cookie; by name and password (RFC 7617) or token (RFC 6750) over TLS or from this machine.
    Optional<Visitor> visitor(Exchange exchange, Trace trace) {
        Optional<String> authorization = exchange.header("Authorization");
        if (authorization.isEmpty()) {
            return exchange.cookie(COOKIE)
                    .flatMap(token -> sessions.find(
                            token, settings.get().sessionIdle(), settings.get().sessionLifetime(), exchange.client()))
                    .flatMap(session -> active(session)
                            .map(account ->
                                    new Visitor(new Caller(account, trace), Optional.of(session), Optional.empty())));
        }
        String text = authorization.get().strip();
        String scheme = text.toLowerCase(Locale.ROOT);
        if (scheme.startsWith("basic ")) {
            return basic(exchange, text.substring(6).strip(), trace);
        } else if (scheme.startsWith("bearer ")) {
            return tokens.find(text.substring(7).strip(), FOREVER, FOREVER, exchange.client())
                    .flatMap(token -> active(token)
                            .map(account ->
                                    new Visitor(new Caller(account, trace), Optional.empty(), Optional.of(token))));
        }
        return Optional.empty();
    }

    /// Whether somebody who came in earlier still may: for conversations that go on for days.
    boolean isStillIn(Visitor visitor) {
        return visitor.session().map(sessions::lives).orElse(true)
                && visitor.token().map(tokens::lives).orElse(true)
                && directory
                        .account(visitor.caller().account().id())
                        .filter(account -> account.state() == Account.State.ACTIVE)
                        .isPresent();
    }

    private Optional<Account> active(WebSession session) {
        return directory.account(session.account()).filter(account -> account.state() == Account.State.ACTIVE);
    }

    private Optional<Visitor> basic(Exchange exchange, String coded, Trace trace) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(coded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int colon = pair.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : switch (attempt(
                        exchange,
                        pair.substring(0, colon),
                        pair.substring(colon + 1),
                        Optional.of(Scope.JMAP),
                        trace)) {
                    case Attempt.In(Account account) ->
                        Optional.of(new Visitor(new Caller(account, trace), Optional.empty(), Optional.empty()));
                    case Attempt.Wrong _, Attempt.TooOften _ -> Optional.empty();
                };
    }

    private sealed interface Attempt {
        record In(Account account) implements Attempt {}

        record Wrong() implements Attempt {}

        record TooOften(Duration delay) implements Attempt {}
    }

    /// `scope` lets an app password in that opens this; people at the sign-in page have their own.
    private Attempt attempt(Exchange exchange, String name, String password, Optional<Scope> scope, Trace trace) {
        Duration wait = directory.bans().begin(name, exchange.address());
        if (wait.isPositive()) {
            trace.info("login", "user", name, "client", exchange.client(), "status", "throttled");
            return new Attempt.TooOften(wait);
        }
        if (password.length() > LONGEST_PASSWORD) {
            directory.bans().failed(name, exchange.address(), "webmail", "");
            return new Attempt.Wrong();
        }
        return switch (scope.map(opens -> directory.authenticate(name, password, opens))
                .orElseGet(() -> directory.authenticate(name, password))) {
            case Login.Ok ok -> {
                directory.bans().succeeded(name, exchange.address());
                yield new Attempt.In(ok.account());
            }
            case Login.Refused refused -> {
                directory.bans().failed(name, exchange.address(), "webmail", password);
                trace.info(
                        "login",
                        "user",
                        name,
                        "client",
                        exchange.client(),
                        "status",
                        "refused",
                        "reason",
                        refused.reason());
                yield new Attempt.Wrong();
            }
        };
    }

    // ---- paths -----------------------------------------------------------------------------------------------

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
        exchange.user(who.caller().account().address().toString());
        switch (asked) {
            case "GET /auth/session" -> exchange.answer(200, session(exchange, who.caller()));
            case "POST /auth/sign-out" -> signOut(exchange, who);
            case "GET /auth/sessions" -> exchange.answer(200, list("sessions", sessions, who));
            case "GET /auth/tokens" -> exchange.answer(200, list("tokens", tokens, who));
            case "POST /auth/tokens" -> newToken(exchange, who, trace);
            case "POST /auth/password" -> changePassword(exchange, who, trace);
            default -> {
                if (asked.startsWith("DELETE /auth/sessions/")) {
                    end(exchange, sessions, who, path);
                } else if (asked.startsWith("DELETE /auth/tokens/")) {
                    end(exchange, tokens, who, path);
                } else {
                    exchange.refuse(404, "there is nothing at this address");
                }
            }
        }
    }

    private void signIn(Exchange exchange, Trace trace) throws IOException {
        Json.Obj asked = exchange.smallJson();
        switch (attempt(exchange, text(asked, "name"), text(asked, "password"), Optional.empty(), trace)) {
            case Attempt.In(Account account) -> {
                exchange.user(account.address().toString());
                String token = sessions.begin(
                        account.id(), exchange.header("User-Agent").orElse(""), exchange.client());
                trace.info("login", "user", account.address(), "client", exchange.client(), "status", "ok");
                exchange.set(
                        "Set-Cookie",
                        COOKIE + "=" + token + COOKIE_RULES
                                + settings.get().sessionLifetime().toSeconds());
                exchange.answer(200, session(exchange, new Caller(account, trace)));
            }
            case Attempt.Wrong _ -> exchange.refuse(401, "This name and password do not go together.");
            case Attempt.TooOften(Duration wait) -> tooOften(exchange, wait);
        }
    }

    private static void tooOften(Exchange exchange, Duration wait) throws IOException {
        long seconds = Math.max(1, wait.toSeconds() + 1);
        exchange.set("Retry-After", Long.toString(seconds));
        exchange.answer(
                429,
                Json.object()
                        .put("detail", "Too many wrong passwords. Try again in " + seconds + " seconds.")
                        .put("retryAfter", seconds)
                        .build());
    }

    private void signOut(Exchange exchange, Visitor who) throws IOException {
        who.session().ifPresent(sessions::end);
        exchange.set("Set-Cookie", COOKIE + "=" + COOKIE_RULES + "0");
        exchange.set("Clear-Site-Data", "\"cache\"");
        exchange.answer(204);
    }

    /// Whoever changes the password shows the old one again, however long signed in: a browser left open is not enough.
    private void changePassword(Exchange exchange, Visitor who, Trace trace) throws IOException {
        Json.Obj asked = exchange.json();
        String changed = text(asked, "new");
        if (!isOwner(exchange, who, text(asked, "old"), trace)) {
            return;
        }
        if (changed.codePointCount(0, changed.length()) < settings.get().shortestPassword()
                || changed.length() > LONGEST_PASSWORD) {
            exchange.refuse(400, "A password has at least " + settings.get().shortestPassword() + " characters here.");
            return;
        }
        Account account = who.caller().account();
        directory.setPassword(account.id(), changed);
        // Whoever knew the old one is out, in every browser but this one.
        sessions.end(account.id(), session -> !who.cameBy(session.key()));
        live.end(other -> other.caller().account().id().equals(account.id())
                && other.session().isEmpty()
                && other.token().isEmpty());
        trace.info("password changed", "user", account.address(), "client", exchange.client());
        exchange.answer(204);
    }

    private void newToken(Exchange exchange, Visitor who, Trace trace) throws IOException {
        Json.Obj asked = exchange.json();
        if (!isOwner(exchange, who, text(asked, "password"), trace)) {
            return;
        }
        Account account = who.caller().account();
        if (tokens.of(account.id()).size() >= MOST_TOKENS) {
            exchange.refuse(400, "There are " + MOST_TOKENS + " tokens already; remove one that is not used.");
            return;
        }
        String name = text(asked, "name").strip();
        String token = tokens.begin(account.id(), name.isEmpty() ? "token" : name, exchange.client());
        trace.info("token made", "user", account.address(), "name", name);
        exchange.answer(
                200,
                Json.object()
                        .put("id", WebSessions.key(token))
                        .put("token", token)
                        .build());
    }

    /// Answers the refusal itself when it is not.
    private boolean isOwner(Exchange exchange, Visitor who, String password, Trace trace) throws IOException {
        String name = who.caller().account().address().toString();
        return switch (attempt(exchange, name, password, Optional.empty(), trace)) {
            case Attempt.In _ -> true;
            case Attempt.Wrong _ -> {
                exchange.refuse(403, "The password is wrong.");
                yield false;
            }
            case Attempt.TooOften(Duration wait) -> {
                tooOften(exchange, wait);
                yield false;
            }
        };
    }

    private static void end(Exchange exchange, WebSessions of, Visitor who, String path) throws IOException {
        String id = path.substring(path.lastIndexOf('/') + 1);
        of.end(who.caller().account().id(), session -> session.key().equals(id));
        exchange.answer(204);
    }

    private Json.Obj session(Exchange exchange, Caller caller) {
        return Json.object()
                .put("session", jmap.session(caller, exchange.base()))
                .build();
    }

    private static Json.Obj list(String name, WebSessions of, Visitor who) {
        List<Json> all = of.of(who.caller().account().id()).stream()
                .<Json>map(session -> Json.object()
                        .put("id", session.key())
                        .put("created", session.created().toString())
                        .put("lastUsed", session.lastUsed().toString())
                        .put("client", session.client())
                        .put("address", session.address())
                        .put("current", who.cameBy(session.key()))
                        .build())
                .toList();
        return Json.object().put(name, all).build();
    }

    private static String text(Json.Obj object, String name) {
        return object.get(name).orElse(Json.NULL) instanceof Json.Text(String value) ? value : "";
    }
}
