package tamanoir.server.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Body;

/// A message ready to be put somewhere. `prefix` are the fields that this server put above `body`, Received
/// and such; `deliveredTo` what its own Delivered-To fields say, folded. `owner` follows it, 0 for nobody;
/// `alongside` is committed with it; `placement` says where its copies go.
public record Parcel(
        Trace trace,
        QueueId id,
        Instant arrived,
        Envelope envelope,
        Octets prefix,
        Body body,
        Set<String> deliveredTo,
        long owner,
        List<Batch> alongside,
        Placement placement) {
    public Parcel {
        alongside = List.copyOf(alongside);
    }

    public Parcel(
            Trace trace,
            QueueId id,
            Instant arrived,
            Envelope envelope,
            Octets prefix,
            Body body,
            Set<String> deliveredTo,
            Placement placement) {
        this(trace, id, arrived, envelope, prefix, body, deliveredTo, 0, List.of(), placement);
    }
}
