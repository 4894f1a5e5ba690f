package tamanoir.mail.sieve;

/// A test, ready to be asked.
@FunctionalInterface
public interface Condition {
    /// @throws ScriptFailed when it cannot be answered
    boolean holds(Run run);

    /// Known before anything runs: what depends on it need not even compile (RFC 5463 §4).
    Condition TRUE = new Known(true);

    Condition FALSE = new Known(false);

    /// See [Condition#TRUE].
    record Known(boolean value) implements Condition {
        @Override
        public boolean holds(Run run) {
            return value;
        }
    }
}
