package tamanoir.server.mailbox;

import java.time.Instant;
import java.util.List;

/// A message and every place that it is in, at one moment.
///
/// @param octets of prefix and body
/// @param places at least one; a mailbox may hold the same message twice
public record Whereabouts(MessageId message, ThreadId thread, long octets, Instant received, List<Place> places) {
    public Whereabouts {
        places = List.copyOf(places);
    }

    public record Place(MailboxId mailbox, long uid, Flags flags) {}

    /// Answers to several questions of one moment; `lastChange` is that of the account then.
    public record At<T>(long lastChange, T answer) {}
}
