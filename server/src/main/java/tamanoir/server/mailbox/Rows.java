package tamanoir.server.mailbox;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.LongUnaryOperator;

/// The message rows of one mailbox in UID order, as columns in chunks of [#CHUNK]. Every picture of it is immutable; a
/// change makes a new one that shares all chunks it did not touch.
///
/// Appending is the common case and must not cost what the mailbox weighs: pictures share the last chunk, each sees
/// only its own `size`, and a slot is written before the picture that covers it is published. Only the holder of the
/// account's turn ([Lane]) makes new pictures, always from the newest one, so no two ever fill the same slot while
/// either can be seen.
final class Rows {
    static final int CHUNK = 512;
    static final Rows EMPTY = new Rows(new Chunk[0], new int[0], 0);

    /// Octets of heap that one row takes in the columns.
    static final int OCTETS_A_ROW = 65;

    /// Columns. `modseqs` of a full chunk is summed up in `newest`.
    private static final class Chunk {
        final long[] uids;
        final long[] messages;
        final long[] threads;
        final long[] modseqs;
        final long[] keywords;
        final long[] octets;
        final long[] internalDates;
        final long[] saveDates;
        final byte[] system;

        Chunk(int capacity) {
            uids = new long[capacity];
            messages = new long[capacity];
            threads = new long[capacity];
            modseqs = new long[capacity];
            keywords = new long[capacity];
            octets = new long[capacity];
            internalDates = new long[capacity];
            saveDates = new long[capacity];
            system = new byte[capacity];
        }

        private Chunk(Chunk of, int capacity) {
            uids = Arrays.copyOf(of.uids, capacity);
            messages = Arrays.copyOf(of.messages, capacity);
            threads = Arrays.copyOf(of.threads, capacity);
            modseqs = Arrays.copyOf(of.modseqs, capacity);
            keywords = Arrays.copyOf(of.keywords, capacity);
            octets = Arrays.copyOf(of.octets, capacity);
            internalDates = Arrays.copyOf(of.internalDates, capacity);
            saveDates = Arrays.copyOf(of.saveDates, capacity);
            system = Arrays.copyOf(of.system, capacity);
        }

        /// The same rows; what only flags can change is copied, the rest shared.
        private Chunk(Chunk of, long[] modseqs, long[] keywords, byte[] system) {
            uids = of.uids;
            messages = of.messages;
            threads = of.threads;
            octets = of.octets;
            internalDates = of.internalDates;
            saveDates = of.saveDates;
            this.modseqs = modseqs;
            this.keywords = keywords;
            this.system = system;
        }

        Chunk forFlags() {
            return new Chunk(this, modseqs.clone(), keywords.clone(), system.clone());
        }

        void put(int at, MessageRow row) {
            uids[at] = row.uid();
            messages[at] = row.message();
            threads[at] = row.thread();
            modseqs[at] = row.modseq();
            keywords[at] = row.keywords();
            octets[at] = row.octets();
            internalDates[at] = row.internalDate();
            saveDates[at] = row.saveDate();
            system[at] = (byte) row.system();
        }

        void copyTo(Chunk target, int from, int to) {
            target.uids[to] = uids[from];
            target.messages[to] = messages[from];
            target.threads[to] = threads[from];
            target.modseqs[to] = modseqs[from];
            target.keywords[to] = keywords[from];
            target.octets[to] = octets[from];
            target.internalDates[to] = internalDates[from];
            target.saveDates[to] = saveDates[from];
            target.system[to] = system[from];
        }

        int capacity() {
            return uids.length;
        }
    }

    private final Chunk[] chunks;
    /// The index of each chunk's first row.
    private final int[] starts;
    private final int size;

    private Rows(Chunk[] chunks, int[] starts, int size) {
        this.chunks = chunks;
        this.starts = starts;
        this.size = size;
    }

    int size() {
        return size;
    }

    // ---- reading -----------------------------------------------------------------------------------------------

    private int chunkOf(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        // Right at the first guess as long as no message was ever removed.
        int chunk = Math.min(index / CHUNK, chunks.length - 1);
        if (starts[chunk] <= index && (chunk + 1 == chunks.length || index < starts[chunk + 1])) {
            return chunk;
        }
        int found = Arrays.binarySearch(starts, index);
        return found >= 0 ? found : -found - 2;
    }

    private int end(int chunk) {
        return chunk + 1 == chunks.length ? size : starts[chunk + 1];
    }

