package tamanoir.server.delivery;

import java.time.Instant;
import java.util.Set;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Body;

/// A message ready to be put somewhere. `prefix` are the fields that this server put above `body`, Received and such;
/// `deliveredTo` what its own Delivered-To fields say, folded.
public record Parcel(
        Trace trace,
        QueueId id,
        Instant arrived,
        Envelope envelope,
        Octets prefix,
        Body body,
        Set<String> deliveredTo) {}
