package tamanoir.server.queue;

import java.time.Instant;
import java.util.Optional;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;

/// One recipient of a queue entry and what is known about it. Immutable; `number` names its row inside the entry.
///
/// A recipient that got its message and is owed no report has no row any more.
record Owed(int number, Recipient recipient, State state, int attempts, Optional<Last> last) {
    enum State {
        /// Still to be delivered.
        PENDING,
        /// Delivered to a mailbox; the sender asked to be told and was not yet.
        DELIVERED,
        /// Passed to a next hop that does not speak DSN; the sender asked to be told and was not yet.
        RELAYED,
        /// Refused for good; the report is not out yet.
        FAILED,
        /// Not delivered in time; the report is not out yet.
        EXPIRED
    }

    /// The last attempt.
    record Last(Instant at, String relay, Reply reply) {
        Last {
            at = Instant.ofEpochMilli(at.toEpochMilli());
        }
    }

    static Owed first(int number, Recipient recipient) {
        return new Owed(number, recipient, State.PENDING, 0, Optional.empty());
    }

    Owed after(State next, Last attempt) {
        return new Owed(number, recipient, next, Math.min(attempts + 1, 0xFFFF), Optional.of(attempt));
    }

    Owed expired() {
        return new Owed(number, recipient, State.EXPIRED, attempts, last);
    }

    boolean isPending() {
        return state == State.PENDING;
    }
}
