package tamanoir.mail.sieve.extension;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.ScriptFailed;
import tamanoir.mail.sieve.Step;
import tamanoir.mail.text.BadSyntax;

/// `vacation` (RFC 5230, RFC 6131). Who gets an answer is decided by whoever carries it out.
public record Vacations(Duration usual, Duration shortest, Duration longest) implements Language.Extension {
    public Vacations() {
        this(Duration.ofDays(7), Duration.ofDays(1), Duration.ofDays(90));
    }

    @Override
    public void addTo(Language language) {
        language.capability("vacation");
        language.capability("vacation-seconds");
        language.capability("fcc");
        language.implies("vacation-seconds", "vacation");
        Language.Word word = language.command("vacation", "vacation")
                .positional("reason", Kind.TEXT)
                .tag("days", Kind.NUMBER, "interval", "vacation")
                .tag("seconds", Kind.NUMBER, "interval", "vacation-seconds")
                .tag("subject", Kind.TEXT)
                .tag("from", Kind.TEXT)
                .tag("addresses", Kind.TEXTS)
                .tag("mime", Kind.NONE)
                .tag("handle", Kind.TEXT);
        Copies.tags(word);
        word.does((arguments, compiler) -> {
            Phrase reason = arguments.text(0);
            Duration asked = arguments
                    .number("days")
                    .map(days -> Duration.ofDays(Math.min(days, 36_500)))
                    .or(() ->
                            arguments.number("seconds").map(seconds -> Duration.ofSeconds(Math.min(seconds, 1L << 40))))
                    .orElse(usual);
            Duration interval =
                    asked.compareTo(shortest) < 0 ? shortest : asked.compareTo(longest) > 0 ? longest : asked;
            Optional<Phrase> from = arguments.text("from");
            from.flatMap(Phrase::constant).ifPresent(text -> {
                try {
                    Base.address(text);
                } catch (BadSyntax e) {
                    throw arguments.wrong("specified :from address '" + text + "' is invalid for vacation action");
                }
            });
            Optional<Phrase> subject = arguments.text("subject");
            Optional<List<Phrase>> addresses = arguments.texts("addresses");
            boolean mime = arguments.has("mime");
            Optional<Phrase> handle = arguments.text("handle");
            Optional<Copies.Wanted> fcc = Copies.wanted(arguments);
            return run -> {
                if (run.actions().stream().anyMatch(action -> action instanceof Action.Vacation)) {
                    throw new ScriptFailed(arguments.place(), "duplicate vacation action not allowed"); // RFC 5230 §4.7
                }
                String text = reason.in(run);
                String title = subject.map(phrase -> phrase.in(run)).orElse("");
                String sender = from.map(phrase -> phrase.in(run)).orElse("");
                // RFC 5230 §4.2: without a handle, answers that differ are different answers.
                String key = handle.map(phrase -> phrase.in(run))
                        .orElse("\0" + text + "\0" + title + "\0" + sender + "\0" + mime);
                run.act(new Action.Vacation(
                        arguments.place(),
                        text,
                        interval,
                        title,
                        sender,
                        addresses.map(list -> Phrase.all(list, run)).orElse(List.of()),
                        mime,
                        key,
                        fcc.map(copy -> copy.in(run))));
                return Step.Flow.ON;
            };
        });
    }
}
