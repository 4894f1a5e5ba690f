package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.Ids;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxForm;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageChange;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.Stored;

/// Puts messages out of sight and brings them back when their time comes.
///
/// The object is written before the message moves, and goes after it has come back: a crash in between
/// leaves an object whose message is not in the snoozed mailbox, which then just goes. In memory is only
/// when whose is due; the object decides. One thread; `lock` guards the list.
public final class Snoozes implements AutoCloseable {
    static final String KEYWORD = "$snoozed";

    private static final Trace TRACE = new Trace("snooze", "");
    private static final String MAILBOX = "Snoozed";

    /// The clock may be set: nobody sleeps longer than this.
    private static final long LONGEST_WAIT_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final Personal personal;
    private final Mailboxes mailboxes;
    private final InstantSource clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private boolean busy;
    private boolean closed;

    private final Thread thread = Thread.ofVirtual().name("snoozes").unstarted(this::run);

    private record Due(long atMillis, AccountId account, String id) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.compare(atMillis, other.atMillis);
        }
    }

    public Snoozes(Personal personal, Mailboxes mailboxes, InstantSource clock) {
        this.personal = personal;
        this.mailboxes = mailboxes;
        this.clock = clock;
    }

    /// Begins to wake what is due, and what became due while nobody was there. Once.
    public void start() {
        lock.lock();
        try {
            busy = true;
        } finally {
            lock.unlock();
        }
        thread.start();
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
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The clock was turned: look again.
    public void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing is due.
    public void awaitQuiet() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            changed.signalAll();
            while (busy || (!due.isEmpty() && due.element().atMillis <= clock.millis())) {
                changed.await(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    void schedule(AccountId account, String id, Instant until) {
        lock.lock();
        try {
            due.add(new Due(until.toEpochMilli(), account, id));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread ------------------------------------------------------------------------------------------

    private void run() {
        try {
            findAll();
            while (true) {
                Due next = await();
                if (next == null) {
                    return;
                }
                attempt(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void findAll() {
        try {
            for (AccountId account : personal.stored()) {
                for (Stored stored : personal.open(account).all(Kind.SNOOZE)) {
                    schedule(account, stored.id(), SnoozeType.until(stored));
                }
            }
        } catch (Unavailable e) {
            TRACE.warn("not-read", "reason", e.detail());
        }
    }

    private @Nullable Due await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            busy = false;
            changed.signalAll();
            while (!closed) {
                long now = clock.millis();
                Due first = due.peek();
                if (first != null && first.atMillis <= now) {
                    due.remove();
                    busy = true;
                    return first;
                }
                long wait = first == null ? LONGEST_WAIT_MILLIS : Math.min(first.atMillis - now, LONGEST_WAIT_MILLIS);
                changed.await(wait, TimeUnit.MILLISECONDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void attempt(Due next) {
        try {
            Optional<Stored> stored = personal.open(next.account).find(Kind.SNOOZE, next.id);
            // It was given another time, which stands in the list too, or is gone.
            if (stored.isPresent() && !SnoozeType.until(stored.get()).isAfter(clock.instant())) {
                bringBack(next.account, stored.get());
                TRACE.info("woken", "account", next.account, "email", SnoozeType.emailId(stored.get()));
            }
        } catch (Unavailable e) {
            TRACE.warn("put-off", "reason", e.detail());
            schedule(next.account, next.id, clock.instant().plusSeconds(60));
        } catch (Refused e) {
            // The account has gone.
            TRACE.debug("given-up", "reason", e.detail());
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
        }
    }

    // ---- there and back --------------------------------------------------------------------------------------

    /// The mailbox of snoozed mail; made when there is none.
    static MailboxId mailbox(AccountMail mail) {
        Optional<MailboxInfo> found = mail.list().stream()
                .filter(info -> info.role().equals(Optional.of(Role.SNOOZED)))
                .findFirst();
        if (found.isPresent()) {
            return found.get().id();
        }
        Optional<MailboxInfo> named = mail.find(MAILBOX);
        if (named.isPresent()) {
            MailboxInfo info = named.get();
            mail.change(
                    info.id(),
                    new MailboxForm(
                            Optional.empty(), MAILBOX, Optional.of(Role.SNOOZED), info.sortOrder(), info.subscribed()));
            return info.id();
        }
        return mail.create(MAILBOX, Optional.of(Role.SNOOZED)).id();
    }

    /// Moves a message out of sight.
    ///
    /// @throws MailboxRefused when it cannot be
    void putAway(AccountId account, MessageId message) {
        AccountMail mail = mailboxes.open(account);
        MailboxId snoozed = mailbox(mail);
        Flags keyword = new Flags(0, Set.of(KEYWORD));
        change(mail, new MessageChange(message, flags -> flags.plus(keyword), _ -> Set.of(snoozed)));
    }

    /// The message comes back to where it was, unread; then the object goes.
    void bringBack(AccountId account, Stored stored) {
        AccountMail mail = mailboxes.open(account);
        Optional<MessageId> message = Ids.message(SnoozeType.emailId(stored));
        if (message.isPresent()) {
            bringBack(mail, message.get(), SnoozeType.mailboxes(stored));
        }
        personal.open(account).change(edit -> {
            edit.destroy(Kind.SNOOZE, stored.id());
            return edit;
        });
    }

    private static void bringBack(AccountMail mail, MessageId message, Set<MailboxId> back) {
        Set<MailboxId> there = mail.mailboxesOf(message);
        if (there.isEmpty()) {
            return;
        }
        MailboxId snoozed = mailbox(mail);
        Set<MailboxId> target = new HashSet<>();
        back.stream()
                .filter(mailbox ->
                        mail.info(mailbox).filter(MailboxInfo::selectable).isPresent())
                .forEach(target::add);
        if (target.isEmpty()) {
            target.add(mail.find("INBOX").orElseThrow().id());
        }
        boolean away = there.contains(snoozed);
        Flags gone = new Flags(away ? Flags.SEEN : 0, Set.of(KEYWORD));
        change(
                mail,
                new MessageChange(
                        message,
                        flags -> flags.minus(gone),
                        now -> now.contains(snoozed) ? without(now, snoozed, target) : now));
    }

    private static Set<MailboxId> without(Set<MailboxId> now, MailboxId snoozed, Set<MailboxId> target) {
        Set<MailboxId> next = new HashSet<>(now);
        next.remove(snoozed);
        next.addAll(target);
        return next;
    }

    private static void change(AccountMail mail, MessageChange change) {
        Map<MessageId, MailboxRefused> refused = mail.change(List.of(change));
        if (!refused.isEmpty()) {
            throw refused.values().iterator().next();
        }
    }
}
