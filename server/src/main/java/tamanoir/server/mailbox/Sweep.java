package tamanoir.server.mailbox;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;

/// Goes over the messages of one mailbox in steps that fit into a batch. Each step looks at the newest rows, so what
/// others changed in between is seen; messages that arrive on the way are left out. Used by one thread.
final class Sweep {
    private final int mailbox;
    private final Uids uids;
    private final IntPredicate wantedFlags;

    private long from = 1;
    private long until = Long.MAX_VALUE;
    private long reached;

    /// `wantedFlags` sees the system flags of a message.
    Sweep(int mailbox, Uids uids, IntPredicate wantedFlags) {
        this.mailbox = mailbox;
        this.uids = uids;
        this.wantedFlags = wantedFlags;
    }

    int mailbox() {
        return mailbox;
    }

    boolean goesOn() {
        return from < until;
    }

    /// The indexes of the next step, ascending, at most `most`. May be asked again when a commit has to be repeated.
    int[] next(Edit edit, int most) {
        Box box = edit.selectable(mailbox);
        Rows rows = Objects.requireNonNull(box.rows());
        if (until == Long.MAX_VALUE) {
            until = box.row().uidNext();
        }
        int[] found = new int[Math.min(most, rows.size())];
        int count = 0;
        reached = until;
        scan:
        for (int r = 0; r < uids.rangeCount(); r++) {
            long first = Math.max(uids.rangeFirst(r), from);
            long last = Math.min(uids.rangeLast(r), until - 1);
            if (first > last) {
                continue;
            }
            int index = rows.indexOf(first);
            for (int i = index >= 0 ? index : -1 - index; i < rows.size() && rows.uid(i) <= last; i++) {
                if (wantedFlags.test(rows.system(i))) {
                    if (count == found.length) {
                        reached = rows.uid(i);
                        break scan;
                    }
                    found[count++] = i;
                }
            }
        }
        return Arrays.copyOf(found, count);
    }

    /// Every index that the whole sweep would meet.
    int[] all(Rows rows) {
        int[] found = new int[rows.size()];
        int[] count = {0};
        rows.within(uids, index -> {
            if (wantedFlags.test(rows.system(index))) {
                found[count[0]++] = index;
            }
        });
        return Arrays.copyOf(found, count[0]);
    }

    /// The step is durable.
    void advance() {
        from = reached;
    }
}
