package tamanoir.server.filter;

import java.io.InputStream;
import java.util.List;
import tamanoir.server.observe.Trace;
import tamanoir.server.outbound.PassingChecks;

/// Patterns for mail that leaves by SMTP: they change, log and take away, and have no say in where it goes
/// (header_checks(5)). Immutable.
public record ChecksOnTheWayOut(ContentChecks checks) implements PassingChecks {
    @Override
    public List<Change> changes(InputStream message, Trace trace, String id) {
        return checks.isEmpty()
                ? List.of()
                : switch (checks.examine(message, trace, id)) {
                    case Findings.Go go ->
                        go.edits().stream()
                                .map(edit -> new Change(edit.from(), edit.to(), edit.instead()))
                                .toList();
                    case Findings.Reject _, Findings.Discard _ -> List.of();
                };
    }

    /// True when there is nothing to check, so that nobody need read the message.
    public boolean isEmpty() {
        return checks.isEmpty();
    }
}
