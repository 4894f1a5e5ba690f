package tamanoir.server.policy;

import java.util.List;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;

/// What a policy decides: go on, perhaps with something to do later, or a reply that refuses. Never a side effect.
public sealed interface Verdict {
    /// Nobody objected. `effects` are for whoever takes the message.
    record Pass(List<Effect> effects) implements Verdict {
        public Pass {
            effects = List.copyOf(effects);
        }
    }

    /// Refused for now (4yz) or for good (5yz); `reason` is the name of the restriction, for the log.
    record Refuse(Reply reply, String reason) implements Verdict {}

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

        /// A line in the log.
        record Note(boolean warning, String text) implements Effect {}
    }
}
