package tamanoir.server.intake;

import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Body;

/// A message at the door. `received` is the Received field (and what else the door puts on top), ended by CRLF.
public record Incoming(Trace trace, QueueId id, Origin origin, Envelope envelope, Octets received, Body body) {
    /// Who hands it in; decides about header completion and rewriting.
    public enum Origin {
        /// A stranger on the MX port.
        REMOTE,
        /// An authenticated user or a client that local_header_rewrite_clients names.
        SUBMITTED,
        /// This server: bounces, forwards, the sendmail command.
        INTERNAL
    }
}
