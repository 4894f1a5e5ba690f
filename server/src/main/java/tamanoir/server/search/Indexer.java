package tamanoir.server.search;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Lets the indexes follow the mail: visits an account when enough new messages wait, when some have waited long
/// enough,
/// and when somebody searches. One platform thread, one account at a time, with pauses: mail comes first.
///
/// `lock` guards the list of who is due.
final class Indexer implements Mailboxes.Follower, AutoCloseable {
    private static final Trace TRACE = new Trace("search", "indexer");

    private static final int STEP = 128;

    /// Steps after which searches see what was taken in, and after which it is durable.
    private static final int STEPS_TO_SHOW = 8;

    private static final int STEPS_TO_COMMIT = 64;

    private static final long SOON = TimeUnit.SECONDS.toNanos(1);
    private static final long AGAIN = TimeUnit.MINUTES.toNanos(1);

    private final SearchSettings settings;
    private final Mailboxes mailboxes;
    private final Indexes indexes;

    /// Accounts that have an index.
    private final Set<IndexName> followed = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<IndexName, Due> due = new HashMap<>();
    private final Set<IndexName> checked = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private boolean closed;

    /// @param at in nanoseconds of the machine
    /// @param newest the message that was the newest at the last change
    private record Due(long at, int waiting, long newest, boolean urgent) {}

    Indexer(SearchSettings settings, Mailboxes mailboxes, Indexes indexes) {
        this.settings = settings;
        this.mailboxes = mailboxes;
        this.indexes = indexes;
        this.followed.addAll(indexes.all());
        long idle = System.nanoTime() + settings.idle().toNanos();
        // Whoever got mail while the server was stopped, or is no more.
        followed.forEach(name -> due.put(name, new Due(idle, 1, 0, false)));
        this.thread = Thread.ofPlatform().name("search indexer").daemon().start(this::run);
    }

    // ---- who is due --------------------------------------------------------------------------------------------

    @Override
    public void changed(AccountId account, long newest) {
        for (Kind kind : Kind.values()) {
            IndexName name = new IndexName(account, kind);
            if (followed.contains(name)) {
                changed(name, newest);
            }
        }
    }

    private void changed(IndexName name, long newest) {
        lock.lock();
        try {
            Due before = due.get(name);
            if (before != null && before.newest == newest) {
                return;
            }
            long now = System.nanoTime();
            int waiting = before == null ? 1 : before.waiting + 1;
            long at = before == null ? now + settings.idle().toNanos() : before.at;
            if (waiting >= settings.pending() && at - now > 0) {
                at = now;
            }
            due.put(name, new Due(at, waiting, newest, before != null && before.urgent));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void erased(AccountId account) {
        for (Kind kind : Kind.values()) {
            IndexName name = new IndexName(account, kind);
            if (followed.contains(name)) {
                put(name, 0, true); // The visit finds no account
            }
        }
    }

    void knows(IndexName name) {
        followed.add(name);
    }

    /// Somebody is about to search: an account without an index gets one.
    void expect(IndexName name) {
        if (followed.add(name)) {
            put(name, SOON, false);
        }
    }

    /// Somebody searches.
    void want(IndexName name) {
        followed.add(name);
        put(name, 0, true);
    }

    private void put(IndexName name, long in, boolean urgent) {
        lock.lock();
        try {
            long at = System.nanoTime() + in;
            Due before = due.get(name);
            if (before != null && before.at - at < 0) {
                at = before.at;
            }
            due.put(name, new Due(at, settings.pending(), 0, urgent));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Optional<Map.Entry<IndexName, Due>> next = await(); next.isPresent(); next = await()) {
                visit(next.get().getKey(), next.get().getValue().urgent);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it but the end of the machine.
            return;
        }
    }

    /// Empty when it is time to end.
    private Optional<Map.Entry<IndexName, Due>> await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Map.Entry<IndexName, Due> first = null;
                for (Map.Entry<IndexName, Due> entry : due.entrySet()) {
                    if (first == null || entry.getValue().at - first.getValue().at < 0) {
                        first = entry;
                    }
                }
                long wait = first == null ? AGAIN : first.getValue().at - System.nanoTime();
                if (first != null && wait <= 0) {
                    Map.Entry<IndexName, Due> next = Map.entry(first.getKey(), first.getValue());
                    due.remove(first.getKey());
                    return Optional.of(next);
                }
                // Woken or not, the list says what to do.
                var _ = changed.awaitNanos(wait);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    // ---- one account -------------------------------------------------------------------------------------------

    private void visit(IndexName name, boolean urgent) throws InterruptedException {
        try {
            AccountMail mail = mailboxes.open(name.account());
            try (Indexes.Lease lease = indexes.open(name)) {
                try {
                    follow(name, mail, lease.index(), urgent);
                } catch (IOException e) {
                    lease.damaged(e);
                    put(name, SOON, urgent);
                }
            }
        } catch (MailboxRefused gone) {
            followed.remove(name);
            indexes.discard(name);
        } catch (Refused e) {
            postpone(name, e.detail());
        } catch (Unavailable e) {
            postpone(name, e.detail());
        } catch (IOException e) {
            postpone(name, e.toString());
        } catch (RuntimeException bug) {
            if (!isClosed()) {
                TRACE.bug(bug);
            }
        }
    }

    private void postpone(IndexName name, String reason) {
        if (!isClosed()) {
            TRACE.warn("search index postponed", "index", name, "reason", reason);
            put(name, AGAIN, false);
        }
    }

    private void follow(IndexName name, AccountMail mail, TextIndex index, boolean urgent)
            throws IOException, InterruptedException {
        if (checked.add(name)) {
            index.check();
        }
        Gathering gathering = new Gathering(mail, name.kind(), index);
        long begin = System.nanoTime();
        boolean wasWhole = index.coverage().whole();
        boolean more = true;
        for (int step = 1; more && !isClosed(); step++) {
            long before = System.nanoTime();
            index.enter();
            try {
                more = gathering.step(STEP);
                if (step % STEPS_TO_SHOW == 0) {
                    index.show();
                }
                if (step % STEPS_TO_COMMIT == 0) {
                    index.commit();
                }
            } finally {
                index.leave();
            }
            if (more && !urgent) {
                pause(System.nanoTime() - before);
            }
        }
        index.enter();
        try {
            gathering.sweep();
            index.show();
            index.commit();
        } finally {
            index.leave();
        }
        if (!wasWhole && index.coverage().whole()) {
            TRACE.info(
                    "search index built",
                    "index",
                    name,
                    "messages",
                    index.size(),
                    "ms",
                    (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /// Half of the time belongs to others.
    private void pause(long nanoseconds) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanoseconds;
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void finish(IndexName name) {
        try {
            visit(name, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    /// Waits for the visit that is going on; it ends at its next step.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(java.time.Duration.ofSeconds(10))) {
                TRACE.warn("indexer still at work");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
