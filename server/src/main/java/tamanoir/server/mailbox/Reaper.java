package tamanoir.server.mailbox;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.RowReader;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Space;
import tamanoir.server.store.Store;

/// Clears away what is gone for clients already: rows and bodies of expunged messages, rows of deleted mailboxes,
/// memories that have expired, the old end of the change log, whole accounts.
///
/// Works in the background in small commits, one account at a time, each in the account's turn like any other change.
/// What is to be done stands in rows ([Work]), so nothing is forgotten at a restart: then every account is visited
/// once.
///
/// `lock` guards the list of accounts to visit.
final class Reaper implements AutoCloseable {
    private static final Trace TRACE = new Trace("mailbox", "reaper");

    /// Messages cleared in one commit: each takes some ten keys, and clients wait for the turn meanwhile.
    private static final int MESSAGES_A_STEP = 60;

    private static final long ROUND = TimeUnit.HOURS.toNanos(12);

    /// When a visit failed: a full disk is not emptied in a second.
    private static final long AGAIN = TimeUnit.MINUTES.toNanos(1);

    /// Keys of one message at most.
    private static final int KEYS_A_MESSAGE = 8 + Kinship.MOST;

    private static final int KEYS_A_STEP = 900;

    private final Store store;
    private final Function<AccountId, Lane> lanes;
    private final InstantSource clock;
    private final MailboxSettings settings;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Whom to visit and when; each account once.
    private final PriorityQueue<Visit> due = new PriorityQueue<>();

    private final Set<AccountId> waiting = new HashSet<>();

    private final Thread thread;
    private boolean closed;

    /// When to visit everybody again, in nanoseconds of the machine; used by the thread alone.
    private long nextRound = System.nanoTime();

    Reaper(Store store, Function<AccountId, Lane> lanes, InstantSource clock, MailboxSettings settings) {
        this.store = store;
        this.lanes = lanes;
        this.clock = clock;
        this.settings = settings;
        this.thread = Thread.ofVirtual().name("mailbox reaper").start(this::run);
    }

    /// `at` in nanoseconds of the machine.
    private record Visit(AccountId account, long at) implements Comparable<Visit> {
        @Override
        public int compareTo(Visit other) {
            return Long.signum(at - other.at);
        }
    }

    /// The account has something to clear away, not at once.
    void wake(AccountId account) {
        wake(account, settings.reapAfter().toNanos());
    }

    private void wake(AccountId account, long after) {
        lock.lock();
        try {
            if (waiting.add(account)) {
                due.add(new Visit(account, System.nanoTime() + after));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!isClosed()) {
                AccountId next = await();
                if (next != null) {
                    attempt(next);
                } else {
                    visitAll();
                }
            }
        } catch (InterruptedException e) {
            // close() was called; what is left is in the rows.
            return;
        }
    }

