package tamanoir.server.search;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.Overview;
import tamanoir.server.mailbox.View;

/// The messages of an account as JMAP sees them: each once, with all the places it is in. Columns over the views of one
/// version; immutable after [#of].
///
/// A place with \Deleted counts as left already: IMAP's clients hide it, and there is no way to say it in JMAP (RFC
/// 8621
/// §4.1.1).
///
/// The largest mailbox is read last and only looked up, never entered: who has all his mail in one place pays nothing
/// for the possibility that it is in two.
final class Emails {
    private final Overview overview;
    private final List<View> views;
    private long[] ids;
    private int[] itsView;
    private int[] itsRow;
    private int size;

    /// Where else: for each message the first further place or -1; places are chained.
    private int @Nullable [] more;
    private int[] moreViews = new int[0];
    private int[] moreRows = new int[0];
    private int[] moreNext = new int[0];
    private int moreSize;

    private Emails(Overview overview) {
        this.overview = overview;
        this.views = overview.views();
        int all = 0;
        for (View view : views) {
            all += view.size();
        }
        ids = new long[all];
        itsView = new int[all];
        itsRow = new int[all];
    }

    static Emails of(Overview overview) {
        Emails emails = new Emails(overview);
        emails.gather();
        return emails;
    }

    private void gather() {
        int largest = -1;
        int rest = 0;
        for (int v = 0; v < views.size(); v++) {
            int n = views.get(v).size();
            rest += n;
            if (largest < 0 || n > views.get(largest).size()) {
                largest = v;
            }
        }
        if (largest < 0) {
            return;
        }
        boolean plain = ascends(views.get(largest));
        LongTable known = new LongTable(plain ? rest - views.get(largest).size() : rest);
        for (int v = 0; v < views.size(); v++) {
            if (v != largest) {
                take(v, known, true);
            }
        }
        take(largest, known, !plain);
    }

    /// Ids grow with time, and a message that is twice in one mailbox breaks the order.
    private static boolean ascends(View view) {
        long last = 0;
        for (int i = 0; i < view.size(); i++) {
            long id = view.message(i).number();
            if (id <= last) {
                return false;
            }
            last = id;
        }
        return true;
    }

    private void take(int v, LongTable known, boolean enter) {
        View view = views.get(v);
        boolean lookUp = enter || known.size() > 0;
        for (int i = 0; i < view.size(); i++) {
            if ((view.systemFlags(i) & Flags.DELETED) != 0) {
                continue;
            }
            long id = view.message(i).number();
            int there = lookUp ? known.get(id, -1) : -1;
            if (there >= 0) {
                chain(there, v, i);
                continue;
            }
            if (enter) {
                known.put(id, size);
            }
            ids[size] = id;
            itsView[size] = v;
            itsRow[size++] = i;
        }
    }

    private void chain(int email, int view, int row) {
        int[] heads = more;
        if (heads == null) {
            heads = new int[ids.length];
            java.util.Arrays.fill(heads, -1);
            more = heads;
        }
        if (moreSize == moreViews.length) {
            int capacity = Math.max(16, moreSize * 2);
            moreViews = java.util.Arrays.copyOf(moreViews, capacity);
            moreRows = java.util.Arrays.copyOf(moreRows, capacity);
            moreNext = java.util.Arrays.copyOf(moreNext, capacity);
        }
        moreViews[moreSize] = view;
        moreRows[moreSize] = row;
        moreNext[moreSize] = heads[email];
        heads[email] = moreSize++;
    }

    // ---- asking ------------------------------------------------------------------------------------------------

    Overview overview() {
        return overview;
    }

    int size() {
        return size;
    }

    long id(int email) {
        return ids[email];
    }

    long received(int email) {
        return views.get(itsView[email]).internalSeconds(itsRow[email]);
    }

    long octets(int email) {
        return views.get(itsView[email]).octets(itsRow[email]);
    }

    long thread(int email) {
        return views.get(itsView[email]).thread(itsRow[email]).number();
    }

    boolean isIn(int email, int view) {
        if (itsView[email] == view) {
            return true;
        }
        for (int at = firstMore(email); at >= 0; at = moreNext[at]) {
            if (moreViews[at] == view) {
                return true;
            }
        }
        return false;
    }

    boolean isInOtherThan(int email, boolean[] excluded) {
        if (!excluded[itsView[email]]) {
            return true;
        }
        for (int at = firstMore(email); at >= 0; at = moreNext[at]) {
            if (!excluded[moreViews[at]]) {
                return true;
            }
        }
        return false;
    }

    private int firstMore(int email) {
        int[] heads = more;
        return heads == null ? -1 : heads[email];
    }

    /// The index of a mailbox among the views; -1 when it is not one of them.
    int view(MailboxId mailbox) {
        for (int v = 0; v < views.size(); v++) {
            if (views.get(v).mailbox().equals(mailbox)) {
                return v;
            }
        }
        return -1;
    }

    int viewCount() {
        return views.size();
    }

    /// Whether the message carries the keyword. IMAP may set the flags of two copies differently: the message has what
    /// one of them has, but it is seen only when all of them are, as Email/get shows it (RFC 8621 §4.1.1).
    boolean has(int email, Bits keyword) {
        boolean all = keyword.system == Flags.SEEN;
        if (hasHere(itsView[email], itsRow[email], keyword) != all) {
            return !all;
        }
        for (int at = firstMore(email); at >= 0; at = moreNext[at]) {
            if (hasHere(moreViews[at], moreRows[at], keyword) != all) {
                return !all;
            }
        }
        return all;
    }

    private boolean hasHere(int view, int row, Bits keyword) {
        View its = views.get(view);
        return keyword.system != 0
                ? (its.systemFlags(row) & keyword.system) != 0
                : (its.keywordBits(row) & keyword.own) != 0;
    }

    /// A keyword as the rows have it: a system flag, or a bit of the account's dictionary.
    record Bits(int system, long own) {}

    /// RFC 8621 §4.1.1: the names of the system flags in JMAP.
    Bits bits(String keyword) {
        int system = switch (keyword.toLowerCase(Locale.ROOT)) {
            case "$seen" -> Flags.SEEN;
            case "$flagged" -> Flags.FLAGGED;
            case "$answered" -> Flags.ANSWERED;
            case "$draft" -> Flags.DRAFT;
            default -> 0;
        };
        long own = 0;
        if (system == 0 && !views.isEmpty()) {
            List<String> names = views.getFirst().keywords();
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equalsIgnoreCase(keyword)) {
                    own = 1L << i;
                }
            }
        }
        return new Bits(system, own);
    }

    /// Octets of heap, roughly.
    int weight() {
        return 500 + 28 * ids.length + 12 * moreViews.length;
    }
}
