package tamanoir.server.delivery;

import java.util.Optional;
import tamanoir.server.directory.AccountId;

/// Where the copy of one message goes among the mailboxes of an account, and what is written on top of it. Asked once
/// an account, before the durable step; it answers whatever happens.
@FunctionalInterface
public interface Placement {
    Placement INBOX = _ -> Place.INBOX;

    Place of(AccountId account);

    /// `mailbox` is a full name; `fields` are header fields, each ended by CRLF. `junk` is how much it looks like junk,
    /// from 0 to 1, 0.5 from the threshold on; empty when nobody has looked.
    record Place(String mailbox, boolean create, String fields, Optional<Double> junk) {
        public static final Place INBOX = new Place("INBOX", false, "", Optional.empty());

        public boolean isJunk() {
            return !mailbox.equals(INBOX.mailbox);
        }
    }
}
