package tamanoir.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.imap.SequenceSet;
import tamanoir.mail.imap.Wire;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.Uids;
import tamanoir.server.mailbox.View;

/// The selected mailbox as the client knows it, and how it is told what changed.
///
/// Sequence numbers are a matter between client and session: they change only when an EXPUNGE or EXISTS was sent (RFC
/// 9051 §5.2, §7.5.1). The picture of the mailbox ([View]) is newer than that at times. As long as both agree, which is
/// nearly always, `told` is null and nothing is copied; only when messages vanished during a command that may not tell
/// so does the session keep UIDs of its own, until the next command that may.
final class SelectedMailbox {
    private final AccountMail mail;
    private final MailboxId id;
    private final boolean readOnly;

    private View view;
    /// The UIDs by sequence number where they are not those of `view`.
    private long @Nullable [] told;

    private long toldUidNext;
    private long toldModseq;

    /// First (inclusive) and last (exclusive) UIDs of the messages that are \Recent here, in pairs.
    private long[] recent = {};

    private Uids saved = Uids.NONE;

    /// Changes since the last [#tell] that the client knows already: UID and modseq.
    private final Map<Long, Long> known = new HashMap<>(0);

    /// What a client needs beyond IMAP4rev1 in unasked FETCH responses.
    record Telling(boolean modseq, boolean uid, boolean recent) {}

    SelectedMailbox(AccountMail mail, MailboxId id, boolean readOnly) {
        this.mail = mail;
        this.id = id;
        this.readOnly = readOnly;
        this.view = mail.view(id);
        this.toldUidNext = view.uidNext();
        this.toldModseq = view.highestModseq();
        takeRecent(1);
    }

    MailboxId id() {
        return id;
    }

    boolean readOnly() {
        return readOnly;
    }

    /// The newest picture taken; the same for the whole of one command unless [#look] is called.
    View view() {
        return view;
    }

    Uids saved() {
        return saved;
    }

    /// RFC 5182 §2.1: what `$` stands for.
    void save(Uids uids) {
        saved = uids;
    }

    // ---- numbers -----------------------------------------------------------------------------------------------

    /// How many messages the client knows.
    int count() {
        return told == null ? view.size() : told.length;
    }

    long uidOf(int sequence) {
        return told == null ? view.uid(sequence - 1) : told[sequence - 1];
    }

    /// The sequence number of a UID; 0 when the client does not know it.
    int sequenceOf(long uid) {
        int index = told == null ? view.indexOf(uid) : Arrays.binarySearch(told, uid);
        return index < 0 ? 0 : index + 1;
    }

    /// The sequence number of the message at this index of [#view].
    int sequenceAt(int index) {
        return told == null ? index + 1 : sequenceOf(view.uid(index));
    }

    private long largestUid() {
        return count() == 0 ? 0 : uidOf(count());
    }

    /// The UIDs that a set means now.
    ///
    /// @throws BadSyntax for a sequence number that the client cannot know (RFC 9051 §9, seq-number)
    Uids resolve(SequenceSet set, boolean uid) {
        if (set.saved()) {
            return saved;
        }
        if (!uid && set.largestNamed() > count()) {
            throw new BadSyntax("there is no message with this number");
        }
        return lookup(set, uid);
    }

    /// The same for SEARCH, where numbers beyond the last message only match nothing.
    Uids lookup(SequenceSet set, boolean uid) {
        if (set.saved()) {
            return saved;
        }
        Uids.Builder uids = new Uids.Builder();
        for (SequenceSet.Range range : set.resolve(uid ? largestUid() : count())) {
            if (uid) {
                uids.addRange(range.first(), range.last());
                continue;
            }
            int last = (int) Math.min(range.last(), count());
            for (int sequence = (int) Math.min(range.first(), count() + 1L); sequence <= last; sequence++) {
                uids.add(uidOf(sequence));
            }
        }
        return uids.build();
    }

    /// The indexes in [#view] of those messages that are there.
    int[] indexes(Uids uids) {
        int[] found = new int[(int) Math.min(uids.size(), view.size())];
        int[] used = {0};
        view.within(uids, index -> {
            // A message that came after the client was told last has no number yet
            if (told == null || sequenceAt(index) > 0) {
                found[used[0]++] = index;
            }
        });
        return used[0] == found.length ? found : Arrays.copyOf(found, used[0]);
    }

    // ---- \Recent -----------------------------------------------------------------------------------------------

    boolean isRecent(long uid) {
        for (int i = 0; i < recent.length; i += 2) {
            if (uid >= recent[i] && uid < recent[i + 1]) {
                return true;
            }
        }
        return false;
    }

    int recentCount() {
        int count = 0;
        for (int i = 0; i < recent.length; i += 2) {
            int from = view.indexOf(recent[i]);
            int to = view.indexOf(recent[i + 1]);
            count += (to < 0 ? -1 - to : to) - (from < 0 ? -1 - from : from);
        }
        return count;
    }

