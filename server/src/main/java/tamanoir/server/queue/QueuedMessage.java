package tamanoir.server.queue;

import java.time.Instant;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Body;

/// A message with recipients that are still owed it. `prefix` are the header fields this server put above `body`;
/// what leaves is prefix + body. `hold` keeps it until an administrator releases it.
public record QueuedMessage(
        QueueId id, Instant arrived, Envelope envelope, Octets prefix, Body body, boolean hold, String holdReason) {}
