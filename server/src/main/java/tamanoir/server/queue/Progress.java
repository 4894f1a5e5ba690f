package tamanoir.server.queue;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;

/// How far a followed message is. A recipient that is not here got its copy when the message was accepted,
/// or its mail went on under another name (an alias).
///
/// @param waiting the time that its sender asked for has not come: it can be called back
public record Progress(boolean waiting, List<One> recipients) {
    public Progress {
        recipients = List.copyOf(recipients);
    }

    public boolean isOver() {
        return recipients.stream().noneMatch(one -> one.state() == State.PENDING);
    }

    public enum State {
        /// Not yet tried, or to be tried again.
        PENDING,
        /// In a mailbox of this server.
        DELIVERED,
        /// Another server has it.
        RELAYED,
        /// Refused for good, or given up.
        FAILED
    }

    /// One recipient, by the address that the sender gave; the last thing that was said about it.
    public record One(Address original, State state, Optional<Reply> reply) {}
}
