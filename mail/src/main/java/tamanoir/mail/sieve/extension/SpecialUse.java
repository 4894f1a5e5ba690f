package tamanoir.mail.sieve.extension;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;

/// `specialuse_exists` and `:specialuse` (RFC 8579).
public final class SpecialUse implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("special-use");
        language.test("specialuse_exists", "special-use")
                .optional("mailbox", Kind.TEXT)
                .positional("special-use flags", Kind.TEXTS)
                .holds((arguments, compiler) -> {
                    Optional<Phrase> mailbox = arguments.isGiven(0) ? Optional.of(arguments.text(0)) : Optional.empty();
                    mailbox.ifPresent(name -> Mailbox.checkName(arguments, name));
                    List<Phrase> uses = arguments.texts(1);
                    uses.forEach(use -> check(arguments, use));
                    return run -> uses.stream()
                            .allMatch(use -> run.host()
                                    .hasSpecialUse(
                                            mailbox.map(name -> name.in(run)).orElse(""), use.in(run)));
                });
    }

    /// A backslash and an atom (RFC 6154 §6).
    static void check(Arguments arguments, Phrase use) {
        use.constant().filter(text -> !text.matches("\\\\[A-Za-z0-9$_-]+")).ifPresent(text -> {
            throw arguments.wrong("specified special use flag '" + text + "' is invalid");
        });
    }
}
