package tamanoir.server.store.rocks;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;

/// A commit on its way: made and awaited by the caller's thread, answered once by the writer.
///
/// The caller computes the physical keys, so that the one writer thread has little to do for each.
final class Request {
    final List<Batch> batches;
    final byte[][] keys;
    final long octets;
    final boolean hasBody;

    /// The request that arrived before this one; used by [Writer] alone.
    @Nullable
    Request next;

    private final Thread caller = Thread.currentThread();
    private @Nullable Commit commit;
    private @Nullable Unavailable refusal;

    /// Written last and read first: what is above is visible when this is true.
    private volatile boolean answered;

    Request(List<Batch> batches) {
        this.batches = batches;
        int count = 0;
        for (Batch batch : batches) {
            count += batch.changes().size();
        }
        byte[][] all = new byte[count][];
        long sum = 0;
        boolean body = false;
        int at = 0;
        for (Batch batch : batches) {
            for (Batch.Change change : batch.changes()) {
                byte[] key = batch.partition().key(change.space(), change.key());
                byte[] value = change.value();
                all[at++] = key;
                sum += key.length + (value == null ? 0 : value.length);
            }
            body |= batch.hasBody();
        }
        this.keys = all;
        this.octets = sum;
        this.hasBody = body;
    }

    void answer(Commit outcome) {
        commit = outcome;
        answered = true;
        LockSupport.unpark(caller);
    }

    /// Does nothing when it is answered already.
    void refuse(Unavailable why) {
        if (answered) {
            return;
        }
        refusal = why;
        answered = true;
        LockSupport.unpark(caller);
    }

    /// Waits for the writer. Not interruptible: whether the rows are written must be known; it takes a sync or two.
    Commit await() {
        boolean interrupted = false;
        while (!answered) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Unavailable why = refusal;
        if (why != null) {
            throw why;
        }
        Commit outcome = commit;
        if (outcome == null) {
            throw new IllegalStateException("answered with nothing");
        }
        return outcome;
    }
}
