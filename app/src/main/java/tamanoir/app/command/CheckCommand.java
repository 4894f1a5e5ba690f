package tamanoir.app.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tamanoir.app.Check;
import tamanoir.server.config.Problem;

/// Looks at everything that a start would use, without starting.
@Command(
        name = "check",
        description = {
            "Looks at main.cf, every table it names, restriction lists and certificates; needs no server.",
            "Every line says file, line, what is wrong and what to do."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir check --home /srv/mail",
            "  tamanoir check --home /srv/mail --quiet && tamanoir reload --home /srv/mail",
            "",
            "Exit codes: 0 usable (there may be warnings), 1 errors."
        })
final class CheckCommand implements Callable<Integer> {
    private final Invocation call;

    @Option(
            names = {"-q", "--quiet"},
            description = "Errors and warnings only, no notes.")
    boolean quiet;

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    CheckCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        List<Problem> problems = Check.of(call.home(), call.overrides());
        int errors = 0;
        int warnings = 0;
        for (Problem problem : problems) {
            switch (problem.severity()) {
                case ERROR -> errors++;
                case WARNING -> warnings++;
                case NOTE -> {
                    if (quiet) {
                        continue;
                    }
                }
            }
            if (json) {
                Json.print(
                        call.out(),
                        Map.of(
                                "severity", problem.severity().name().toLowerCase(Locale.ROOT),
                                "file", problem.file(),
                                "line", problem.line(),
                                "message", problem.message()));
            } else {
                call.out().println(problem);
            }
        }
        if (!json) {
            call.out()
                    .println(
                            errors == 0
                                    ? "The configuration in " + call.home() + " is usable"
                                            + (warnings == 0
                                                    ? "."
                                                    : "; " + warnings + (warnings == 1 ? " warning." : " warnings."))
                                    : errors + (errors == 1 ? " error." : " errors."));
        }
        return errors == 0 ? Exit.OK : Exit.FOUND;
    }
}
