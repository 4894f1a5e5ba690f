package tamanoir.mail.sieve;

import java.util.List;
import java.util.Optional;

/// What a run came to. `implicitKeep` tells that nothing has cancelled it (RFC 5228 §2.10.2). `failure` is why the
/// script could not go on; the actions are those that were decided before. `stopped` tells that no other script shall
/// run. `complaints` are what else was wrong.
public record Outcome(
        List<Action> actions,
        boolean implicitKeep,
        List<String> flags,
        Optional<Problem> failure,
        List<Problem> complaints,
        boolean stopped) {
    public Outcome {
        actions = List.copyOf(actions);
        flags = List.copyOf(flags);
        complaints = List.copyOf(complaints);
    }
}
