package tamanoir.server.mailbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.RowWriter;

/// Row 01: one mailbox with its counters, written in the batch of whatever changes it.
///
/// @param parent the mailbox above, 0 at the top
/// @param name the last level of the name
/// @param role the code of a [Role], 0 for none
/// @param firstRecent the first UID that no session has been told as \Recent
/// @param sortOrder where JMAP clients show it, one more than they say; 0 when nobody ever said (RFC 8621 §2)
/// @param placeholder only a name with children, without messages (RFC 9051 §7.3.1 \Noselect)
record MailboxRow(
        int id,
        int parent,
        String name,
        int role,
        long uidValidity,
        long uidNext,
        long highestModseq,
        long firstRecent,
        int messages,
        int unseen,
        int deleted,
        long octets,
        boolean subscribed,
        int sortOrder,
        boolean placeholder) {
    private static final int FORMAT = 1;

    static MailboxRow fresh(int id, int parent, String name, Optional<Role> role, long uidValidity, long modseq) {
        return new MailboxRow(
                id,
                parent,
                name,
                role.map(Role::code).orElse(0),
                uidValidity,
                1,
                modseq,
                1,
                0,
                0,
                0,
                0,
                false,
                0,
                false);
    }

    Optional<Role> special() {
        return Role.of(role);
    }

    /// How many messages no session was told as \\Recent. Without the rows at hand, as many as there can be.
    int recent(@Nullable Rows rows) {
        if (rows == null) {
            return (int) Math.min(messages, uidNext - firstRecent);
        }
        int first = rows.indexOf(firstRecent);
        return rows.size() - (first >= 0 ? first : -1 - first);
    }

    MailboxRow called(int newParent, String newName) {
        return new MailboxRow(
                id,
                newParent,
                newName,
                role,
                uidValidity,
                uidNext,
                highestModseq,
                firstRecent,
                messages,
                unseen,
                deleted,
                octets,
                subscribed,
                sortOrder,
                placeholder);
    }

    MailboxRow subscribed(boolean now) {
        return new MailboxRow(
                id,
                parent,
                name,
                role,
                uidValidity,
                uidNext,
                highestModseq,
                firstRecent,
                messages,
                unseen,
                deleted,
                octets,
                now,
                sortOrder,
                placeholder);
    }

    MailboxRow arranged(Optional<Role> newRole, int newSortOrder) {
        return new MailboxRow(
                id,
                parent,
                name,
                newRole.map(Role::code).orElse(0),
                uidValidity,
                uidNext,
                highestModseq,
                firstRecent,
                messages,
                unseen,
                deleted,
                octets,
                subscribed,
                newSortOrder,
                placeholder);
    }

    MailboxRow recentFrom(long uid) {
        return new MailboxRow(
                id,
                parent,
                name,
                role,
                uidValidity,
                uidNext,
                highestModseq,
                uid,
                messages,
                unseen,
                deleted,
                octets,
                subscribed,
                sortOrder,
                placeholder);
    }

    /// The name stays for the sake of its children, everything else goes.
    MailboxRow emptied() {
        return new MailboxRow(
                id, parent, name, 0, uidValidity, 1, highestModseq, 1, 0, 0, 0, 0, false, sortOrder, true);
    }

    /// The counters after messages came, went or changed their flags at `modseq`.
    MailboxRow counting(
            long modseq, long newUidNext, int messagesMore, int unseenMore, int deletedMore, long octetsMore) {
        return new MailboxRow(
                id,
                parent,
                name,
                role,
                uidValidity,
                newUidNext,
                modseq,
                firstRecent,
                messages + messagesMore,
                unseen + unseenMore,
                deleted + deletedMore,
                octets + octetsMore,
                subscribed,
                sortOrder,
                placeholder);
    }

    byte[] encode() {
        return new RowWriter(FORMAT, 64 + name.length() * 3)
                .number(parent)
                .text(name)
                .number(role)
                .number(uidValidity)
                .number(uidNext)
                .number(highestModseq)
                .number(firstRecent)
                .number(messages)
                .number(unseen)
                .number(deleted)
                .number(octets)
                .octet((subscribed ? 1 : 0) | (placeholder ? 2 : 0))
                .number(sortOrder)
                .row();
    }

    static MailboxRow decode(int id, byte[] row) {
        RowReader in = RowReader.of(row, FORMAT);
        int parent = in.count();
        String name = in.text();
        int role = in.count();
        long uidValidity = in.number();
        long uidNext = in.number();
        long highestModseq = in.number();
        long firstRecent = in.number();
        int messages = in.count();
        int unseen = in.count();
        int deleted = in.count();
        long octets = in.number();
        int bits = in.octet();
        int sortOrder = in.hasMore() ? in.count() : 0;
        return new MailboxRow(
                id,
                parent,
                name,
                role,
                uidValidity,
                uidNext,
                highestModseq,
                firstRecent,
                messages,
                unseen,
                deleted,
                octets,
                (bits & 1) != 0,
                sortOrder,
                (bits & 2) != 0);
    }
}
