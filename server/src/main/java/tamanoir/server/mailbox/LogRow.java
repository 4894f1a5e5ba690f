package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.List;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.Changes.Change.Deleted;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 07: what one commit did, in order. Runs of one kind in one mailbox share a heading; UIDs and message ids are
/// differences to the one before, so a flag change of a thousand messages takes some seven octets each.
final class LogRow {
    private static final int FORMAT = 1;

    private static final int CREATED = 1;
    private static final int COPIED = 2;
    private static final int FLAGGED = 3;
    /// As older releases wrote it, without the thread.
    private static final int REMOVED_ALONE = 4;
    private static final int MAILBOX_MADE = 5;
    private static final int MAILBOX_CHANGED = 6;
    private static final int MAILBOX_GONE = 7;
    private static final int REMOVED = 8;
    private static final int UNDELETED = 9;
    private static final int DELETED = 10;

    private final RowWriter out = new RowWriter(FORMAT, 32);
    private RowWriter run = new RowWriter(FORMAT, 16);
    private int kind;
    private int mailbox;
    private int count;
    private long uid;
    private long message;
    private boolean empty = true;

    void added(int inMailbox, long newUid, long newMessage, boolean created) {
        message(created ? CREATED : COPIED, inMailbox, newUid, newMessage);
    }

    void flagged(int inMailbox, long itsUid, long itsMessage, Deleted deleted) {
        message(
                switch (deleted) {
                    case AS_BEFORE -> FLAGGED;
                    case SET -> DELETED;
                    case CLEARED -> UNDELETED;
                },
                inMailbox,
                itsUid,
                itsMessage);
    }

    /// With its thread: when somebody asks, the message may be cleared away.
    void removed(int fromMailbox, long itsUid, long itsMessage, long itsThread) {
        message(REMOVED, fromMailbox, itsUid, itsMessage);
        run.signed(itsMessage - itsThread);
    }

    void mailboxMade(int id) {
        mailbox(MAILBOX_MADE, id);
    }

    void mailboxChanged(int id) {
        mailbox(MAILBOX_CHANGED, id);
    }

    void mailboxGone(int id) {
        mailbox(MAILBOX_GONE, id);
    }

    boolean isEmpty() {
        return empty;
    }

    private void mailbox(int what, int id) {
        endRun();
        empty = false;
        out.octet(what).number(id);
    }

    private void message(int what, int inMailbox, long itsUid, long itsMessage) {
        if (what != kind || inMailbox != mailbox) {
            endRun();
            kind = what;
            mailbox = inMailbox;
        }
        empty = false;
        run.signed(itsUid - uid).signed(itsMessage - message);
        uid = itsUid;
        message = itsMessage;
        count++;
    }

    private void endRun() {
        if (count > 0) {
            byte[] octets = run.row();
            out.octet(kind).number(mailbox).number(count).rest(octets, 1, octets.length - 1);
        }
        run = new RowWriter(FORMAT, 16);
        kind = 0;
        count = 0;
        uid = 0;
        message = 0;
    }

    byte[] encode() {
        endRun();
        return out.row();
    }

    static List<Change> decode(long modseq, byte[] row) {
        List<Change> changes = new ArrayList<>();
        RowReader in = RowReader.of(row, FORMAT);
        while (in.hasMore()) {
            int kind = in.octet();
            MailboxId mailbox = new MailboxId(in.count());
            switch (kind) {
                case MAILBOX_MADE -> changes.add(new Change.MailboxMade(modseq, mailbox));
                case MAILBOX_CHANGED -> changes.add(new Change.MailboxChanged(modseq, mailbox));
                case MAILBOX_GONE -> changes.add(new Change.MailboxGone(modseq, mailbox));
                case CREATED, COPIED, FLAGGED, DELETED, UNDELETED, REMOVED, REMOVED_ALONE -> {
                    long uid = 0;
                    long message = 0;
                    for (int left = in.count(); left > 0; left--) {
                        uid += in.signed();
                        message += in.signed();
                        MessageId id = new MessageId(message);
                        changes.add(
                                switch (kind) {
                                    case CREATED -> new Change.Added(modseq, mailbox, uid, id, true);
                                    case COPIED -> new Change.Added(modseq, mailbox, uid, id, false);
                                    case FLAGGED -> new Change.Flagged(modseq, mailbox, uid, id, Deleted.AS_BEFORE);
                                    case DELETED -> new Change.Flagged(modseq, mailbox, uid, id, Deleted.SET);
                                    case UNDELETED -> new Change.Flagged(modseq, mailbox, uid, id, Deleted.CLEARED);
                                    case REMOVED ->
                                        new Change.Removed(
                                                modseq, mailbox, uid, id, new ThreadId(message - in.signed()));
                                    default -> new Change.Removed(modseq, mailbox, uid, id, new ThreadId(message));
                                });
                    }
                }
                default -> throw RowReader.damaged("a change of kind " + kind);
            }
        }
        return changes;
    }
}
