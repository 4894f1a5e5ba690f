package tamanoir.server.delivery;

import tamanoir.server.directory.AccountId;

/// Where the copy of one message goes among the mailboxes of an account, and what is written on top of it. Asked once
/// an account, before the durable step; it answers whatever happens.
@FunctionalInterface
public interface Placement {
    Placement INBOX = _ -> Place.INBOX;

    Place of(AccountId account);

    /// `mailbox` is a full name; `fields` are header fields, each ended by CRLF.
    record Place(String mailbox, boolean create, String fields) {
        public static final Place INBOX = new Place("INBOX", false, "");
    }
}
