package tamanoir.mail.sasl;

/// Checks a name and a password, for mechanisms that send them (PLAIN, LOGIN).
@FunctionalInterface
public interface Passwords {
    Check check(String name, String password);

    sealed interface Check {
        /// `identity` is the canonical name of whom it is.
        record Right(String identity) implements Check {}

        /// `reason` is for the log.
        record Wrong(String reason) implements Check {}
    }
}
