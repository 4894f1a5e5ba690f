package tamanoir.mail.sieve.extension;

import java.util.List;
import tamanoir.mail.sieve.Condition;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.ScriptFailed;

/// `ihave` and `error` (RFC 5463): answered while the script is compiled.
public final class Ihave implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("ihave");
        language.test("ihave", "ihave").positional("capabilities", Kind.TEXTS).holds((arguments, compiler) -> {
            List<Phrase> names = arguments.texts(0);
            boolean all = true;
            for (Phrase name : names) {
                all &= name.constant()
                        .filter(text -> !text.equals("variables") && !text.equals("encoded-character"))
                        .filter(compiler.language().capabilities()::contains)
                        .isPresent();
            }
            if (all) {
                names.forEach(name -> name.constant().ifPresent(compiler::require));
            }
            return all ? Condition.TRUE : Condition.FALSE;
        });
        language.command("error", "ihave").positional("message", Kind.TEXT).does((arguments, compiler) -> {
            Phrase message = arguments.text(0);
            return run -> {
                throw new ScriptFailed(arguments.place(), message.in(run));
            };
        });
    }
}
