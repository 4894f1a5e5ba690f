package tamanoir.server.filter.junk;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tamanoir.server.directory.AccountId;
import tamanoir.server.filter.junk.Lessons.Lesson;
import tamanoir.server.filter.junk.Lessons.Taught;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.Changes;
import tamanoir.server.mailbox.Changes.Change;
import tamanoir.server.mailbox.Flags;
import tamanoir.server.mailbox.MailboxId;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.MailboxInfo.Role;
import tamanoir.server.mailbox.MailboxRefused;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.mailbox.MessageId;
import tamanoir.server.mailbox.Whereabouts;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;

/// Follows the change logs of accounts and learns from what people do, whichever client they use: into Junk is junk,
/// out of Junk (not into Trash) is ham, `$Junk` and `$NotJunk` say the same. What lies in Trash never
/// teaches: people throw wanted mail away too.
///
/// How far a log was read is kept with the lessons, written with a lesson or after many changes; what is read twice
/// teaches once, as each lesson is remembered beside its message. So nothing is lost and nothing counts twice,
/// whenever the server stops. One virtual thread, one account at a time. `lock` guards the list of who is due.
public final class Teacher implements Mailboxes.Follower, AutoCloseable {
    private static final Trace TRACE = new Trace("junk", "teacher");
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /// Changes after which the position is written although nothing was learned.
    private static final int WRITE_EVERY = 1_000;

    private static final int HAS_JUNK = 1;
    private static final int HAS_NOT_JUNK = 2;

    /// @param site whether lessons of people count for the site
    public record Settings(boolean site, int siteTokens, int accountTokens) {}

    private final Mailboxes mailboxes;
    private final Lessons lessons;
    private final Settings settings;
    private final Map<AccountId, Long> positions = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// When whose turn is, in nanoseconds of the machine.
    private final Map<AccountId, Long> due = new HashMap<>();
    private final Set<AccountId> erased = new HashSet<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final Thread thread;
    private boolean closed;

    public Teacher(Mailboxes mailboxes, Lessons lessons, Settings settings) {
        this.mailboxes = mailboxes;
        this.lessons = lessons;
        this.settings = settings;
        this.thread = Thread.ofVirtual().name("junk teacher").unstarted(this::run);
    }

    /// Begins to follow; whoever changed something while the server was stopped is looked at first.
    public Teacher start() {
        mailboxes.follow(this);
        thread.start();
        return this;
    }

    // ---- who is due ------------------------------------------------------------------------------------------------

    @Override
    public void changed(AccountId account, long newest) {
        put(account, PATIENCE);
    }

    @Override
    public void erased(AccountId account) {
        lock.lock();
        try {
            erased.add(account);
        } finally {
            lock.unlock();
        }
        put(account, Duration.ZERO);
    }