    /// Only one session sees a message as recent, unless it looks without touching (RFC 3501 §2.3.2).
    private void takeRecent(long since) {
        long from;
        if (readOnly) {
            from = mail.info(id).map(i -> firstRecent(i.recent())).orElse(view.uidNext());
        } else {
            from = mail.takeRecent(id);
        }
        from = Math.max(from, since);
        if (from >= view.uidNext()) {
            return;
        }
        if (recent.length > 0 && recent[recent.length - 1] >= from) {
            recent[recent.length - 1] = view.uidNext();
            return;
        }
        recent = Arrays.copyOf(recent, recent.length + 2);
        recent[recent.length - 2] = from;
        recent[recent.length - 1] = view.uidNext();
    }

    private long firstRecent(int count) {
        return count == 0 || count > view.size() ? view.uidNext() : view.uid(view.size() - count);
    }

    // ---- what changed ------------------------------------------------------------------------------------------

    /// Takes a new picture; the client's numbers stay as they are.
    void look() {
        View next = mail.view(id);
        if (next == view) {
            return;
        }
        boolean same = next.size() == view.size() && next.uidNext() == view.uidNext();
        // UIDs only grow: equal count and equal UIDNEXT mean the same messages
        if (told == null && !same) {
            told = uidsOf(view, 0, view.size());
        }
        view = next;
    }

    private static long[] uidsOf(View view, int from, int to) {
        long[] uids = new long[to - from];
        for (int i = from; i < to; i++) {
            uids[i - from] = view.uid(i);
        }
        return uids;
    }

    /// True when there is something that [#tell] would say.
    boolean hasNews() {
        View next = mail.view(id);
        return next != view || told != null;
    }

    /// Tells the client what changed since it was told last. EXPUNGE goes only where `mayExpunge` (RFC 9051 §7.5.1),
    /// and
    /// EXISTS only when the number grew.
    void tell(Wire wire, boolean mayExpunge, boolean vanished, Telling telling) throws IOException {
        look();
        if (told != null) {
            tellNumbers(wire, mayExpunge, vanished, telling);
        }
        if (view.highestModseq() > toldModseq) {
            tellFlags(wire, telling);
            toldModseq = view.highestModseq();
        }
        toldUidNext = view.uidNext();
        known.clear();
    }

    /// The client learned the state of the message at `index`, or made it itself: no need to say it again.
    void wasTold(int index) {
        if (view.modseq(index) > toldModseq) {
            known.put(view.uid(index), view.modseq(index));
        }
    }

    private void tellNumbers(Wire wire, boolean mayExpunge, boolean vanished, Telling telling) throws IOException {
        long[] old = told == null ? new long[0] : told;
        List<Integer> gone = new ArrayList<>();
        for (int i = 0; i < old.length; i++) {
            if (view.indexOf(old[i]) < 0) {
                gone.add(i);
            }
        }
        int from = view.indexOf(toldUidNext);
        int fresh = view.size() - (from < 0 ? -1 - from : from);
        if (gone.isEmpty() || mayExpunge) {
            if (vanished) {
                tellVanished(wire, old, gone);
            } else {
                // From the last to the first, so that no number shifts before it is said
                for (int i = gone.size() - 1; i >= 0; i--) {
                    wire.text("* ").number(gone.get(i) + 1L).text(" EXPUNGE").crlf();
                }
            }
            told = null;
        } else {
            long[] grown = Arrays.copyOf(old, old.length + fresh);
            System.arraycopy(uidsOf(view, view.size() - fresh, view.size()), 0, grown, old.length, fresh);
            told = grown;
        }
        if (fresh > 0) {
            takeRecent(toldUidNext);
            wire.text("* ").number(count()).text(" EXISTS").crlf();
            if (telling.recent()) {
                wire.text("* ").number(recentCount()).text(" RECENT").crlf();
            }
        }
    }

    /// RFC 7162 §3.2.10: UIDs instead of numbers.
    private static void tellVanished(Wire wire, long[] old, List<Integer> gone) throws IOException {
        if (gone.isEmpty()) {
            return;
        }
        long[] uids = gone.stream().mapToLong(i -> old[i]).toArray();
        wire.text("* VANISHED ").text(SequenceSet.compact(uids)).crlf();
    }

    private void tellFlags(Wire wire, Telling telling) throws IOException {
        List<Integer> changed = new ArrayList<>();
        view.changedSince(toldModseq, changed::add);
        for (int index : changed) {
            long uid = view.uid(index);
            if (uid < toldUidNext && known.getOrDefault(uid, 0L) < view.modseq(index)) {
                FlagsLine.write(wire, this, index, telling);
            }
        }
    }
}
