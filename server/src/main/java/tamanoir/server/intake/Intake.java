package tamanoir.server.intake;

/// Takes responsibility for messages: when [#accept] answers `Accepted`, every copy is durable (RFC 5321 §6.1).
public class Intake {
    public Receipt accept(Incoming incoming) {
        throw new UnsupportedOperationException();
    }
}
