package tamanoir.server.mailbox;

import java.util.Set;
import java.util.function.UnaryOperator;

/// What is to become of one message wherever it is, told from what it is now: both are asked in the turn of the
/// account, perhaps more than once, so they only compute.
///
/// A place with \Deleted counts as left already (RFC 8621 §4.1.1): its flags stay, and it goes when the message has no
/// other place. A message with no other place has gone.
///
/// @param flags from those of one place to the new ones
/// @param mailboxes from those it is in to those it shall be in; none removes it for good
public record MessageChange(MessageId message, UnaryOperator<Flags> flags, UnaryOperator<Set<MailboxId>> mailboxes) {
    public static MessageChange removal(MessageId message) {
        return new MessageChange(message, flags -> flags, _ -> Set.of());
    }
}
