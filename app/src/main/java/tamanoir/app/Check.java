package tamanoir.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.server.config.Problem;
import tamanoir.server.observe.Trace;
import tamanoir.server.tables.CheckReport;

/// Everything that can be said about a configuration without starting: values, tables, and what each room has to say.
public final class Check {
    private Check() {}

    public static List<Problem> of(Path home, Map<String, String> overrides) {
        List<Problem> problems = new ArrayList<>();
        Path file = home.resolve("main.cf");
        if (Files.notExists(file)) {
            problems.add(new Problem(
                    Problem.Severity.WARNING,
                    file.toString(),
                    0,
                    "there is no such file, so that every default counts; name the server's folder with --home DIR"));
        }
        problems.addAll(CheckReport.of(
                        home,
                        overrides,
                        Optional.empty(),
                        Clock.systemUTC(),
                        new Trace("check", ""),
                        List.of(new RoomsCheck()))
                .problems());
        return List.copyOf(problems);
    }
}
