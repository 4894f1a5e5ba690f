package tamanoir.server.intake;

import java.util.Map;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;

/// What became of a message at the door.
public sealed interface Receipt {
    /// Durable. One reply per envelope recipient, for LMTP; SMTP answers 250 (failed ones get a bounce).
    record Accepted(Map<Recipient, Reply> recipients) implements Receipt {}

    /// Nothing was kept; the reply goes to the client.
    record Refused(Reply reply) implements Receipt {}
}
