package tamanoir.mail.text;

/// The peer, a user or an administrator wrote something that the grammar does not allow.
///
/// The message is written for whoever sent the text and never holds a path, a host or a cause of ours. Thrown by
/// parsers, caught once, in the loop of the connection: `501`, `BAD`, `invalidArguments`.
public class BadSyntax extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadSyntax(String message) {
        // No stack trace: this is an answer to hostile input, and must stay cheap.
        super(message, null, false, false);
    }
}
