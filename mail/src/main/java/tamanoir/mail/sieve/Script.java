package tamanoir.mail.sieve;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A script that compiled. Immutable; run by any number of threads, each with a [Run] of its own.
public record Script(List<Step> steps, Set<String> required) {
    public Script {
        steps = List.copyOf(steps);
        required = Set.copyOf(required);
    }

    /// Runs it. A failure is part of the outcome (RFC 5228 §2.10.6).
    public Outcome run(Run run) {
        try {
            Step.Flow flow = steps(run);
            return run.outcome(Optional.empty(), flow instanceof Step.Flow.Stop);
        } catch (ScriptFailed failed) {
            return run.outcome(Optional.of(failed.problem()), true);
        }
    }

    Step.Flow steps(Run run) {
        return block(steps, run);
    }

    /// Commands one after the other, until one of them says otherwise.
    public static Step.Flow block(List<Step> steps, Run run) {
        for (Step step : steps) {
            Step.Flow flow = step.run(run);
            if (!(flow instanceof Step.Flow.On)) {
                return flow;
            }
        }
        return Step.Flow.ON;
    }
}
