package tamanoir.server.imap;

import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.ThreadId;

/// Ids for ever (RFC 8474 §4): a letter for the kind, then the number. JMAP spells them the same, so that a client may
/// speak both (RFC 9698 §3).
final class ObjectIds {
    private ObjectIds() {}

    static String mailbox(MailboxId id) {
        return "m" + Integer.toHexString(id.number());
    }

    static String email(MessageId id) {
        return "e" + Long.toHexString(id.number());
    }

    static String thread(ThreadId id) {
        return "t" + Long.toHexString(id.number());
    }
}