    /// Every account once, for what expires without anybody's doing.
    private void visitAll() {
        nextRound = System.nanoTime() + ROUND;
        List<AccountId> all = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions('A', partition -> all.add(new AccountId(partition.number())));
        } catch (Unavailable e) {
            if (!isClosed()) {
                TRACE.warn("accounts not visited", "reason", e.detail());
            }
        }
        all.forEach(this::wake);
    }

    /// The next account; null when it is time to visit all. The first time that is at once: after a restart nobody
    /// knows who left work behind.
    private @Nullable AccountId await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = System.nanoTime();
                if (closed || nextRound - now <= 0) {
                    return null;
                }
                Visit first = due.peek();
                if (first != null && first.at - now <= 0) {
                    due.remove();
                    waiting.remove(first.account);
                    return first.account;
                }
                long wait = first == null ? nextRound - now : Math.min(first.at - now, nextRound - now);
                // Woken or not, the list says what to do.
                var _ = changed.awaitNanos(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    private void attempt(AccountId account) {
        try {
            finish(account);
        } catch (Refused e) {
            postpone(account, e.detail());
        } catch (Unavailable e) {
            postpone(account, e.detail());
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
        }
    }

    private void postpone(AccountId account, String reason) {
        if (!isClosed()) {
            TRACE.warn("clearing away postponed", "account", account, "reason", reason);
            wake(account, AGAIN);
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            if (!thread.join(java.time.Duration.ofSeconds(10))) {
                TRACE.warn("reaper still at work");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- one account -----------------------------------------------------------------------------------------

    /// Does everything there is to do for one account, step by step.
    void finish(AccountId account) {
        while (step(account)) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    /// One commit's worth; answers whether there may be more.
    private boolean step(AccountId account) {
        Partition partition = account.partition();
        byte @Nullable [] work;
        byte @Nullable [] expired;
        boolean logIsLong;
        try (Snapshot snapshot = store.snapshot()) {
            Optional<Head> head =
                    snapshot.get(partition, Keys.HEAD, Keys.NOTHING).map(Head::decode);
            if (head.isEmpty()) {
                return false;
            }
            if (head.get().erasing()) {
                return eraseStep(account, snapshot);
            }
            work = firstKey(snapshot, partition, Keys.WORK, Keys.NOTHING);
            expired = firstKey(snapshot, partition, Keys.EXPIRY, Keys.u32(hour()));
            // A tenth more than is promised, so that it is done in large steps.
            logIsLong = snapshot.version(partition) - head.get().logFloor()
                    > settings.logKept() + settings.logKept() / 10 + KEYS_A_STEP;
        }
        if (work != null) {
            byte[] key = work;
            lanes.apply(account).change(edit -> {
                clear(edit, partition, key);
                return edit;
            });
            return true;
        }
        if (expired != null) {
            lanes.apply(account).change(edit -> {
                clearExpired(edit, partition);
                return edit;
            });
            return true;
        }
        if (logIsLong) {
            lanes.apply(account).change(edit -> {
                trimLog(edit, partition);
                return edit;
            });
            return true;
        }
        return false;
    }

    private int hour() {
        return (int) (clock.instant().getEpochSecond() / 3600);
    }

    private static byte @Nullable [] firstKey(Snapshot snapshot, Partition partition, Space space, byte[] to) {
        byte[][] first = new byte[1][];
        snapshot.scan(partition, space, Keys.NOTHING, to, (key, _) -> {
            first[0] = key;
            return false;
        });
        return first[0];
    }

    // ---- messages and mailboxes --------------------------------------------------------------------------------

    private void clear(Edit edit, Partition partition, byte[] work) {
        try (Snapshot snapshot = store.snapshot()) {
            Optional<byte[]> progress = snapshot.get(partition, Keys.WORK, work);
            if (progress.isEmpty()) {
                return;
            }
            switch (work[8]) {
                case Work.REMOVED -> clearRemoved(edit, snapshot, partition, work, Work.done(progress.get()));
                case Work.DROPPED -> clearDropped(edit, snapshot, partition, work);
                default -> throw RowReader.damaged("work of kind " + work[8]);
            }
        }
    }

    private static void clearRemoved(Edit edit, Snapshot snapshot, Partition partition, byte[] work, int done) {
        long modseq = Keys.read64(work, 0);
        List<Change> changes = snapshot.get(partition, Keys.LOG, Keys.u64(modseq))
                .map(row -> LogRow.decode(modseq, row))
                .orElse(List.of());
        int next = done;
        int cleared = 0;
        while (next < changes.size() && cleared < MESSAGES_A_STEP && edit.room() > KEYS_A_MESSAGE) {
            if (changes.get(next) instanceof Change.Removed removed) {
                clearMembership(edit, snapshot, partition, removed);
                cleared++;
            }
            next++;
        }
        if (next >= changes.size()) {
            edit.rows().delete(Keys.WORK, work);
        } else {
            edit.rows().put(Keys.WORK, work, Work.progress(next));
        }
    }

    private static void clearMembership(Edit edit, Snapshot snapshot, Partition partition, Change.Removed removed) {
        long message = removed.message().number();
        byte[] mine = Keys.membership(message, removed.mailbox().number(), removed.uid());
        edit.rows().delete(Keys.LETTER, mine);
        boolean[] elsewhere = {false};
        snapshot.scan(partition, Keys.LETTER, Keys.membership(message, 0, 0), Keys.u64(message + 1), (key, _) -> {
            // Another step of this very commit may have taken that one away.
            elsewhere[0] = !java.util.Arrays.equals(key, mine) && !edit.deletes(Keys.LETTER, key);
            return !elsewhere[0];
        });
        if (elsewhere[0]) {
            return;
        }
        Optional<Letter> letter =
                snapshot.get(partition, Keys.LETTER, Keys.u64(message)).map(Letter::decode);
        if (letter.isEmpty()) {
            return;
        }
        Batch rows = edit.rows();
        rows.delete(Keys.LETTER, Keys.u64(message));
        rows.delete(Keys.THREAD, Keys.pair(letter.get().thread(), message));
        for (long id : letter.get().kinship().ids()) {
            rows.delete(Keys.MESSAGE_ID, Keys.pair(id, message));
        }
        rows.delete(Keys.COLD, Keys.cold(Keys.COLD_FACTS, message));
        rows.delete(Keys.COLD, Keys.cold(Keys.COLD_PREFIX, message));
        if (letter.get().blob().isPresent()) {
            edit.unlink(letter.get().blob().get(), message);
        } else {
            rows.delete(Keys.BODY, Keys.u64(message));
        }
    }

    private static void clearDropped(Edit edit, Snapshot snapshot, Partition partition, byte[] work) {
        int mailbox = Keys.read32(work, 9);
        List<MessageRow> rows = new ArrayList<>();
        snapshot.scan(partition, Keys.MESSAGE, Keys.mailbox(mailbox), Keys.mailbox(mailbox + 1), (key, value) -> {
            MessageRow row = MessageRow.decode(Keys.readUid(key, 4), value);
            rows.add(row.thread() == MessageRow.NO_THREAD ? row.ofThread(row.message()) : row);
            return rows.size() < edit.room() - 2;
        });
        if (rows.isEmpty()) {
            edit.rows().delete(Keys.WORK, work);
        } else {
            edit.removeLeftOver(mailbox, rows);
        }
    }

    // ---- what is too old -----------------------------------------------------------------------------------------

    private void clearExpired(Edit edit, Partition partition) {
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(partition, Keys.EXPIRY, Keys.NOTHING, Keys.u32(hour()), (key, _) -> {
                byte[] name = java.util.Arrays.copyOfRange(key, 4, key.length);
                edit.rows().delete(Keys.EXPIRY, key);
                edit.rows().delete(Keys.ONCE, name);
                return edit.room() > 2;
            });
        }
    }

    private void trimLog(Edit edit, Partition partition) {
        long[] floor = {edit.before().version - settings.logKept()};
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.scan(partition, Keys.LOG, Keys.NOTHING, Keys.u64(floor[0] + 1), (key, _) -> {
                edit.rows().delete(Keys.LOG, key);
                if (edit.room() > 2) {
                    return true;
                }
                floor[0] = Keys.read64(key, 0);
                return false;
            });
        }
        edit.head(edit.head().logFrom(floor[0]));
    }

    // ---- whole accounts ------------------------------------------------------------------------------------------

    void erase(AccountId account) {
        Partition partition = account.partition();
        Lane lane = lanes.apply(account);
        lane.enter();
        try {
            lane.mistrust();
            while (true) {
                Head head;
                long version;
                try (Snapshot snapshot = store.snapshot()) {
                    Optional<byte[]> row = snapshot.get(partition, Keys.HEAD, Keys.NOTHING);
                    if (row.isEmpty()) {
                        return;
                    }
                    head = Head.decode(row.get());
                    version = snapshot.version(partition);
                }
                Batch mark = new Batch(partition, version)
                        .put(Keys.HEAD, Keys.NOTHING, head.erased().encode());
                if (store.commit(mark) instanceof Commit.Done) {
                    break;
                }
            }
        } finally {
            lane.leave();
        }
        wake(account);
    }

    /// The head goes last, so that a restart in between goes on. Nobody else writes: the head says so.
    private boolean eraseStep(AccountId account, Snapshot snapshot) {
        Partition partition = account.partition();
        Batch rows = new Batch(partition, Batch.ANY_VERSION);
        BlobLinks links = new BlobLinks();
        for (Space space : Keys.ALL) {
            if (space.equals(Keys.HEAD)) {
                continue;
            }
            snapshot.scan(partition, space, Keys.NOTHING, Keys.NOTHING, (key, value) -> {
                rows.delete(space, key);
                if (space.equals(Keys.LETTER) && key.length == 8) {
                    Letter.decode(value).blob().ifPresent(hash -> links.unlink(hash, partition, Keys.read64(key, 0)));
                }
                return rows.changes().size() < KEYS_A_STEP;
            });
            if (rows.changes().size() >= KEYS_A_STEP) {
                break;
            }
        }
        boolean last = rows.changes().size() < KEYS_A_STEP;
        if (last) {
            rows.delete(Keys.HEAD, Keys.NOTHING);
        }
        List<Batch> all = new ArrayList<>(links.batches());
        all.add(rows);
        store.commit(all);
        return !last;
    }
}
