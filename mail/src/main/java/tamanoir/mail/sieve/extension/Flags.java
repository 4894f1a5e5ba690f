package tamanoir.mail.sieve.extension;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tamanoir.mail.sieve.Arguments;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Matching;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Run;
import tamanoir.mail.sieve.Step;

/// Flags of IMAP: `setflag`, `addflag`, `removeflag`, `hasflag` and `:flags` (RFC 5232).
public final class Flags implements Language.Extension {
    private static final Set<String> SYSTEM = Set.of("\\answered", "\\flagged", "\\deleted", "\\seen", "\\draft");

    /// What `:flags` of an action gives, or else the internal variable.
    record Given(Optional<List<Phrase>> flags) {
        List<String> in(Run run) {
            return flags.map(list -> split(Phrase.all(list, run))).orElseGet(run::flags);
        }
    }

    static Given given(Arguments arguments) {
        return new Given(arguments.texts("flags"));
    }

    /// RFC 5232 §2: blanks divide; case does not matter; what is no flag is left out.
    static List<String> split(List<String> texts) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (String text : texts) {
            for (String flag : text.strip().split("[ \\t\\r\\n]+")) {
                if (isFlag(flag)) {
                    flags.putIfAbsent(flag.toLowerCase(Locale.ROOT), flag);
                }
            }
        }
        return List.copyOf(flags.values());
    }

    private static boolean isFlag(String flag) {
        if (flag.startsWith("\\")) {
            return SYSTEM.contains(flag.toLowerCase(Locale.ROOT));
        }
        return !flag.isEmpty() && flag.chars().allMatch(c -> c > ' ' && c < 127 && "(){%*\"]".indexOf(c) < 0);
    }

    @Override
    public void addTo(Language language) {
        language.capability("imap4flags");
        change(language, "setflag", (before, given) -> given);
        change(language, "addflag", (before, given) -> {
            List<String> all = new ArrayList<>(before);
            all.addAll(given);
            return all;
        });
        change(
                language,
                "removeflag",
                (before, given) -> before.stream()
                        .filter(flag -> given.stream().noneMatch(flag::equalsIgnoreCase))
                        .toList());
        language.test("hasflag", "imap4flags")
                .optional("variable list", Kind.TEXTS)
                .positional("flag list", Kind.TEXTS)
                .matching()
                .holds((arguments, compiler) -> {
                    Matching matching = arguments.matching();
                    Optional<List<Phrase>> names =
                            arguments.isGiven(0) ? Optional.of(arguments.texts(0)) : Optional.empty();
                    List<Phrase> keys = arguments.texts(1);
                    return run -> {
                        List<String> flags = names.isPresent()
                                ? split(names.get().stream()
                                        .map(name -> run.variable(name.in(run)))
                                        .toList())
                                : run.flags();
                        if (matching.type() == Matching.Type.COUNT) {
                            return matching.test(run, flags, keys);
                        }
                        // The keys may be lists of flags too, but for patterns.
                        List<Phrase> sought = new ArrayList<>();
                        for (String key : Phrase.all(keys, run)) {
                            for (String one : key.strip().split("[ \\t\\r\\n]+")) {
                                sought.add(Phrase.of(one));
                            }
                        }
                        return matching.test(run, flags, sought);
                    };
                });
    }

    private interface Change {
        List<String> of(List<String> before, List<String> given);
    }

    private static void change(Language language, String name, Change change) {
        language.command(name, "imap4flags")
                .optional("variable name", Kind.TEXT)
                .positional("list of flags", Kind.TEXTS)
                .does((arguments, compiler) -> {
                    Optional<String> variable = Optional.empty();
                    if (arguments.isGiven(0)) {
                        if (!compiler.has("variables")) {
                            throw arguments.wrong(
                                    "the " + arguments.named()
                                            + " only allows for the specification of a variable name when the variables extension is active");
                        }
                        String text = arguments.text(0).constant().orElse("");
                        if (!Variables.isName(text)) {
                            throw arguments.wrong("invalid variable name '" + text + "'");
                        }
                        variable = Optional.of(text);
                    }
                    List<Phrase> flags = arguments.texts(1);
                    Optional<String> where = variable;
                    return run -> {
                        List<String> given = split(Phrase.all(flags, run));
                        if (where.isPresent()) {
                            List<String> now = split(change.of(split(List.of(run.variable(where.get()))), given));
                            run.variable(arguments.place(), where.get(), String.join(" ", now));
                        } else {
                            run.flags(split(change.of(run.flags(), given)));
                        }
                        return Step.Flow.ON;
                    };
                });
    }
}
