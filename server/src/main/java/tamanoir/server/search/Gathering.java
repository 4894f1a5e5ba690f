package tamanoir.server.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.util.Bits;
import tamanoir.mail.text.Octets;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Content;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Overview;
import tamanoir.server.mailbox.View;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Body;

/// Takes the messages of one account into its index: new ones first, then, while the index is young, those of old, from
/// the newest down. In steps, so that others get their turn in between. Used by one thread.
final class Gathering {
    private static final Trace TRACE = new Trace("search", "");

    /// What cannot be read is taken in as a message without text, so that the others are found.
    private static final Content NOTHING = new Content(Octets.EMPTY, new Body.Small(Octets.EMPTY));

    private final AccountMail mail;
    private final Kind kind;
    private final TextIndex index;
    private final Languages.Stems stems = Languages.known().stems();

    Gathering(AccountMail mail, Kind kind, TextIndex index) {
        this.mail = mail;
        this.kind = kind;
        this.index = index;
    }

    /// Takes in some `most` messages; answers whether more are left. By who has the turn.
    boolean step(int most) throws IOException {
        Overview overview = mail.overview(Set.of());
        long[] ids = ids(overview);
        Coverage before = index.coverage();
        if (before.highest() < 0) {
            before = new Coverage(overview.newest() + 1, overview.newest(), false, overview.version());
        }
        int newer = firstAbove(ids, before.highest());
        if (newer < ids.length) {
            int to = Math.min(ids.length, newer + most);
            addAll(Arrays.copyOfRange(ids, newer, to));
            long highest = to < ids.length ? ids[to - 1] : overview.newest();
            index.covers(new Coverage(before.lowest(), highest, before.whole(), before.modseq()));
            return to < ids.length || !before.whole();
        }
        if (!before.whole()) {
            int end = firstAbove(ids, before.lowest() - 1);
            int from = Math.max(0, end - most);
            addAll(Arrays.copyOfRange(ids, from, end));
            long lowest = from < end ? ids[from] : before.lowest();
            index.covers(new Coverage(lowest, overview.newest(), from == 0, before.modseq()));
            return from > 0;
        }
        index.covers(new Coverage(before.lowest(), overview.newest(), true, before.modseq()));
        return false;
    }

    /// Those with \Deleted too: the flag may be taken away again.
    private static long[] ids(Overview overview) {
        int all = 0;
        for (View view : overview.views()) {
            all += view.size();
        }
        long[] ids = new long[all];
        int count = 0;
        for (View view : overview.views()) {
            for (int i = 0; i < view.size(); i++) {
                ids[count++] = view.message(i).number();
            }
        }
        Arrays.sort(ids);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || ids[i] != ids[i - 1]) {
                ids[distinct++] = ids[i];
            }
        }
        return Arrays.copyOf(ids, distinct);
    }

    private static int firstAbove(long[] ids, long border) {
        int at = Arrays.binarySearch(ids, border);
        return at >= 0 ? at + 1 : -1 - at;
    }

    private void addAll(long[] messages) throws IOException {
        for (int from = 0; from < messages.length; from += AccountMail.CONTENTS_AT_ONCE) {
            int to = Math.min(messages.length, from + AccountMail.CONTENTS_AT_ONCE);
            List<MessageId> some =
                    Arrays.stream(messages, from, to).mapToObj(MessageId::new).toList();
            List<Optional<Content>> contents = contents(some);
            for (int i = 0; i < contents.size(); i++) {
                if (contents.get(i).isPresent()) {
                    add(some.get(i).number(), contents.get(i).get());
                } // else it has gone meanwhile
            }
        }
    }

    private List<Optional<Content>> contents(List<MessageId> messages) {
        try {
            return mail.contents(messages);
        } catch (Unavailable e) {
            throw e;
        } catch (RuntimeException bug) {
            // One strange message must not keep the others from being found.
            if (messages.size() == 1) {
                TRACE.bug(bug);
                return List.of(Optional.of(NOTHING));
            }
            return messages.stream()
                    .map(message -> contents(List.of(message)).getFirst())
                    .toList();
        }
    }

    private void add(long message, Content content) throws IOException {
        Document document;
        try {
            document = kind.document(message, MessageText.of(mail, content), stems);
        } catch (Unavailable e) {
            throw e;
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
            document = Documents.of(message);
        }
        index.add(document);
    }

    /// Takes out what is nowhere any more. By who has the turn.
    void sweep() throws IOException {
        Overview overview = mail.overview(Set.of());
        Coverage coverage = index.coverage();
        if (coverage.modseq() == overview.version()) {
            return;
        }
        long[] ids = ids(overview);
        index.show();
        List<Long> gone = new ArrayList<>();
        try (TextIndex.Reading reading = index.read()) {
            for (LeafReaderContext leaf : reading.reader().leaves()) {
                NumericDocValues values = leaf.reader().getNumericDocValues(Documents.ID);
                Bits live = leaf.reader().getLiveDocs();
                if (values == null) {
                    continue;
                }
                for (int doc = values.nextDoc(); doc != NumericDocValues.NO_MORE_DOCS; doc = values.nextDoc()) {
                    if ((live == null || live.get(doc)) && Arrays.binarySearch(ids, values.longValue()) < 0) {
                        gone.add(values.longValue());
                    }
                }
            }
        }
        index.remove(gone);
        index.covers(new Coverage(coverage.lowest(), coverage.highest(), coverage.whole(), overview.version()));
    }
}
