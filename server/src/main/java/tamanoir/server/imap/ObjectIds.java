package tamanoir.server.imap;

import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.ThreadId;

/// Ids for ever, as IMAP spells them (RFC 8474 §4): a letter for the kind, then the number.
final class ObjectIds {
    private ObjectIds() {}

    static String mailbox(MailboxId id) {
        return "F" + id.number();
    }

    static String email(MessageId id) {
        return "M" + Long.toHexString(id.number());
    }

    static String thread(ThreadId id) {
        return "T" + Long.toHexString(id.number());
    }
}
