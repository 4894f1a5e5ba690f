package tamanoir.server.directory;

/// What became of an attempt to sign in.
public sealed interface Login {
    record Ok(Account account) implements Login {}

    /// Unknown name or wrong secret: the client is never told which. `reason` is for the log.
    record Refused(String reason) implements Login {}
}
