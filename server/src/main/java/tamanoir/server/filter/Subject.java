package tamanoir.server.filter;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// A message to be inspected. `prefix` stands on top of `body`, its first `own` octets are what the door put there;
/// places of edits count from the first octet of `prefix`.
public record Subject(Trace trace, QueueId id, Envelope envelope, Octets prefix, int own, Body body, About about) {
    /// The whole message; close it.
    InputStream stream(Blobs blobs) {
        return new SequenceInputStream(
                new ByteArrayInputStream(prefix.array(), prefix.arrayOffset(), prefix.length()), body.stream(blobs));
    }
}
