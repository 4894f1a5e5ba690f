package tamanoir.server.intake;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.About;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.QueueId;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Body;

/// A message at the door. `received` is the Received field (and what else the door puts on top), ended by
/// CRLF.
public record Incoming(
        Trace trace,
        QueueId id,
        Origin origin,
        Envelope envelope,
        Octets received,
        Body body,
        About about,
        Handling handling) {
    /// Our own, without special wishes.
    public Incoming(Trace trace, QueueId id, Origin origin, Envelope envelope, Octets received, Body body) {
        this(trace, id, origin, envelope, received, body, About.OURS, Handling.ORDINARY);
    }

    Incoming withBody(Body other) {
        return new Incoming(trace, id, origin, envelope, received, other, about, handling);
    }

    /// Who hands it in; decides about header completion, rewriting and who reports failures. Headers of
    /// LOCAL and INTERNAL are rewritten.
    public enum Origin {
        /// A stranger on the MX port.
        REMOTE,
        /// An authenticated user: missing header fields are added.
        SUBMITTED,
        /// The same by JMAP: Bcc goes whatever main.cf says (RFC 8621 §7.5).
        WEB,
        /// The sendmail command, or a client that local_header_rewrite_clients names: the addresses of its headers are
        /// completed and mapped too.
        LOCAL,
        /// This server: bounces, forwards. Nobody checks or filters them.
        INTERNAL,
        /// A server that keeps its own queue and wants an answer for each recipient (RFC 2033 §4.2): no
        /// bounces.
        LMTP,
        /// A content filter that gives back what came in before, whoever wrote it: nothing is completed, rewritten or
        /// signed a second time.
        REINJECTED;

        /// Whether our own people or this server wrote it.
        boolean isOurs() {
            return this != REMOTE && this != LMTP && this != REINJECTED;
        }
    }

    /// What an access table or an earlier check asked for. `hold` is the reason to hold, empty for none;
    /// `redirect` replaces all recipients; `copies` get the message too.
    ///
    /// What the sender asked for: `release` is when the message may go first (RFC 4865); `owner` follows
    /// what becomes of it ([tamanoir.server.queue.Follower]), 0 for nobody; `alongside` are batches that
    /// are committed with it or not at all.
    public record Handling(
            String hold,
            Optional<Address> redirect,
            List<Address> copies,
            Optional<Instant> release,
            long owner,
            List<Batch> alongside,
            String through) {
        public static final Handling ORDINARY = new Handling("", Optional.empty(), List.of());

        public Handling {
            copies = List.copyOf(copies);
            alongside = List.copyOf(alongside);
        }

        public Handling(String hold, Optional<Address> redirect, List<Address> copies) {
            this(hold, redirect, copies, Optional.empty(), 0, List.of(), "");
        }

        /// By way of a content filter, `transport:destination` (access(5), FILTER); empty for none.
        public Handling sentThrough(String way) {
            return new Handling(hold, redirect, copies, release, owner, alongside, way);
        }

        public Handling releasedAt(Optional<Instant> time) {
            return new Handling(hold, redirect, copies, time, owner, alongside, through);
        }

        public Handling followedBy(long follower, List<Batch> with) {
            return new Handling(hold, redirect, copies, release, follower, with, through);
        }
    }
}
