package tamanoir.mail.sieve.extension;

import java.util.List;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;

/// Lists from outside: `valid_ext_list`, and the match type `:list` (RFC 6134).
public final class ExtLists implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("extlists");
        language.test("valid_ext_list", "extlists")
                .positional("ext-list-names", Kind.TEXTS)
                .holds((arguments, compiler) -> {
                    List<Phrase> names = arguments.texts(0);
                    return run -> names.stream().allMatch(name -> run.host().hasList(name.in(run)));
                });
    }
}
