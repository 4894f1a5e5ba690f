package tamanoir.mail.sieve;

/// A command, ready to be done.
@FunctionalInterface
public interface Step {
    /// @throws ScriptFailed when the script cannot go on
    Flow run(Run run);

    /// What comes after a command.
    sealed interface Flow {
        /// The next command.
        record On() implements Flow {}

        /// Nothing more, in no script (RFC 5228 §3.3).
        record Stop() implements Flow {}

        /// Nothing more in this included script (RFC 6609 §3.3).
        record Return() implements Flow {}

        /// Out of the loop with this name, or of the innermost when it is empty (RFC 5703 §3.2).
        record Break(String name) implements Flow {}

        Flow ON = new On();
        Flow STOP = new Stop();
        Flow RETURN = new Return();
    }
}
