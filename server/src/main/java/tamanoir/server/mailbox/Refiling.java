package tamanoir.server.mailbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.store.Snapshot;

/// Gives messages other flags and other mailboxes in one edit: what [MessageChange]s ask for. Gathers first, so that
/// each mailbox is rewritten once, and a change that cannot be leaves no trace. Used by one thread for one edit.
final class Refiling {
    /// Keys kept free for what the changes bring beside their rows.
    private static final int SPARE = 8;

    private final Mailboxes room;
    private final AccountMail mail;
    private final Edit edit;
    private final Snapshot snapshot;

    private final Map<Integer, TreeMap<Integer, Flags>> flagged = new TreeMap<>();
    private final Map<Integer, TreeSet<Integer>> removed = new TreeMap<>();
    private final Map<Integer, List<MessageRow>> copied = new TreeMap<>();
    private int keys;
    private long octetsMore;

    /// The rows of a mailbox are needed and not in memory: load them and begin again.
    static final class NotLoaded extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int mailbox;

        NotLoaded(int mailbox) {
            super("mailbox " + mailbox, null, false, false);
            this.mailbox = mailbox;
        }
    }

    /// A message in a mailbox of the edit.
    private record Spot(int mailbox, int index, MessageRow row) {}

    Refiling(Mailboxes room, AccountMail mail, Edit edit, Snapshot snapshot) {
        this.room = room;
        this.mail = mail;
        this.edit = edit;
        this.snapshot = snapshot;
    }

    /// Does as many of the changes as fit, in order; answers how many. Those that cannot be done are put into
    /// `refused`.
    int apply(List<MessageChange> changes, Map<MessageId, MailboxRefused> refused) {
        int done = 0;
        for (MessageChange change : changes) {
            try {
                if (!gather(change) && done > 0) {
                    break;
                }
            } catch (MailboxRefused e) {
                refused.put(change.message(), e);
            }
            done++;
        }
        write();
        return done;
    }

    /// Answers false when there is no room for it in this commit.
    private boolean gather(MessageChange change) {
        List<Spot> spots = spots(change.message());
        if (spots.isEmpty()) {
            throw new MailboxRefused(Reason.EXPUNGEISSUED, "this message has gone");
        }
        Set<MailboxId> now = new LinkedHashSet<>();
        List<Spot> seen = new ArrayList<>(spots.size());
        for (Spot spot : spots) {
            if ((spot.row.system() & Flags.DELETED) == 0) {
                now.add(new MailboxId(spot.mailbox));
                seen.add(spot);
            }
        }
        if (seen.isEmpty()) {
            // Nobody who asks for a change can have seen it; and no mailbox left is what removes a message.
            throw new MailboxRefused(Reason.EXPUNGEISSUED, "this message has gone");
        }
        Set<MailboxId> wanted = change.mailboxes().apply(Set.copyOf(now));
        if (spots.size() + 2 * wanted.size() + keys + SPARE > edit.room()) {
            return false;
        }
        if (wanted.isEmpty()) {
            spots.forEach(this::remove);
            return true;
        }
        copy(change, seen.getFirst().row, now, wanted);
        for (Spot spot : seen) {
            if (!wanted.contains(new MailboxId(spot.mailbox))) {
                remove(spot);
                continue;
            }
            Flags before = edit.keywords().flags(spot.row.system(), spot.row.keywords());
            Flags after = change.flags().apply(before);
            if (!after.equals(before)) {
                edit.keywordBits(after);
                flagged.computeIfAbsent(spot.mailbox, _ -> new TreeMap<>()).put(spot.index, after);
                keys++;
            }
        }
        return true;
    }

    private void remove(Spot spot) {
        removed.computeIfAbsent(spot.mailbox, _ -> new TreeSet<>()).add(spot.index);
        keys++;
    }

    /// Puts it into the mailboxes that are new; what can go wrong comes first.
    private void copy(MessageChange change, MessageRow row, Set<MailboxId> now, Set<MailboxId> wanted) {
        List<Integer> targets = new ArrayList<>(1);
        for (MailboxId mailbox : wanted) {
            if (!now.contains(mailbox)) {
                targets.add(edit.selectable(mailbox.number()).id());
            }
        }
        Flags flags = change.flags().apply(edit.keywords().flags(row.system(), row.keywords()));
        long bits = edit.keywordBits(flags);
        if (targets.isEmpty()) {
            return;
        }
        long more = row.octets() * targets.size();
        boolean staysElsewhere = now.stream().anyMatch(wanted::contains);
        if ((staysElsewhere || targets.size() > 1) && room.isOverQuota(mail.account(), edit, octetsMore + more)) {
            throw new MailboxRefused(Reason.OVERQUOTA, "there is no room left in this account; delete some messages");
        }
        octetsMore += more;
        for (int target : targets) {
            copied.computeIfAbsent(target, _ -> new ArrayList<>())
                    .add(row.flagged(row.modseq(), flags.system() & ~Flags.DELETED, bits));
            keys += 2;
        }
    }

    /// Where the message is as this edit sees it.
    private List<Spot> spots(MessageId message) {
        List<Spot> spots = new ArrayList<>(1);
        Map<Integer, Set<Long>> hints = new LinkedHashMap<>();
        edit.memberships(message.number(), snapshot)
                .forEach(place -> hints.computeIfAbsent(place.mailbox(), _ -> new LinkedHashSet<>())
                        .add(place.uid()));
        hints.forEach((mailbox, uids) -> {
            Box box = edit.box(mailbox);
            if (box == null || box.row().placeholder()) {
                return;
            }
            Rows rows = box.rows();
            if (rows == null) {
                throw new NotLoaded(mailbox);
            }
            for (long uid : uids) {
                int index = rows.indexOf(uid);
                if (index >= 0 && rows.message(index) == message.number()) {
                    spots.add(new Spot(mailbox, index, rows.row(index)));
                }
            }
        });
        return spots;
    }

    private void write() {
        // Flags first and removals last: the indexes are those of the rows as they were.
        flagged.forEach((mailbox, changes) -> {
            int[] indexes = new int[changes.size()];
            int[] system = new int[changes.size()];
            long[] keywords = new long[changes.size()];
            int n = 0;
            for (Map.Entry<Integer, Flags> change : changes.entrySet()) {
                indexes[n] = change.getKey();
                system[n] = change.getValue().system();
                keywords[n++] = edit.keywordBits(change.getValue());
            }
            edit.flag(mailbox, indexes, system, keywords);
        });
        copied.forEach((mailbox, rows) -> edit.copy(rows, mailbox));
        Map<Integer, int[]> leaving = new HashMap<>();
        removed.forEach((mailbox, indexes) -> leaving.put(
                mailbox, indexes.stream().mapToInt(Objects::requireNonNull).toArray()));
        leaving.forEach(edit::remove);
    }
}
