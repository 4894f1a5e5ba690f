package tamanoir.server.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;

/// Tries to deliver one message to some of its recipients, once. Two exist: local delivery and the way out by
/// SMTP/LMTP.
public interface Deliverer {
    /// Blocks until every recipient has an outcome; never throws for a delivery that failed.
    Map<Recipient, Outcome> deliver(QueuedMessage message, List<Recipient> recipients);

    /// Whether the receiver would take mail for a recipient, found out without sending any. Who delivers on this
    /// machine takes what is routed to it.
    default Outcome probe(ReversePath sender, Recipient recipient) {
        return new Outcome.Sent("local", Reply.of(250, "2.1.5", "deliverable"), false);
    }

    /// As [#deliver], and how long its stages took. Who connects to others overrides it.
    default Attempt attempt(QueuedMessage message, List<Recipient> recipients) {
        long began = System.nanoTime();
        Map<Recipient, Outcome> outcomes = deliver(message, recipients);
        boolean nobody = outcomes.values().stream()
                .allMatch(o -> o instanceof Outcome.Deferred d && d.relay().equals(Outcome.NOBODY));
        return new Attempt(outcomes, Duration.ZERO, Duration.ofNanos(System.nanoTime() - began), nobody);
    }

    /// `setup` is the time until the receiver was ready for the message, `transmission` the time after. `unreached`:
    /// not even the conversation came about, so the destination itself is in trouble, not this message.
    record Attempt(Map<Recipient, Outcome> outcomes, Duration setup, Duration transmission, boolean unreached) {}

    /// What became of one recipient in one attempt.
    sealed interface Outcome {
        /// `relay` of an outcome for which nobody was reached.
        String NOBODY = "none";

        String relay();

        Reply reply();

        /// `reply` is the last reply of `relay` (`mx.example.net[192.0.2.1]:25`) or our own words (`relay` = `local`).
        /// `dsnTaken`: the next hop speaks DSN, so reports of success are its business (RFC 3461 §5.2).
        record Sent(String relay, Reply reply, boolean dsnTaken) implements Outcome {}

        record Deferred(String relay, Reply reply) implements Outcome {}

        record Failed(String relay, Reply reply) implements Outcome {}
    }
}
