package tamanoir.app;

import java.nio.file.Path;
import java.time.Clock;
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
        return CheckReport.of(home, overrides, Optional.empty(), Clock.systemUTC(), new Trace("check", ""), List.of())
                .problems();
    }
}
