package tamanoir.mail.sieve.extension;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.ScriptFailed;
import tamanoir.mail.sieve.Step;
import tamanoir.mail.text.BadSyntax;

/// `notify`, `valid_notify_method`, `notify_method_capability` (RFC 5435), by mail (RFC 5436).
public final class Notifying implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("enotify");
        Language.Word word = language.command("notify", "enotify")
                .positional("method", Kind.TEXT)
                .tag("from", Kind.TEXT)
                .tag("importance", Kind.TEXT)
                .tag("options", Kind.TEXTS)
                .tag("message", Kind.TEXT);
        Copies.tags(word);
        word.does((arguments, compiler) -> {
            Phrase method = arguments.text(0);
            method.constant().ifPresent(uri -> check(arguments, uri));
            Optional<Phrase> from = arguments.text("from");
            from.flatMap(Phrase::constant).ifPresent(text -> {
                try {
                    Base.address(text);
                } catch (BadSyntax e) {
                    throw arguments.wrong("specified :from address '" + text + "' is invalid for the mailto method");
                }
            });
            Optional<Phrase> importance = arguments.text("importance");
            importance
                    .flatMap(Phrase::constant)
                    .filter(text -> !text.matches("[123]"))
                    .ifPresent(text -> {
                        throw arguments.wrong("invalid :importance value for notify command: " + text);
                    });
            Optional<Phrase> message = arguments.text("message");
            Optional<List<Phrase>> options = arguments.texts("options");
            options.ifPresent(list -> list.forEach(option -> option.constant()
                    .filter(text -> !text.matches("[A-Za-z0-9][A-Za-z0-9._-]*=(?s:.)*"))
                    .ifPresent(text -> {
                        throw arguments.wrong("invalid :options value for notify command: '" + text + "'");
                    })));
            Optional<Copies.Wanted> fcc = Copies.wanted(arguments);
            return run -> {
                String uri = method.in(run);
                if (!run.host().isNotifyMethod(uri)) {
                    throw new ScriptFailed(arguments.place(), "there is no notification by '" + uri + "'");
                }
                String level = importance.map(phrase -> phrase.in(run)).orElse("2");
                run.act(new Action.Notify(
                        arguments.place(),
                        uri,
                        from.map(phrase -> phrase.in(run)).orElse(""),
                        level.matches("[123]") ? Integer.parseInt(level) : 2,
                        message.map(phrase -> phrase.in(run)).orElse(""),
                        options.map(list -> Phrase.all(list, run)).orElse(List.of()),
                        fcc.map(copy -> copy.in(run))));
                return Step.Flow.ON;
            };
        });
        language.test("valid_notify_method", "enotify")
                .positional("notification-uris", Kind.TEXTS)
                .holds((arguments, compiler) -> {
                    List<Phrase> uris = arguments.texts(0);
                    return run -> uris.stream()
                            .allMatch(uri -> run.host().isNotifyMethod(uri.in(run)) && isMethod(uri.in(run)));
                });
        language.test("notify_method_capability", "enotify")
                .positional("notification-uri", Kind.TEXT)
                .positional("notification-capability", Kind.TEXT)
                .positional("key-list", Kind.TEXTS)
                .matching()
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Phrase uri = arguments.text(0);
                    Phrase capability = arguments.text(1);
                    List<Phrase> keys = arguments.texts(2);
                    // RFC 5436 §2.3: by mail nobody can tell whether the recipient is there.
                    return run -> run.host().isNotifyMethod(uri.in(run))
                            && isMethod(uri.in(run))
                            && capability.in(run).equalsIgnoreCase("online")
                            && matching.test(run, List.of("maybe"), keys);
                });
    }

    private static void check(Arguments arguments, String uri) {
        int colon = uri.indexOf(':');
        if (colon <= 0) {
            throw arguments.wrong("invalid URI '" + uri + "' for notify method: it has no scheme");
        }
        if (!uri.regionMatches(true, 0, "mailto:", 0, 7)) {
            throw arguments.wrong(
                    "unknown notification method '" + uri.substring(0, colon) + "'; mailto is what works here");
        }
        Optional<String> wrong = Mailto.problem(uri);
        if (wrong.isPresent()) {
            throw arguments.wrong("invalid mailto URI '" + uri + "': " + wrong.get());
        }
    }

    private static boolean isMethod(String uri) {
        try {
            return "mailto".equals(String.valueOf(new URI(uri).getScheme()).toLowerCase(Locale.ROOT))
                    && Mailto.problem(uri).isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
