package tamanoir.server.mailbox;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/// One account at one version, in memory: head, keywords, mailboxes, and the message rows of those mailboxes that
/// somebody looked into. Immutable; [Edit] makes the next one.
final class Picture {
    final long version;

    /// The version of the newest commit that stands in the change log: what came after it only cleared away.
    private final long logged;

    final Head head;
    final Keywords keywords;
    final Tree tree;

    /// Subscribed names without a mailbox.
    final NavigableSet<String> orphans;

    /// Ascending by id; never changed after the constructor.
    private final Box[] boxes;

    Picture(
            long version,
            long logged,
            Head head,
            Keywords keywords,
            Tree tree,
            NavigableSet<String> orphans,
            Box[] boxes) {
        this.version = version;
        this.logged = logged;
        this.head = head;
        this.keywords = keywords;
        this.tree = tree;
        this.orphans = orphans;
        this.boxes = boxes;
    }

    /// The version of the newest change that clients can see; the log reaches back to it.
    long lastChange() {
        return Math.max(logged, head.logFloor());
    }

    Box[] boxes() {
        return boxes.clone();
    }

    List<Box> all() {
        return Collections.unmodifiableList(Arrays.asList(boxes));
    }

    @Nullable
    Box box(int id) {
        int at = indexOf(boxes, id);
        return at < 0 ? null : boxes[at];
    }

    static int indexOf(Box[] boxes, int id) {
        int low = 0;
        int high = boxes.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = boxes[middle].id();
            if (found == id) {
                return middle;
            }
            if (found < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    /// Octets of all messages, each once for each mailbox that it is in.
    long octets() {
        long octets = 0;
        for (Box box : boxes) {
            octets += box.row().octets();
        }
        return octets;
    }

    long messages() {
        long messages = 0;
        for (Box box : boxes) {
            messages += box.row().messages();
        }
        return messages;
    }

    /// The same with the rows of one mailbox loaded.
    Picture with(int mailbox, Rows rows) {
        Box[] loaded = boxes.clone();
        int at = indexOf(loaded, mailbox);
        loaded[at] = new Box(loaded[at].row(), rows);
        return new Picture(version, logged, head, keywords, tree, orphans, loaded);
    }

    Picture with(MailboxRow row) {
        Box[] changed = boxes.clone();
        int at = indexOf(changed, row.id());
        changed[at] = changed[at].with(row);
        return new Picture(version, logged, head, keywords, tree, orphans, changed);
    }

    /// Octets of heap, roughly.
    int weight() {
        long weight = 1_000 + 300L * boxes.length;
        for (Box box : boxes) {
            Rows rows = box.rows();
            if (rows != null) {
                weight += (long) rows.size() * Rows.OCTETS_A_ROW;
            }
        }
        return (int) Math.min(weight, Integer.MAX_VALUE);
    }

    @Override
    public String toString() {
        return "version " + version + " " + Arrays.toString(boxes);
    }
}