    private void put(AccountId account, Duration in) {
        lock.lock();
        try {
            if (due.putIfAbsent(account, System.nanoTime() + in.toNanos()) == null) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            leftovers();
            for (Optional<AccountId> next = await(); next.isPresent(); next = await()) {
                visit(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Accounts that went, or changed, while nobody followed: those that have lessons, and those that may have just
    /// given their first, one after the other, as there are many.
    private void leftovers() {
        try {
            List<AccountId> known = lessons.stored();
            known.forEach(account -> put(account, PATIENCE));
            Set<AccountId> taught = new HashSet<>(known);
            for (AccountId account : mailboxes.stored()) {
                if (isClosed()) {
                    return;
                }
                if (!taught.contains(account)) {
                    visit(account);
                }
            }
        } catch (Unavailable e) {
            TRACE.warn("junk lessons not looked through", "reason", e.detail());
        }
    }

    private Optional<AccountId> await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Map.Entry<AccountId, Long> first = null;
                for (Map.Entry<AccountId, Long> entry : due.entrySet()) {
                    if (first == null || entry.getValue() - first.getValue() < 0) {
                        first = entry;
                    }
                }
                long wait = first == null ? TimeUnit.MINUTES.toNanos(10) : first.getValue() - System.nanoTime();
                if (first != null && wait <= 0) {
                    AccountId account = first.getKey();
                    due.remove(account);
                    return Optional.of(account);
                }
                // Woken or not, the list says what to do.
                var _ = changed.awaitNanos(wait);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void visit(AccountId account) {
        try {
            catchUp(account);
        } catch (Unavailable e) {
            TRACE.warn("lessons postponed", "account", account, "reason", e.detail());
            put(account, AGAIN);
        } catch (RuntimeException bug) {
            if (!isClosed()) {
                TRACE.bug(bug);
            }
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

    // ---- one account -----------------------------------------------------------------------------------------------

    /// Learns now what can be learned of an account.
    ///
    /// @throws Unavailable when the store cannot be read or written
    public void catchUp(AccountId account) {
        turn.lock();
        try {
            AccountMail mail = mailboxes.open(account);
            if (isErased(account)) {
                forget(account);
            } else {
                follow(account, mail);
            }
        } catch (MailboxRefused gone) {
            forget(account);
        } finally {
            turn.unlock();
        }
    }

    private boolean isErased(AccountId account) {
        lock.lock();
        try {
            return erased.contains(account);
        } finally {
            lock.unlock();
        }
    }

    private void forget(AccountId account) {
        positions.remove(account);
        lessons.forget(Optional.of(account), true);
    }

    private void follow(AccountId account, AccountMail mail) {
        long written = lessons.totals(Optional.of(account)).readUpTo();
        long since = Math.max(written, positions.getOrDefault(account, 0L));
        Optional<Changes> changes = mail.changesSince(since);
        // Where the log no longer reaches back, what happened meanwhile teaches nothing.
        long upTo = changes.map(Changes::upTo).orElseGet(mail::version);
        boolean learned = false;
        if (changes.isPresent() && !changes.get().changes().isEmpty()) {
            learned = new Reading(account, mail, changes.get()).learn();
        }
        positions.put(account, upTo);
        if (learned || changes.isEmpty() || upTo - written >= WRITE_EVERY) {
            lessons.readUpTo(account, upTo);
        }
        if (learned) {
            long gone = lessons.prune(Optional.of(account), settings.accountTokens)
                    + lessons.prune(Optional.empty(), settings.siteTokens);
            if (gone > 0) {
                TRACE.info("rare words forgotten", "account", account, "tokens", gone);
            }
        }
    }

    /// What may teach, in a stretch of the log.
    private enum Deed {
        INTO_JUNK,
        OUT_OF_JUNK,
        FLAGGED
    }

    private final class Reading {
        private final AccountId account;
        private final AccountMail mail;
        private final Optional<MailboxId> junk;
        private final Optional<MailboxId> trash;
        private final Map<MessageId, Deed> deeds = new LinkedHashMap<>();
        private final Set<MessageId> removed = new HashSet<>();

        Reading(AccountId account, AccountMail mail, Changes changes) {
            this.account = account;
            this.mail = mail;
            this.junk = with(mail, Role.JUNK);
            this.trash = with(mail, Role.TRASH);
            read(changes.changes());
        }

        private static Optional<MailboxId> with(AccountMail mail, Role role) {
            return mail.list().stream()
                    .filter(box -> box.role().equals(Optional.of(role)))
                    .map(MailboxInfo::id)
                    .findFirst();
        }

        /// What happened to a message in one commit belongs together: a move is an addition and a removal.
        private record Moved(long modseq, MessageId message) {}

        private void read(List<Change> changes) {
            Set<Moved> intoTrash = new HashSet<>();
            Set<Moved> outOfTrash = new HashSet<>();
            for (Change change : changes) {
                switch (change) {
                    case Change.Added added -> {
                        if (trash.equals(Optional.of(added.mailbox()))) {
                            intoTrash.add(new Moved(added.modseq(), added.message()));
                        }
                    }
                    case Change.Removed gone -> {
                        removed.add(gone.message());
                        if (trash.equals(Optional.of(gone.mailbox()))) {
                            outOfTrash.add(new Moved(gone.modseq(), gone.message()));
                        }
                    }
                    case Change.Flagged _, Change.MailboxMade _, Change.MailboxChanged _, Change.MailboxGone _ -> {}
                }
            }
            for (Change change : changes) {
                switch (change) {
                    case Change.Added added -> {
                        // New in the account: delivered or appended, which nobody has judged.
                        if (!added.created()
                                && junk.equals(Optional.of(added.mailbox()))
                                && !outOfTrash.contains(new Moved(added.modseq(), added.message()))) {
                            deeds.put(added.message(), Deed.INTO_JUNK);
                        }
                    }
                    case Change.Removed gone -> {
                        if (junk.equals(Optional.of(gone.mailbox()))
                                && !intoTrash.contains(new Moved(gone.modseq(), gone.message()))) {
                            deeds.put(gone.message(), Deed.OUT_OF_JUNK);
                        }
                    }
                    case Change.Flagged flagged -> deeds.putIfAbsent(flagged.message(), Deed.FLAGGED);
                    case Change.MailboxMade _, Change.MailboxChanged _, Change.MailboxGone _ -> {}
                }
            }
        }

        boolean learn() {
            boolean learned = false;
            for (MessageId message : removed) {
                if (mail.whereabouts(List.of(message)).answer().getFirst().isEmpty()) {
                    lessons.forgetMessage(account, message);
                    deeds.remove(message);
                }
            }
            for (Map.Entry<MessageId, Deed> deed : deeds.entrySet()) {
                try {
                    learned |= learn(deed.getKey(), deed.getValue());
                } catch (MailboxRefused gone) {
                    TRACE.debug("nothing learned", "account", account, "reason", gone.detail());
                }
            }
            return learned;
        }

        private boolean learn(MessageId message, Deed deed) {
            Optional<Whereabouts> now =
                    mail.whereabouts(List.of(message)).answer().getFirst();
            if (now.isEmpty()) {
                return false;
            }
            boolean inJunk = false;
            boolean elsewhere = false;
            int keywords = 0;
            for (Whereabouts.Place place : now.get().places()) {
                if (place.flags().has(Flags.DELETED)) {
                    continue; // as good as gone from there
                }
                if (trash.equals(Optional.of(place.mailbox()))) {
                    return false;
                }
                boolean here = junk.equals(Optional.of(place.mailbox()));
                inJunk |= here;
                elsewhere |= !here;
                keywords |= keywords(place.flags());
            }
            Optional<Lesson> lesson = switch (deed) {
                case INTO_JUNK -> inJunk ? Optional.of(Lesson.JUNK) : Optional.empty();
                case OUT_OF_JUNK -> elsewhere && !inJunk ? Optional.of(Lesson.HAM) : Optional.empty();
                case FLAGGED -> byKeyword(message, keywords);
            };
            if (lesson.isEmpty()) {
                return false;
            }
            long[] tokens = Tokens.of(Contents.of(mail.body(message), mail.blobs()));
            boolean learned = lessons.learn(
                    Optional.of(account),
                    Optional.of(message),
                    tokens,
                    new Taught(lesson.get(), settings.site, keywords));
            if (learned) {
                TRACE.info("learned", "account", account, "message", message, "as", lesson.get());
            }
            return learned;
        }

        private static int keywords(Flags flags) {
            int found = 0;
            for (String keyword : flags.keywords()) {
                found |= keyword.equalsIgnoreCase("$Junk") ? HAS_JUNK : 0;
                found |= keyword.equalsIgnoreCase("$NotJunk") ? HAS_NOT_JUNK : 0;
            }
            return found;
        }

        /// Keywords speak when they change: one that stayed behind in a mail that was moved since says nothing.
        private Optional<Lesson> byKeyword(MessageId message, int keywords) {
            if (keywords == 0 || keywords == (HAS_JUNK | HAS_NOT_JUNK)) {
                return Optional.empty();
            }
            boolean asBefore = lessons.taught(account, message)
                    .filter(taught -> taught.keywords() == keywords)
                    .isPresent();
            return asBefore ? Optional.empty() : Optional.of(keywords == HAS_JUNK ? Lesson.JUNK : Lesson.HAM);
        }
    }

    /// Waits for the account that is being looked at.
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
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
                TRACE.warn("still learning");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
