package tamanoir.mail.sieve.extension;

import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Step;

/// `reject` and `ereject` (RFC 5429).
public final class Refuse implements Language.Extension {
    @Override
    public void addTo(Language language) {
        for (String name : new String[] {"reject", "ereject"}) {
            language.capability(name);
            language.command(name, name).positional("reason", Kind.TEXT).does((arguments, compiler) -> {
                Phrase reason = arguments.text(0);
                return run -> {
                    run.act(new Action.Reject(arguments.place(), reason.in(run), name.equals("ereject")));
                    run.cancelKeep();
                    return Step.Flow.ON;
                };
            });
        }
    }
}
