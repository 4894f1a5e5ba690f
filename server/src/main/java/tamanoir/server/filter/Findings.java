package tamanoir.server.filter;

import java.util.List;
import java.util.Optional;
import tamanoir.mail.address.Address;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.filter.draft.Changes;
import tamanoir.server.filter.draft.Edit;
import tamanoir.server.filter.draft.SpamVerdict;

/// What the checks and filters found in one message.
public sealed interface Findings {
    /// Refused, for good (5yz) or for now (4yz). `line` is what it is about, for the log.
    record Reject(Reply reply, String line) implements Findings {}

    /// Say yes, deliver to nobody.
    record Discard(String text, String line) implements Findings {}

    /// Go on. `edits` are in the order of their place; empty means that the octets stay as they are. `hold` is the
    /// reason to hold the message, empty for none. `redirect` stands for all recipients. `changes` are what filters
    /// do to envelope and text, `through` is a content filter `transport:destination` to send it through, `spam` is
    /// what the scanners think of it.
    record Go(
            List<Edit> edits,
            Optional<String> hold,
            Optional<Address> redirect,
            List<Address> copies,
            Changes changes,
            Optional<String> through,
            Optional<SpamVerdict> spam)
            implements Findings {
        public Go {
            edits = List.copyOf(edits);
            copies = List.copyOf(copies);
        }

        public Go(List<Edit> edits, Optional<String> hold, Optional<Address> redirect, List<Address> copies) {
            this(edits, hold, redirect, copies, Changes.NONE, Optional.empty(), Optional.empty());
        }

        /// What both say about anything but octets; the later one counts where there can be only one.
        public Go and(Go later) {
            List<Address> all = new java.util.ArrayList<>(copies);
            all.addAll(later.copies);
            return new Go(
                    later.edits,
                    hold.or(later::hold),
                    later.redirect.or(() -> redirect),
                    all,
                    later.changes,
                    later.through.or(() -> through),
                    later.spam);
        }
    }

    Go NOTHING = new Go(List.of(), Optional.empty(), Optional.empty(), List.of());
}
