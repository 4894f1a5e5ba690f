package tamanoir.server.policy;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;

/// What a policy decides: go on, perhaps with something to do later, or a reply that refuses. Never a side
/// effect.
public sealed interface Verdict {
    /// Nobody objected. `effects` are for whoever takes the message. `doubt` is a `defer_if_permit` of a
    /// stage before RCPT, for the question that follows.
    record Pass(List<Effect> effects, Optional<Refuse> doubt) implements Verdict {
        public Pass {
            effects = List.copyOf(effects);
        }

        public Pass(List<Effect> effects) {
            this(effects, Optional.empty());
        }
    }

    /// Refused for now (4yz) or for good (5yz); `reason` is for the log: the restriction, where it stands,
    /// what was found. `notes` are what else belongs into the log.
    record Refuse(Reply reply, String reason, List<Effect.Note> notes) implements Verdict {
        public Refuse {
            notes = List.copyOf(notes);
        }

        public Refuse(Reply reply, String reason) {
            this(reply, reason, List.of());
        }
    }

    Verdict PASS = new Pass(List.of());

    /// What an access table may ask for beside yes and no (access(5)). Holds for the whole message.
    sealed interface Effect {
        /// Say yes, deliver to nobody.
        record Discard(String text) implements Effect {}

        /// Keep in the queue until an administrator releases it.
        record Hold(String text) implements Effect {}

        /// A header field above everything else.
        record Prepend(String field) implements Effect {}

        /// To this recipient instead of all others.
        record Redirect(Address address) implements Effect {}

        /// A copy to this recipient.
        record BlindCopy(Address address) implements Effect {}

        /// Through this content filter, `transport:destination`.
        record Filter(String destination) implements Effect {}

        /// A line in the log.
        record Note(boolean warning, String text) implements Effect {}
    }
}
