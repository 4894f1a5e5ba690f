package tamanoir.server.queue;

import java.time.Instant;
import java.util.Optional;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.store.Body;

/// A message with recipients that are still owed it. `prefix` are the header fields this server put above
/// `body`; what leaves is prefix + body. `hold` keeps it until an administrator releases it.
///
/// `release` is when it may be tried first, where its sender asked for that (RFC 4865); until then it can
/// be called back with [Queue#cancel]. `owner` is whoever follows it: what became of each recipient is kept
/// for them until they have read it ([Queue#progress]); 0 for mail that nobody follows.
public record QueuedMessage(
        QueueId id,
        Instant arrived,
        Envelope envelope,
        Octets prefix,
        Body body,
        boolean hold,
        String holdReason,
        Optional<Instant> release,
        long owner,
        String through) {
    /// To be tried at once, followed by nobody.
    public QueuedMessage(
            QueueId id, Instant arrived, Envelope envelope, Octets prefix, Body body, boolean hold, String holdReason) {
        this(id, arrived, envelope, prefix, body, hold, holdReason, Optional.empty(), 0, "");
    }

    /// Goes where its recipients' addresses lead.
    public QueuedMessage(
            QueueId id,
            Instant arrived,
            Envelope envelope,
            Octets prefix,
            Body body,
            boolean hold,
            String holdReason,
            Optional<Instant> release,
            long owner) {
        this(id, arrived, envelope, prefix, body, hold, holdReason, release, owner, "");
    }

    /// The same, sent through a content filter, `transport:destination`.
    public QueuedMessage through(String way) {
        return new QueuedMessage(id, arrived, envelope, prefix, body, hold, holdReason, release, owner, way);
    }

    /// From when on its time counts.
    Instant begins() {
        return release.filter(arrived::isBefore).orElse(arrived);
    }
}
