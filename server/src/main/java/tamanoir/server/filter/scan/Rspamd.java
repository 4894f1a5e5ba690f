package tamanoir.server.filter.scan;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.filter.draft.SpamVerdict;
import tamanoir.server.json.JsonText;

/// rspamd over HTTP (`/checkv2`): the message as the body, what is known about the client in fields, JSON back.
///
/// Java's own client talks to it: the address is the administrator's, so that nothing of what a client for the public
/// web must guard against applies. Used by many threads.
final class Rspamd implements Scanner {
    private static final long LONGEST_ANSWER = 1 << 20;
    private static final int SYMBOLS_TOLD = 30;

    private final URI uri;
    private final Duration limit;
    private final Scanners.Rule rule;
    private final HttpClient client;
    private final JsonText json = new JsonText(LONGEST_ANSWER);

    /// @throws BadSyntax when it is no URL
    Rspamd(String url, Duration limit, Scanners.Rule rule) {
        this.uri = uri(url);
        this.limit = limit;
        this.rule = rule;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limit)
                .build();
    }

    private static URI uri(String url) {
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                String path = uri.getPath();
                return path == null || path.isEmpty() || path.equals("/") ? uri.resolve("/checkv2") : uri;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new BadSyntax("rspamd_url: \"" + url + "\" is no URL such as http://127.0.0.1:11333");
    }

    @Override
    public String name() {
        return "rspamd";
    }

    @Override
    public boolean wants(Letter letter) {
        return rule.wants(letter);
    }

    @Override
    public boolean defersWithoutAnswer() {
        return rule.defers();
    }

    @Override
    public Opinion scan(Letter letter) throws IOException {
        HttpRequest.BodyPublisher message = HttpRequest.BodyPublishers.fromPublisher(
                HttpRequest.BodyPublishers.ofInputStream(letter.draft()::whole),
                letter.draft().size());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(limit).POST(message);
        about(letter).forEach(field -> request.header(field.getKey(), field.getValue()));
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream answer = response.body()) {
                if (response.statusCode() != 200) {
                    throw new BadSyntax("it answered with HTTP status " + response.statusCode());
                }
                return opinion(json.read(answer.readNBytes((int) LONGEST_ANSWER)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
    }

    /// What rspamd is told beside the message.
    private static List<Map.Entry<String, String>> about(Letter letter) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        tell(fields, "Ip", letter.client().getHostAddress());
        tell(fields, "Helo", letter.helo());
        tell(fields, "Hostname", letter.clientName());
        tell(fields, "From", "<" + letter.draft().envelope().sender() + ">");
        for (Recipient recipient : letter.draft().envelope().recipients()) {
            tell(fields, "Rcpt", "<" + recipient.address() + ">");
        }
        tell(fields, "User", letter.login());
        tell(fields, "Queue-Id", letter.id());
        return fields;
    }

    /// A field of HTTP holds printable ASCII; what a client says may be anything.
    private static void tell(List<Map.Entry<String, String>> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.add(Map.entry(name, value.replaceAll("[^\\x20-\\x7E]", "?").strip()));
        }
    }

    // ---- the answer ------------------------------------------------------------------------------------------

    /// @throws BadSyntax when it is no answer of rspamd
    static Opinion opinion(Json answer) {
        if (!(answer instanceof Json.Obj object)) {
            throw new BadSyntax("its answer is no object");
        }
        String action = text(object, "action")
                .orElseThrow(() -> new BadSyntax(
                        "its answer has no action: " + text(object, "error").orElse("?")));
        double score = number(object, "score");
        double required = number(object, "required_score");
        Json.Obj milter = object(object, "milter");
        String message = text(object(object, "messages"), "smtp_message")
                .map(Rspamd::plain)
                .orElse("");
        String reasons = symbols(object(object, "symbols"));
        String why = "score " + score + ", " + reasons;
        Optional<String> milterSays = text(milter, "reject");
        if (milterSays.filter("discard"::equals).isPresent() || action.equals("discard")) {
            return new Opinion.Discard(why);
        }
        if (milterSays.filter("quarantine"::equals).isPresent() || action.equals("quarantine")) {
            return new Opinion.Hold("rspamd: " + why);
        }
        return switch (action) {
            case "reject" ->
                new Opinion.Refuse(Reply.of(554, "5.7.1", message.isEmpty() ? "Spam message rejected" : message), why);
            case "soft reject" ->
                new Opinion.Refuse(Reply.of(451, "4.7.1", message.isEmpty() ? "Try again later" : message), why);
            case "greylist" ->
                new Opinion.Refuse(
                        Reply.of(451, "4.7.1", message.isEmpty() ? "Greylisted, please try again later" : message),
                        why);
            default ->
                pass(object, action, milter, new SpamVerdict("rspamd", isJunk(action), score, required, reasons));
        };
    }

    private static boolean isJunk(String action) {
        return action.equals("add header") || action.equals("rewrite subject");
    }

    private static Opinion pass(Json.Obj answer, String action, Json.Obj milter, SpamVerdict verdict) {
        List<String> remove = new ArrayList<>();
        object(milter, "remove_headers").members().keySet().stream()
                .filter(Rspamd::isName)
                .forEach(remove::add);
        List<Opinion.Field> add = new ArrayList<>();
        object(milter, "add_headers").members().forEach((name, value) -> addFields(name, value, add));
        answer.get("dkim-signature").ifPresent(value -> addFields("DKIM-Signature", value, add));
        text(milter, "spam_header").filter(Rspamd::isName).ifPresent(name -> {
            if (verdict.junk()) {
                add.add(new Opinion.Field(name, "Yes", -1));
            }
        });
        if (verdict.junk() && add.isEmpty()) {
            remove.add("X-Spam"); // as rspamd's own milter does where its settings say nothing
            add.add(new Opinion.Field("X-Spam", "Yes", -1));
        }
        Optional<String> subject =
                action.equals("rewrite subject") ? text(answer, "subject").map(Rspamd::plain) : Optional.empty();
        return new Opinion.Pass(remove, add, subject, Optional.of(verdict));
    }

    /// `"value"`, `{"value": …, "order": n}`, or an array of these.
    private static void addFields(String name, Json value, List<Opinion.Field> add) {
        if (!isName(name)) {
            return;
        }
        switch (value) {
            case Json.Text(String text) -> add.add(new Opinion.Field(name, text, 0));
            case Json.Obj object -> {
                int order = (int) number(object, "order");
                text(object, "value").ifPresent(text -> add.add(new Opinion.Field(name, text, Math.max(-1, order))));
            }
            case Json.Arr array ->
                array.items().stream().limit(100).forEach(item -> {
                    if (!(item instanceof Json.Arr)) {
                        addFields(name, item, add);
                    }
                });
            case Json.Null _, Json.Bool _, Json.Int _, Json.Real _ -> {}
        }
    }

    private static boolean isName(String name) {
        return name.matches("[!-9;-~]{1,200}");
    }

    private static String symbols(Json.Obj symbols) {
        return symbols.members().entrySet().stream()
                .filter(symbol -> symbol.getValue() instanceof Json.Obj)
                .map(symbol -> Map.entry(symbol.getKey(), number((Json.Obj) symbol.getValue(), "score")))
                .filter(symbol -> symbol.getValue() != 0)
                .sorted((a, b) -> Double.compare(Math.abs(b.getValue()), Math.abs(a.getValue())))
                .limit(SYMBOLS_TOLD)
                .map(symbol -> plain(symbol.getKey()) + "(" + symbol.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String plain(String text) {
        return text.replaceAll("[\\r\\n\\x00]+", " ");
    }

    private static Json.Obj object(Json.Obj of, String name) {
        return of.get(name).orElse(Json.NULL) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
    }

    private static Optional<String> text(Json.Obj of, String name) {
        return of.get(name).orElse(Json.NULL) instanceof Json.Text(String value)
                ? Optional.of(value)
                : Optional.empty();
    }

    private static double number(Json.Obj of, String name) {
        return switch (of.get(name).orElse(Json.NULL)) {
            case Json.Int number -> number.value();
            case Json.Real number -> number.value();
            case Json.Text _, Json.Null _, Json.Bool _, Json.Arr _, Json.Obj _ -> 0;
        };
    }
}
