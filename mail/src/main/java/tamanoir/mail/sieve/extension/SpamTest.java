package tamanoir.mail.sieve.extension;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;

/// `spamtest`, `spamtest :percent` and `virustest` (RFC 5235).
public final class SpamTest implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("spamtest");
        language.capability("spamtestplus");
        language.capability("virustest");
        language.implies("spamtestplus", "spamtest");
        language.test("spamtest", "spamtest")
                .positional("value", Kind.TEXT)
                .matching()
                .tag("percent", Kind.NONE, "", "spamtestplus")
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> keys = List.of(arguments.text(0));
                    boolean percent = arguments.has("percent");
                    return run -> {
                        Optional<Double> score = run.host().score("spam");
                        // RFC 5235 §3.1, §3.2: 0 is "not looked at"; 1 to 10, or 0 to 100 percent.
                        String value = score.isEmpty()
                                ? "0"
                                : Long.toString(percent ? Math.round(score.get() * 100) : 1 + (long) (score.get() * 9));
                        return matching.test(run, List.of(value), keys);
                    };
                });
        language.test("virustest", "virustest")
                .positional("value", Kind.TEXT)
                .matching()
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    List<Phrase> keys = List.of(arguments.text(0));
                    return run -> {
                        Optional<Double> score = run.host().score("virus");
                        String value = score.map(one -> Long.toString(1 + (long) (one * 4)))
                                .orElse("0");
                        return matching.test(run, List.of(value), keys);
                    };
                });
    }
}
