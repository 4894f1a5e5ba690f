package tamanoir.server.sieve;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Script;
import tamanoir.mail.sieve.Step;
import tamanoir.mail.text.Sha256;
import tamanoir.server.search.HtmlText;

/// The answer of somebody who is away (RFC 8621 §8), as a script around the one that runs anyway.
///
/// It is no script of the account: ManageSieve and JMAP do not show it, cannot change it, and the active script stays
/// the active one. What runs is
///
///     away "from" "to" "subject" "answer" { include :personal "rules"; }
///
/// in a language of its own, as the command could not be written with `vacation`: a script that refuses a message must
/// not be answered too, one that stops must, and one that has an answer of its own has said what it wants.
record Away(
        boolean enabled,
        Optional<Instant> from,
        Optional<Instant> to,
        String subject,
        Optional<String> textBody,
        Optional<String> htmlBody) {
    /// The only object of its kind in an account.
    static final String ID = "singleton";

    /// How a script of ours begins; whoever writes the same gets no other language by it, as only what passed
    /// [Dialect#check] is kept.
    static final String HEADER =
            "# the vacation response (RFC 8621)\r\nrequire [\"vnd.tamanoir.away\", \"include\"];\r\n";

    /// The script of `sieve_default`, as `include :global` names it here.
    static final String STANDARD = "sieve_default of main.cf";

    private static final String CAPABILITY = "vnd.tamanoir.away";

    /// What is said when the person gave no words.
    private static final String WORDLESS = "I am away and will answer when I am back.";

    static Away of(Json.Obj value) {
        return new Away(
                value.get("isEnabled").filter(Json.of(true)::equals).isPresent(),
                text(value, "fromDate").map(Instant::parse),
                text(value, "toDate").map(Instant::parse),
                text(value, "subject").orElse(""),
                text(value, "textBody"),
                text(value, "htmlBody"));
    }

    private static Optional<String> text(Json.Obj value, String name) {
        return value.get(name).orElse(Json.NULL) instanceof Json.Text(String text)
                ? Optional.of(text)
                : Optional.empty();
    }

    // ---- the script ----------------------------------------------------------------------------------------------

    /// Around a script of the account.
    StoredScript around(StoredScript own) {
        return new StoredScript(
                own.id(), own.name(), script("include :personal " + quoted(own.name()) + ";"), true, own.changed());
    }

    /// Around nothing, or `sieve_default`.
    StoredScript alone(boolean standard) {
        return new StoredScript(
                ID, "vacation response", script(standard ? "include :global " + quoted(STANDARD) + ";" : ""), true, 0);
    }

    private String script(String inner) {
        boolean mime = htmlBody.isPresent();
        return HEADER + "away" + (mime ? " :mime" : "")
                + " \"" + from.map(Instant::toString).orElse("") + "\""
                + " \"" + to.map(Instant::toString).orElse("") + "\" "
                + quoted(subject) + " "
                + quoted(mime ? entity() : textBody.orElse(WORDLESS))
                + " { " + inner + " }\r\n";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\0", "").replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /// RFC 8621 §8: without a text one is made of the HTML. The same words make the same octets, so that nobody is
    /// told twice.
    private String entity() {
        String html = htmlBody.orElse("");
        String text = textBody.orElseGet(() -> HtmlText.of(html));
        String boundary = "=_" + hash(text + "\0" + html);
        return "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n"
                + part(boundary, "plain", text)
                + part(boundary, "html", html)
                + "--" + boundary + "--\r\n";
    }

    private static String part(String boundary, String subtype, String text) {
        return "--" + boundary + "\r\nContent-Type: text/" + subtype
                + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder()
                        .encodeToString(text.replaceAll("\r?\n", "\r\n").getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(Sha256.of(text), 0, 16);
    }

    // ---- its language --------------------------------------------------------------------------------------------

    /// The command `away`.
    record Command(SieveSettings.Vacation settings) implements Language.Extension {
        @Override
        public void addTo(Language language) {
            language.capability(CAPABILITY);
            language.command("away", CAPABILITY)
                    .positional("from", Kind.TEXT)
                    .positional("to", Kind.TEXT)
                    .positional("subject", Kind.TEXT)
                    .positional("answer", Kind.TEXT)
                    .tag("mime", Kind.NONE)
                    .block()
                    .does((arguments, compiler) -> {
                        List<String> words = new ArrayList<>();
                        for (int i = 0; i < 4; i++) {
                            words.add(arguments
                                    .text(i)
                                    .constant()
                                    .orElseThrow(() -> arguments.wrong("away takes no variables")));
                        }
                        Instant from = words.get(0).isEmpty() ? Instant.MIN : Instant.parse(words.get(0));
                        Instant to = words.get(1).isEmpty() ? Instant.MAX : Instant.parse(words.get(1));
                        Action.Vacation answer = new Action.Vacation(
                                arguments.place(),
                                words.get(3),
                                settings.usual(),
                                words.get(2),
                                "",
                                List.of(),
                                arguments.has("mime"),
                                "\0away\0" + words.get(2) + "\0" + words.get(3),
                                Optional.empty());
                        List<Step> block = arguments.block();
                        return run -> {
                            Step.Flow flow = Script.block(block, run);
                            Instant now = run.host().now().toInstant();
                            // RFC 8621 §8: on or after fromDate, before toDate.
                            if (!now.isBefore(from) && now.isBefore(to) && isKept(run)) {
                                run.act(answer);
                            }
                            return flow;
                        };
                    });
        }

        /// Whether the person gets the message at all, and nobody was answered otherwise.
        private static boolean isKept(Run run) {
            boolean kept = run.keepsImplicitly();
            for (Action action : run.actions()) {
                switch (action) {
                    case Action.Keep _, Action.FileInto _, Action.Redirect _ -> kept = true;
                    case Action.Reject _, Action.Vacation _ -> {
                        return false;
                    }
                    case Action.Discard _, Action.Notify _, Action.Report _ -> {}
                }
            }
            return kept;
        }
    }
}
