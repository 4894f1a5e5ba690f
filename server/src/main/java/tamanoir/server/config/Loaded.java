package tamanoir.server.config;

import java.util.List;

/// What became of reading a configuration: the snapshot, and everything that should be said about it.
///
/// The configuration is whole even with errors (a wrong value is replaced by its default), so that a check can go on
/// to tables and certificates; nobody runs it unless [#isUsable()].
public record Loaded(Config config, List<Problem> problems) {
    public Loaded {
        problems = List.copyOf(problems);
    }

    /// True when there is no error: a start may happen, a reload may replace the running configuration.
    public boolean isUsable() {
        return errors().isEmpty();
    }

    public List<Problem> errors() {
        return problems.stream()
                .filter(p -> p.severity() == Problem.Severity.ERROR)
                .toList();
    }
}
