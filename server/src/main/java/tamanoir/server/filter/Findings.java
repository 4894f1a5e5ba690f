package tamanoir.server.filter;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;

/// What the checks found in one message.
public sealed interface Findings {
    /// A pattern said REJECT.
    record Reject(Reply reply, String line) implements Findings {}

    /// A pattern said DISCARD.
    record Discard(String text, String line) implements Findings {}

    /// Go on. `edits` are in the order of their place; empty means that the octets stay as they are. `hold` is the
    /// reason to hold the message, empty for none. `redirect` stands for all recipients.
    record Go(List<Edit> edits, Optional<String> hold, Optional<Address> redirect, List<Address> copies)
            implements Findings {
        public Go {
            edits = List.copyOf(edits);
            copies = List.copyOf(copies);
        }
    }

    /// Octets `from` (inclusive) to `to` (exclusive) of the message become `instead`.
    record Edit(long from, long to, Octets instead) {}

    Findings NOTHING = new Go(List.of(), Optional.empty(), Optional.empty(), List.of());
}
