package tamanoir.mail.sieve.extension;

import java.util.List;
import java.util.Locale;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;

/// `environment` (RFC 5183), and the same as variables (vnd.dovecot.environment).
public final class Environment implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("environment");
        language.capability("vnd.dovecot.environment");
        language.implies("vnd.dovecot.environment", "environment");
        language.test("environment", "environment")
                .positional("name", Kind.TEXT)
                .positional("key list", Kind.TEXTS)
                .matching()
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Phrase item = arguments.text(0);
                    List<Phrase> keys = arguments.texts(1);
                    // RFC 5183 §4: an unknown item is false, with any match type.
                    return run -> run.host()
                            .environment(item.in(run).toLowerCase(Locale.ROOT))
                            .filter(value -> matching.test(run, List.of(value), keys))
                            .isPresent();
                });
    }
}
