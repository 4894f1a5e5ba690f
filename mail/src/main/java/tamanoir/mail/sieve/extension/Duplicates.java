package tamanoir.mail.sieve.extension;

import java.time.Duration;
import java.util.Optional;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Letter;
import tamanoir.mail.sieve.Phrase;

/// `duplicate` (RFC 7352).
public record Duplicates(Duration usual, Duration longest) implements Language.Extension {
    public Duplicates() {
        this(Duration.ofHours(12), Duration.ofDays(2));
    }

    @Override
    public void addTo(Language language) {
        language.capability("duplicate");
        language.test("duplicate", "duplicate")
                .tag("handle", Kind.TEXT)
                .tag("header", Kind.TEXT, "unique id", "duplicate")
                .tag("uniqueid", Kind.TEXT, "unique id", "duplicate")
                .tag("seconds", Kind.NUMBER)
                .tag("last", Kind.NONE)
                .holds((arguments, compiler) -> {
                    Optional<Phrase> header = arguments.text("header");
                    Optional<Phrase> id = arguments.text("uniqueid");
                    header.ifPresent(name -> name.constant()
                            .filter(text -> !Fields.isName(text))
                            .ifPresent(text -> {
                                throw arguments.wrong("specified header field name '" + text + "' is invalid");
                            }));
                    String handle =
                            arguments.text("handle").flatMap(Phrase::constant).orElse("");
                    Duration seconds = arguments
                            .number("seconds")
                            .map(number -> Duration.ofSeconds(Math.min(number, longest.toSeconds())))
                            .orElse(usual);
                    boolean last = arguments.has("last");
                    return run -> {
                        Optional<String> value = id.isPresent()
                                ? id.map(phrase -> phrase.in(run))
                                : run.letter()
                                        .first(header.map(phrase -> phrase.in(run))
                                                .orElse("Message-ID"))
                                        .map(Letter.Line::rawValue);
                        // RFC 7352 §3.1: without an id nothing is a duplicate, and nothing is remembered.
                        return value.filter(text ->
                                        !text.isEmpty() && run.host().duplicate(handle + "\0" + text, seconds, last))
                                .isPresent();
                    };
                });
    }
}
