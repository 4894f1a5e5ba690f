package tamanoir.server.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AccountId;
import tamanoir.server.directory.Directory;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Blobs;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// All mailboxes of all accounts: the front of the room.
///
/// Used by any number of threads. An account is in memory as one [Lane] for as long as somebody uses it; its picture
/// stays while there is room.
public class Mailboxes implements AutoCloseable {
    private static final int MOST_TRIES = 5;

    private final Store store;
    private final Directory directory;
    private final InstantSource clock;
    private final MailboxSettings settings;
    private final IdSource idSource;
    private final Reaper reaper;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    /// Never two lanes of one account: it lives as long as anybody holds it.
    private final Cache<AccountId, Lane> lanes =
            Caffeine.newBuilder().weakValues().build();

    /// Holds the lanes used lately; who falls out forgets its picture.
    private final Cache<AccountId, Lane> warm;

    public Mailboxes(Store store, Directory directory, InstantSource clock, MailboxSettings settings) {
        this.store = store;
        this.directory = directory;
        this.clock = clock;
        this.settings = settings;
        this.idSource = new IdSource(clock, settings.node());
        this.warm = Caffeine.newBuilder()
                .maximumWeight(settings.imageOctets())
                .weigher((AccountId _, Lane lane) -> lane.weight())
                // In the thread of whoever brought the one too many; it only lets go of a reference.
                .executor(Runnable::run)
                .evictionListener((_, lane, _) -> {
                    if (lane != null) {
                        lane.forget();
                    }
                })
                .build();
        this.reaper = new Reaper(store, this::lane, clock, settings);
    }

    /// The mailboxes of one account; cheap, may be asked for again and again. The first time, INBOX and the usual
    /// special mailboxes are made.
    ///
    /// @throws MailboxRefused when the directory has no such account
    public AccountMail open(AccountId account) {
        if (directory.account(account).isEmpty()) {
            throw new MailboxRefused(Reason.NONEXISTENT, "there is no such account");
        }
        return new AccountMail(this, lane(account));
    }

    Lane lane(AccountId account) {
        return lanes.get(
                account,
                id -> new Lane(
                        id, store, clock, settings, () -> directory.account(id).isPresent(), this::keepWarm));
    }

    private void keepWarm(Lane lane) {
        warm.put(lane.account(), lane);
        if (!followers.isEmpty()) {
            long newest = lane.picture().head.lastMessage();
            followers.forEach(follower -> follower.changed(lane.account(), newest));
        }
    }

    /// Is told of every account, for as long as the server runs.
    public interface Follower {
        /// Something may have changed; `newest` is the highest message id so far. A hint, given in the account's turn:
        /// it only wakes someone.
        void changed(AccountId account, long newest);

        /// Its mail is being erased.
        void erased(AccountId account);
    }

    public void follow(Follower follower) {
        followers.add(follower);
    }

    /// It is in use: let others go first.
    void touch(Lane lane) {
        var _ = warm.getIfPresent(lane.account());
    }

    // ---- delivery --------------------------------------------------------------------------------------------

    /// Stores every deposit that can be stored, together with the batches of other partitions (queue rows), as one
    /// durable step; answers for each deposit in order. Nothing is stored when it throws.
    ///
    /// @throws Unavailable when the store cannot write
    public List<Deposited> deliver(List<Deposit> deposits, List<Batch> alongside) {
        TreeMap<Long, Lane> taken = new TreeMap<>();
        IdentityHashMap<NewMessage, Draft> drafts = new IdentityHashMap<>();
        for (Deposit deposit : deposits) {
            if (directory.account(deposit.account()).isPresent()) {
                taken.computeIfAbsent(deposit.account().number(), _ -> lane(deposit.account()));
                drafts.computeIfAbsent(deposit.message(), message -> Draft.of(message, store.blobs()));
            }
        }
        if (taken.size() == 1 && alongside.stream().allMatch(batch -> batch.expectedVersion() == Batch.ANY_VERSION)) {
            // The common case: may share a commit with others who deliver to the same account.
            try {
                return taken.firstEntry()
                        .getValue()
                        .changeWith(alongside, edit -> deposit(deposits, taken.keySet(), _ -> edit, drafts));
            } catch (MailboxRefused e) {
                if (e.reason() != Reason.NONEXISTENT) {
                    throw e;
                }
                // The account was erased since the directory was asked: below, its deposits find none.
            }
        }
        List<Lane> entered = new ArrayList<>(taken.size());
        try {
            // In ascending order, so that two deliveries never wait for one another.
            for (Lane lane : taken.values()) {
                lane.enter();
                entered.add(lane);
            }
            return deliver(deposits, alongside, taken, drafts);
        } finally {
            entered.forEach(Lane::leave);
        }
    }

