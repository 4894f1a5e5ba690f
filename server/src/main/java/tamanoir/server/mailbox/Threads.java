package tamanoir.server.mailbox;

import java.util.Arrays;

/// Which thread each message of an account is in, as two columns in order of message ids: 16 octets a message, read
/// once by one sweep over the thread rows and kept with the picture.
///
/// Immutable to whoever reads: threads never change (RFC 8621 §3) and new messages have higher ids, so the next picture
/// shares the columns and only sees one slot more. A slot is written before the picture that covers it is published, by
/// the holder of the account's turn, from the newest picture; as in [Rows]. Messages that have gone stay until the
/// picture is let go: nobody asks for them, and who follows the change log is glad of it.
final class Threads {
    static final int OCTETS_A_ROW = 16;

    private final long[] messages;
    private final long[] threads;
    private final int size;

    private Threads(long[] messages, long[] threads, int size) {
        this.messages = messages;
        this.threads = threads;
        this.size = size;
    }

    int size() {
        return size;
    }

    /// 0 when the message is not known.
    long of(long message) {
        int at = Arrays.binarySearch(messages, 0, size, message);
        return at < 0 ? 0 : threads[at];
    }

    /// The same near a place where the last answer was found: whoever asks in order of ids finds each at once. Answers
    /// the place, or -1.
    int placeOf(long message, int near) {
        if (near >= 0 && near < size && messages[near] == message) {
            return near;
        }
        int at = Arrays.binarySearch(messages, 0, size, message);
        return at < 0 ? -1 : at;
    }

    long at(int place) {
        return threads[place];
    }

    void each(Overview.ThreadVisitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.visit(messages[i], threads[i]);
        }
    }

    Threads plus(long message, long thread) {
        if (size > 0 && message <= messages[size - 1]) {
            return inserted(message, thread);
        }
        long[] more = messages;
        long[] theirs = threads;
        if (size == messages.length) {
            int capacity = Math.max(16, size + size / 4);
            more = Arrays.copyOf(messages, capacity);
            theirs = Arrays.copyOf(threads, capacity);
        }
        more[size] = message;
        theirs[size] = thread;
        return new Threads(more, theirs, size + 1);
    }

    /// Ids grow, so this does not happen; but a wrong order would make messages disappear.
    private Threads inserted(long message, long thread) {
        Loader loader = new Loader();
        for (int i = 0; i < size; i++) {
            if (messages[i] != message) {
                loader.add(threads[i], messages[i]);
            }
        }
        loader.add(thread, message);
        return loader.threads();
    }

    /// Takes the rows of the store, which lie in order of threads; used by one thread.
    static final class Loader {
        private long[] messages = new long[64];
        private long[] threads = new long[64];
        private int size;

        void add(long thread, long message) {
            if (size == messages.length) {
                messages = Arrays.copyOf(messages, size * 2);
                threads = Arrays.copyOf(threads, size * 2);
            }
            messages[size] = message;
            threads[size++] = thread;
        }

        Threads threads() {
            // Sorts pairs: the rank of each message first, then both columns by it.
            long[] sorted = Arrays.copyOf(messages, size);
            Arrays.sort(sorted);
            long[] theirs = new long[size];
            for (int i = 0; i < size; i++) {
                theirs[Arrays.binarySearch(sorted, messages[i])] = threads[i];
            }
            return new Threads(sorted, theirs, size);
        }
    }
}
