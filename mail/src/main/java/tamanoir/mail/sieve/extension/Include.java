package tamanoir.mail.sieve.extension;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.sieve.Language;
import tamanoir.mail.sieve.Language.Kind;
import tamanoir.mail.sieve.Phrase;
import tamanoir.mail.sieve.Script;
import tamanoir.mail.sieve.ScriptFailed;
import tamanoir.mail.sieve.Step;

/// `include`, `return` and `global` (RFC 6609). Included scripts are compiled with the one that names them.
public final class Include implements Language.Extension {
    @Override
    public void addTo(Language language) {
        language.capability("include");
        language.command("include", "include")
                .positional("script name", Kind.TEXT)
                .tag("personal", Kind.NONE, "script location", "include")
                .tag("global", Kind.NONE, "script location", "include")
                .tag("once", Kind.NONE)
                .tag("optional", Kind.NONE)
                .does((arguments, compiler) -> {
                    String name = arguments
                            .text(0)
                            .constant()
                            .orElseThrow(() ->
                                    arguments.wrong("the include command takes no variables in the name of a script"));
                    if (name.isEmpty() || name.contains("/") || name.chars().anyMatch(c -> c < ' ' || c == 127)) {
                        throw arguments.wrong("invalid script name '" + name + "'");
                    }
                    boolean global = arguments
                            .chosen("script location")
                            .orElse("personal")
                            .equals("global");
                    boolean once = arguments.has("once");
                    boolean optional = arguments.has("optional");
                    Optional<Script> script = compiler.included(arguments.place(), name, global, once, optional);
                    return run -> {
                        if (script.isEmpty()) {
                            if (optional) {
                                return Step.Flow.ON;
                            }
                            throw new ScriptFailed(
                                    arguments.place(), "the included script '" + name + "' does not exist");
                        }
                        return run.included(arguments.place(), name, once, global, script.get());
                    };
                });
        language.command("return", "include").does((arguments, compiler) -> run -> Step.Flow.RETURN);
        language.command("global", "include")
                .positional("variable names", Kind.TEXTS)
                .does((arguments, compiler) -> {
                    if (!compiler.has("variables")) {
                        throw arguments.wrong("the global command requires that the variables extension is active");
                    }
                    List<Phrase> names = arguments.texts(0);
                    for (Phrase name : names) {
                        String text = name.constant().orElse("");
                        if (!Variables.isName(text)) {
                            throw arguments.wrong("invalid variable name '" + text + "'");
                        }
                    }
                    return run -> {
                        names.forEach(name -> run.shareVariable(name.in(run)));
                        return Step.Flow.ON;
                    };
                });
    }
}