    private List<Deposited> deliver(
            List<Deposit> deposits,
            List<Batch> alongside,
            Map<Long, Lane> taken,
            IdentityHashMap<NewMessage, Draft> drafts) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Map<Long, Edit> edits = new TreeMap<>();
            taken.forEach((number, lane) -> {
                try {
                    edits.put(number, lane.edit());
                } catch (MailboxRefused gone) {
                    // Erased since the directory was asked: its deposits find no account.
                    return;
                }
            });
            List<Deposited> answers =
                    deposit(deposits, edits.keySet(), number -> Objects.requireNonNull(edits.get(number)), drafts);
            List<Batch> all = new ArrayList<>();
            for (Edit edit : edits.values()) {
                all.add(edit.batch());
                all.addAll(edit.links());
            }
            all.addAll(alongside);
            if (commit(Batches.merged(all), taken)) {
                edits.forEach((number, edit) -> {
                    Lane lane = Objects.requireNonNull(taken.get(number));
                    lane.publish(edit.after());
                });
                return answers;
            }
        }
        throw new Unavailable("try again", "another node changes these accounts all the time");
    }

    private List<Deposited> deposit(
            List<Deposit> deposits,
            Set<Long> accounts,
            LongFunction<Edit> edits,
            IdentityHashMap<NewMessage, Draft> drafts) {
        List<Deposited> answers = new ArrayList<>(deposits.size());
        try (Snapshot snapshot = store.snapshot()) {
            DepositNames names = new DepositNames(snapshot, clock, settings.rememberDeposits());
            for (Deposit deposit : deposits) {
                long account = deposit.account().number();
                answers.add(
                        accounts.contains(account)
                                ? deposit(
                                        deposit,
                                        edits.apply(account),
                                        Objects.requireNonNull(drafts.get(deposit.message())),
                                        names,
                                        snapshot)
                                : new Deposited.NoSuchAccount());
            }
        }
        return answers;
    }

    private boolean commit(List<Batch> batches, Map<Long, Lane> taken) {
        if (batches.isEmpty()) {
            return true;
        }
        Commit outcome;
        try {
            outcome = store.commit(batches);
        } catch (RuntimeException | Error e) {
            // Written or not: the store will tell whoever asks next.
            taken.values().forEach(Lane::mistrust);
            throw e;
        }
        return switch (outcome) {
            case Commit.Done _ -> true;
            case Commit.Conflict conflict -> {
                boolean ours = false;
                for (Lane lane : taken.values()) {
                    ours |= lane.account().partition().equals(conflict.partition());
                }
                if (!ours) {
                    throw new Unavailable("try again", "conflict in " + conflict.partition());
                }
                taken.values().forEach(Lane::mistrust);
                yield false;
            }
        };
    }

    private Deposited deposit(Deposit deposit, Edit edit, Draft draft, DepositNames names, Snapshot snapshot) {
        if (names.isKnown(deposit, edit)) {
            return new Deposited.AlreadyThere();
        }
        if (isOverQuota(deposit.account(), edit, octets(deposit.message()))) {
            return new Deposited.OverQuota();
        }
        if (!edit.takes(draft)) {
            throw new MailboxRefused(Reason.LIMIT, "too many messages for one account in one step");
        }
        int mailbox = target(deposit, edit);
        long message = idSource.next(edit.head().lastMessage());
        long uid = edit.append(mailbox, draft, message, snapshot);
        names.remember(deposit, edit);
        return new Deposited.Stored(new MailboxId(mailbox), uid, new MessageId(message));
    }

    /// A mailbox that is missing, or cannot be, is no reason to lose mail: INBOX takes it.
    private int target(Deposit deposit, Edit edit) {
        int id = edit.id(Names.folded(deposit.mailbox()));
        Box found = edit.box(id);
        if (found != null && !found.row().placeholder()) {
            return id;
        }
        if (deposit.create()) {
            try {
                return new Structure(edit, settings).create(deposit.mailbox(), Optional.empty());
            } catch (MailboxRefused e) {
                return edit.id(Names.INBOX);
            }
        }
        return edit.id(Names.INBOX);
    }

    static long octets(NewMessage message) {
        return message.body().size() + message.prefix().length();
    }

    boolean isOverQuota(AccountId account, Edit edit, long more) {
        long limit = quotaLimit(account);
        return limit > 0 && edit.before().octets() + edit.octetsMore() + more > limit;
    }

    long quotaLimit(AccountId account) {
        long own = directory.account(account).map(Account::quotaOctets).orElse(0L);
        return own > 0 ? own : settings.defaultQuota();
    }

    long nextMessageId(Edit edit) {
        return idSource.next(edit.head().lastMessage());
    }

    // ---- the rest --------------------------------------------------------------------------------------------

    /// Erases all mail of an account that the directory no longer has: at once for clients, row by row in the
    /// background; goes on after a restart.
    public void erase(AccountId account) {
        reaper.erase(account);
        followers.forEach(follower -> follower.erased(account));
    }

    /// Does now what waits to be cleared away of an account; ends when nothing is left.
    public void tidy(AccountId account) {
        reaper.finish(account);
    }

    /// Recounts and compares everything that is kept of an account; answers what does not agree, in words.
    public List<String> verify(AccountId account) {
        try (Snapshot snapshot = store.snapshot()) {
            return new Verify(snapshot, account, store.blobs()).findings();
        }
    }

    /// Every account that has rows, whether the directory knows it or not.
    public List<AccountId> stored() {
        List<AccountId> found = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            snapshot.partitions('A', (Partition partition) -> found.add(new AccountId(partition.number())));
        }
        return found;
    }

    /// The bodies beside the rows, for reading [tamanoir.server.store.Body.Large].
    public Blobs blobs() {
        return store.blobs();
    }

    Store store() {
        return store;
    }

    MailboxSettings settings() {
        return settings;
    }

    void noteWork(AccountId account) {
        reaper.wake(account);
    }

    /// Stops the work in the background; the store is closed by who opened it.
    @Override
    public void close() {
        reaper.close();
    }
}
