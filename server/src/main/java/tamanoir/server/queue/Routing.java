package tamanoir.server.queue;

import java.util.Set;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;

/// Where a recipient's mail goes. Asked anew at each attempt, so a changed set-up reaches waiting mail.
@FunctionalInterface
public interface Routing {
    /// May look things up and block for a moment.
    ///
    /// @throws tamanoir.server.observe.Unavailable when it cannot tell now: the recipient is deferred
    Route route(ReversePath sender, Recipient recipient);

    /// The same for a message that goes `through` a content filter, `transport:destination`; empty for where the
    /// recipient's address leads.
    default Route route(ReversePath sender, Recipient recipient, String through) {
        return route(sender, recipient);
    }

    sealed interface Route {
        /// `nexthop` tells the destinations of one transport apart; `deliverer` is bound to it.
        record Deliver(Transport transport, String nexthop, Deliverer deliverer) implements Route {}

        /// `error:`: returned to the sender.
        record Fail(Reply reply) implements Route {}

        /// `retry:`: not now.
        record Postpone(Reply reply) implements Route {}

        /// `discard:`: thrown away on the administrator's word.
        record Discard(String text) implements Route {}
    }

    /// A way out of the queue and how wide it is. `destinationConcurrency` deliveries at most to one nexthop at a time,
    /// `firstConcurrency` before it has proven itself, `processLimit` to all nexthops together; `recipientLimit` at
    /// most in one delivery.
    record Transport(
            String name, int destinationConcurrency, int firstConcurrency, int processLimit, int recipientLimit) {
        public Transport {
            if (name.isEmpty()
                    || destinationConcurrency < 1
                    || firstConcurrency < 1
                    || processLimit < 1
                    || recipientLimit < 1) {
                throw new IllegalArgumentException("transport " + name);
            }
        }

        /// With the defaults of main.cf: 20, 5, 100, 50.
        public static Transport named(String name) {
            return new Transport(name, 20, 5, 100, 50);
        }

        /// The same limits under another name.
        public Transport as(String other) {
            return new Transport(other, destinationConcurrency, firstConcurrency, processLimit, recipientLimit);
        }

        boolean isAmong(Set<String> names) {
            return names.contains(name);
        }
    }
}