    long uid(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].uids[index - starts[chunk]];
    }

    long message(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].messages[index - starts[chunk]];
    }

    long thread(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].threads[index - starts[chunk]];
    }

    long modseq(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].modseqs[index - starts[chunk]];
    }

    int system(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].system[index - starts[chunk]];
    }

    long keywords(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].keywords[index - starts[chunk]];
    }

    long octets(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].octets[index - starts[chunk]];
    }

    long internalDate(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].internalDates[index - starts[chunk]];
    }

    long saveDate(int index) {
        int chunk = chunkOf(index);
        return chunks[chunk].saveDates[index - starts[chunk]];
    }

    MessageRow row(int index) {
        int chunk = chunkOf(index);
        Chunk c = chunks[chunk];
        int at = index - starts[chunk];
        return new MessageRow(
                c.uids[at],
                c.messages[at],
                c.threads[at],
                c.modseqs[at],
                c.system[at],
                c.keywords[at],
                c.octets[at],
                c.internalDates[at],
                c.saveDates[at]);
    }

    int indexOf(long uid) {
        int low = 0;
        int high = chunks.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (chunks[middle].uids[0] <= uid) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (chunks.length == 0) {
            return -1;
        }
        int found = Arrays.binarySearch(chunks[low].uids, 0, end(low) - starts[low], uid);
        return found >= 0 ? starts[low] + found : found - starts[low];
    }

    int firstUnseen() {
        for (int c = 0; c < chunks.length; c++) {
            byte[] system = chunks[c].system;
            for (int i = 0, n = end(c) - starts[c]; i < n; i++) {
                if ((system[i] & Flags.SEEN) == 0) {
                    return starts[c] + i;
                }
            }
        }
        return -1;
    }

    void changedSince(long modseq, IntConsumer visitor) {
        for (int c = 0; c < chunks.length; c++) {
            long[] modseqs = chunks[c].modseqs;
            for (int i = 0, n = end(c) - starts[c]; i < n; i++) {
                if (modseqs[i] > modseq) {
                    visitor.accept(starts[c] + i);
                }
            }
        }
    }

    void within(Uids uids, IntConsumer visitor) {
        for (int r = 0; r < uids.rangeCount(); r++) {
            int index = indexOf(uids.rangeFirst(r));
            for (int i = index >= 0 ? index : -1 - index; i < size && uid(i) <= uids.rangeLast(r); i++) {
                visitor.accept(i);
            }
        }
    }

    Uids uids() {
        Uids.Builder uids = new Uids.Builder();
        for (int c = 0; c < chunks.length; c++) {
            for (int i = 0, n = end(c) - starts[c]; i < n; i++) {
                uids.add(chunks[c].uids[i]);
            }
        }
        return uids.build();
    }

    /// Makes the columns from the rows of the store, in UID order; used by one thread.
    static final class Loader {
        private final LongUnaryOperator threads;
        private Rows rows = EMPTY;

        /// `threads` finds the conversation of a message whose row does not say it.
        Loader(LongUnaryOperator threads) {
            this.threads = threads;
        }

        /// Answers true, as the visitor of a scan.
        boolean add(long uid, byte[] row) {
            MessageRow message = MessageRow.decode(uid, row);
            rows = rows.plus(
                    message.thread() == MessageRow.NO_THREAD
                            ? message.ofThread(threads.applyAsLong(message.message()))
                            : message);
            return true;
        }

        Rows rows() {
            return rows;
        }
    }

    // ---- the next picture --------------------------------------------------------------------------------------

    Rows plus(MessageRow row) {
        int last = chunks.length - 1;
        int used = last < 0 ? 0 : size - starts[last];
        if (last >= 0 && used < chunks[last].capacity()) {
            chunks[last].put(used, row);
            return new Rows(chunks, starts, size + 1);
        }
        Chunk[] more;
        int[] begins;
        if (last >= 0 && used < CHUNK) {
            // The chunk is small and full: the same rows in a larger one, so that small mailboxes stay small.
            more = chunks.clone();
            begins = starts;
            more[last] = new Chunk(chunks[last], Math.min(CHUNK, used * 4));
            more[last].put(used, row);
        } else {
            more = Arrays.copyOf(chunks, chunks.length + 1);
            begins = Arrays.copyOf(starts, starts.length + 1);
            begins[last + 1] = size;
            more[last + 1] = new Chunk(last < 0 ? 8 : CHUNK);
            more[last + 1].put(0, row);
        }
        return new Rows(more, begins, size + 1);
    }

    /// The same rows with other flags at `indexes` (ascending), all with the modseq `modseq`.
    Rows flagged(int[] indexes, int[] system, long[] keywords, long modseq) {
        Chunk[] changed = chunks.clone();
        for (int n = 0; n < indexes.length; n++) {
            int chunk = chunkOf(indexes[n]);
            int at = indexes[n] - starts[chunk];
            if (changed[chunk] == chunks[chunk]) {
                changed[chunk] = chunks[chunk].forFlags();
            }
            changed[chunk].system[at] = (byte) system[n];
            changed[chunk].keywords[at] = keywords[n];
            changed[chunk].modseqs[at] = modseq;
        }
        return new Rows(changed, starts, size);
    }

    /// Without the rows at `indexes` (ascending).
    Rows without(int[] indexes) {
        if (indexes.length == 0) {
            return this;
        }
        Chunk[] left = new Chunk[chunks.length];
        int[] begins = new int[chunks.length];
        int count = 0;
        int begin = 0;
        int next = 0;
        for (int c = 0; c < chunks.length; c++) {
            int n = end(c) - starts[c];
            int gone = next;
            while (gone < indexes.length && indexes[gone] < starts[c] + n) {
                gone++;
            }
            if (gone - next == n) {
                next = gone;
                continue;
            }
            Chunk kept = chunks[c];
            if (gone > next) {
                kept = new Chunk(c + 1 == chunks.length ? chunks[c].capacity() : n - (gone - next));
                int to = 0;
                for (int i = 0; i < n; i++) {
                    if (next < gone && indexes[next] == starts[c] + i) {
                        next++;
                    } else {
                        chunks[c].copyTo(kept, i, to++);
                    }
                }
                n = to;
            }
            left[count] = kept;
            begins[count++] = begin;
            begin += n;
        }
        Rows rows = new Rows(Arrays.copyOf(left, count), Arrays.copyOf(begins, count), begin);
        return count > 8 && begin < count * (CHUNK / 4) ? rows.packed() : rows;
    }

    /// The same rows in full chunks, after removals have left many small ones.
    private Rows packed() {
        Rows packed = EMPTY;
        for (int i = 0; i < size; i++) {
            packed = packed.plus(row(i));
        }
        return packed;
    }
}
