package tamanoir.server.queue;

import java.util.Optional;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;

/// The way back into the server for delivery reports: intake, at last, handed to the queue by the composition root.
@FunctionalInterface
public interface Reports {
    /// Takes responsibility for a report. Durable when it returns; nothing when it was refused for good, which the
    /// queue logs: a report about a report is not made (RFC 5321 §6.1).
    ///
    /// @throws tamanoir.server.observe.Unavailable when it cannot be taken now: the queue tries again later
    Optional<QueueId> submit(Envelope envelope, Octets message);
}
