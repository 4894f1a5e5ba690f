package tamanoir.server.filter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Body;

/// A message to be inspected. `received` is what the door put on top of `body`; places of [Findings.Edit] count from
/// its
/// first octet.
public record Subject(Trace trace, QueueId id, Envelope envelope, Octets received, Body body, About about) {
    /// The whole message; close it.
    InputStream stream(Blobs blobs) throws IOException {
        return new SequenceInputStream(
                new ByteArrayInputStream(received.array(), received.arrayOffset(), received.length()),
                body.stream(blobs));
    }
}
