package tamanoir.server.mailbox;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tamanoir.server.directory.AccountId;
import tamanoir.server.mailbox.MailboxRefused.Reason;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Commit;
import tamanoir.server.store.Partition;
import tamanoir.server.store.Snapshot;
import tamanoir.server.store.Store;

/// One account in memory: its newest [Picture], the turn of whoever changes it, and who watches.
///
/// Changes of one account go one after the other, and those that wait together are committed together: each computes
/// its rows from the newest picture, commits them under
/// the condition that the store still has that version, and publishes the next picture. So the condition never fails
/// within one process; when it does (another node wrote), the picture is read anew and the change computed again.
/// Readers take the published picture and wait for nobody.
///
/// The turn is held over a commit, never over a client's socket nor while watchers are told. `picture` is written by
/// the holder of the turn only.
final class Lane {
    private static final Trace TRACE = new Trace("mailbox", "");

    /// Changes in one commit at most.
    private static final int MOST_FOLDED = 64;

    private static final int MOST_TRIES = 5;

    /// Mailboxes that one change of messages touches at most.
    private static final int MOST_LOADED = 1_000;

    private final AccountId account;
    private final Store store;
    private final InstantSource clock;
    private final MailboxSettings settings;
    private final BooleanSupplier exists;
    private final Consumer<Lane> published;
    private final Turn turn = new Turn();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Picture picture;

    /// A new picture was published that no watcher knows of; used by the holder of the turn.
    private boolean untold;

    /// `exists` says whether the directory knows the account: only then are its first mailboxes made. `published` is
    /// told, in the turn, of each new picture.
    Lane(
            AccountId account,
            Store store,
            InstantSource clock,
            MailboxSettings settings,
            BooleanSupplier exists,
            Consumer<Lane> published) {
        this.account = account;
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.exists = exists;
        this.published = published;
    }

    AccountId account() {
        return account;
    }

    // ---- reading ---------------------------------------------------------------------------------------------

    Picture picture() {
        Picture newest = picture;
        if (newest != null) {
            return newest;
        }
        enter();
        try {
            return loaded();
        } finally {
            leave();
        }
    }

    /// The picture with the rows of one mailbox in it.
    ///
    /// @throws MailboxRefused when there is no such mailbox
    Picture pictureWith(int mailbox) {
        Picture newest = picture();
        Box box = newest.box(mailbox);
        if (box != null && box.rows() != null) {
            return newest;
        }
        enter();
        try {
            return loadedWith(mailbox);
        } finally {
            leave();
        }
    }

    /// The picture with the rows of `mailboxes` in it; those that are not there are passed over. An empty set is all of
    /// them.
    Picture pictureWith(Set<Integer> mailboxes) {
        Picture newest = picture();
        if (missing(newest, mailboxes).isEmpty()) {
            return newest;
        }
        enter();
        try {
            List<Integer> missing = missing(loaded(), mailboxes);
            while (!missing.isEmpty()) {
                // Another node may have written: then everything is read anew.
                missing = missing(loadedWith(missing.getFirst()), mailboxes);
            }
            return loaded();
        } finally {
            leave();
        }
    }

    private static List<Integer> missing(Picture picture, Set<Integer> mailboxes) {
        List<Integer> missing = new ArrayList<>(0);
        for (Box box : picture.all()) {
            if (box.rows() == null
                    && !box.row().placeholder()
                    && (mailboxes.isEmpty() || mailboxes.contains(box.id()))) {
                missing.add(box.id());
            }
        }
        return missing;
    }

    int weight() {
        Picture newest = picture;
        return newest == null ? 0 : newest.weight();
    }

    /// Lets go of the picture, unless somebody is at work with it.
    void forget() {
        if (turn.tryTake()) {
            picture = null;
            turn.leave();
        }
    }

    /// Reads picture and store as they are at one moment: both have the same version.
    <T> T atOnce(BiFunction<Picture, Snapshot, T> reader) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Picture newest = picture();
            try (Snapshot snapshot = store.snapshot()) {
                if (snapshot.version(account.partition()) == newest.version) {
                    return reader.apply(newest, snapshot);
                }
            }
        }
        // It changes all the time: nobody changes it while we have the turn.
        Picture newest;
        Snapshot snapshot;
        enter();
        try {
            newest = loaded();
            snapshot = store.snapshot();
        } finally {
            leave();
        }
        try (snapshot) {
            return reader.apply(newest, snapshot);
        }
    }

    // ---- changing --------------------------------------------------------------------------------------------

    /// One change that waits for the account's turn: fills an edit, perhaps more than once, as it is done again after
    /// a conflict. `alongside` are batches of other partitions that must go with it.
    private static final class Request<T> extends Turn.Waiter {
        final Function<Edit, T> work;
        final int mailbox;
        final List<Batch> alongside;
        private @Nullable T answer;
        private @Nullable Throwable failure;

        Request(Function<Edit, T> work, int mailbox, List<Batch> alongside) {
            this.work = work;
            this.mailbox = mailbox;
            this.alongside = alongside;
        }

        @Override
        boolean canBeServed() {
            return true;
        }

        void apply(Edit edit) {
            answer = work.apply(edit);
        }

        void fail(Throwable why) {
            failure = why;
        }

        /// The very failure, though several may share it: its type says what the client is told.
        T answer() {
            return switch (failure) {
                case null -> Objects.requireNonNull(answer);
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException("a change failed", failure);
            };
        }
    }

    /// Makes one change: `work` fills the edit, which is then committed and published. The answer of `work` is given
    /// only when everything is durable.
    <T> T change(Function<Edit, T> work) {
        return change(new Request<>(work, 0, List.of()));
    }

    /// The same for a change that needs the rows of one mailbox.
    <T> T changeIn(int mailbox, Function<Edit, T> work) {
        return change(new Request<>(work, mailbox, List.of()));
    }

    /// The same for a change that finds out in the turn which mailboxes it needs: it throws
    /// [Refiling.NotLoaded] until they are all there. What was loaded may be let go of again before the next try,
    /// hence the bound.
    <T> T changeLoading(Function<Edit, T> work) {
        for (int tries = 0; tries < MOST_LOADED; tries++) {
            try {
                return change(work);
            } catch (Refiling.NotLoaded e) {
                pictureWith(e.mailbox);
            }
        }
        throw new Unavailable("try again", "account=" + account + " its mailboxes do not stay in memory");
    }

    /// The same with batches of other partitions in the same commit; they must expect no version.
    <T> T changeWith(List<Batch> alongside, Function<Edit, T> work) {
        return change(new Request<>(work, 0, alongside));
    }

    private <T> T change(Request<T> request) {
        if (turn.take(request)) {
            List<Request<?>> group = new ArrayList<>();
            group.add(request);
            try {
                for (Turn.Waiter next = turn.next(); next != null; next = turn.next()) {
                    group.add((Request<?>) next);
                    if (group.size() == MOST_FOLDED) {
                        break;
                    }
                }
                serve(group);
            } finally {
                group.stream().skip(1).forEach(Turn.Waiter::served);
                leave();
            }
        }
        return request.answer();
    }

    /// Does all the work, in as few commits as fit. Every request has its answer or its failure afterwards.
    private void serve(List<Request<?>> group) {
        int from = 0;
        try {
            int end = group.size();
            int tries = 0;
            while (from < group.size()) {
                Edit edit = null;
                int to = from;
                try {
                    load(group.subList(from, end));
                    edit = edit();
                    while (to < end && (to == from || edit.takesMore())) {
                        group.get(to).apply(edit);
                        to++;
                    }
                } catch (RuntimeException e) {
                    if (to > from) {
                        // Those before it are right: again without it, then it alone.
                        end = to;
                        continue;
                    }
                    if (edit == null && end - from > 1) {
                        end = from + 1;
                        continue;
                    }
                    group.get(from).fail(e);
                    from++;
                    end = group.size();
                    continue;
                }
                List<Batch> alongside = new ArrayList<>();
                group.subList(from, to).forEach(one -> alongside.addAll(one.alongside));
                if (commit(edit, alongside)) {
                    from = to;
                    end = group.size();
                    tries = 0;
                } else if (++tries == MOST_TRIES) {
                    throw tooBusy();
                }
            }
        } catch (RuntimeException | Error e) {
            // Nothing is known to be written for those that are left.
            group.subList(from, group.size()).forEach(one -> one.fail(e));
        }
    }

    private void load(List<Request<?>> group) {
        for (Request<?> one : group) {
            if (one.mailbox != 0) {
                loadedWith(one.mailbox);
            }
        }
    }

    private Unavailable tooBusy() {
        return new Unavailable("try again", "account=" + account + " another node changes this account all the time");
    }

    private boolean commit(Edit edit, List<Batch> alongside) {
        Batch batch = edit.batch();
        List<Batch> all = new ArrayList<>(1 + alongside.size());
        all.add(batch);
        all.addAll(edit.links());
        all.addAll(alongside);
        if (all.size() > 1) {
            all = Batches.merged(all);
        }
        if (all.stream().allMatch(Batch::isEmpty)) {
            publish(edit.after());
            return true;
        }
        Commit outcome;
        try {
            outcome = store.commit(all);
        } catch (RuntimeException | Error e) {
            // It may have been written or not: the store will tell whoever asks next.
            picture = null;
            throw e;
        }
        return switch (outcome) {
            case Commit.Done _ -> {
                publish(edit.after());
                yield true;
            }
            case Commit.Conflict _ -> {
                picture = null;
                yield false;
            }
        };
    }

    // ---- the turn, for those who change several accounts at once -----------------------------------------------

    /// Waits for the turn. Who wants several enters in ascending order of account numbers.
    void enter() {
        if (!turn.take(new Turn.Waiter())) {
            throw new IllegalStateException("nobody can do our work");
        }
    }

    /// Whoever watches is told now, when nobody can be in his way.
    void leave() {
        boolean tell = untold;
        untold = false;
        turn.leave();
        if (tell) {
            for (Watcher watcher : watchers) {
                try {
                    watcher.onChange.run();
                } catch (RuntimeException bug) {
                    TRACE.bug(bug);
                }
            }
        }
    }

    /// A new change of the newest picture; by the holder of the turn.
    Edit edit() {
        return new Edit(account, loaded(), clock.instant().getEpochSecond());
    }

    /// Shows the next picture to everybody; by the holder of the turn, after the commit.
    void publish(Picture next) {
        Picture last = picture;
        picture = next;
        published.accept(this);
        untold |= last == null || last.version != next.version;
    }

    /// The store has, or may have, something else: by the holder of the turn.
    void mistrust() {
        picture = null;
    }

    // ---- watching --------------------------------------------------------------------------------------------

    /// Equal only to itself: the same runnable may watch twice and leave once.
    private static final class Watcher {
        final Runnable onChange;

        Watcher(Runnable onChange) {
            this.onChange = onChange;
        }
    }

    AccountMail.Watch watch(Runnable onChange) {
        Watcher mine = new Watcher(onChange);
        watchers.add(mine);
        return () -> watchers.remove(mine);
    }

    // ---- loading, by the holder of the turn --------------------------------------------------------------------

    Picture loaded() {
        Picture newest = picture;
        if (newest == null) {
            newest = load();
            publish(newest);
        }
        return newest;
    }

    Picture loadedWith(int mailbox) {
        Picture newest = loaded();
        Box box = newest.box(mailbox);
        if (box == null || box.row().placeholder()) {
            throw new MailboxRefused(Reason.NONEXISTENT, "there is no such mailbox");
        }
        if (box.rows() != null) {
            return newest;
        }
        Rows rows;
        try (Snapshot snapshot = store.snapshot()) {
            if (snapshot.version(account.partition()) != newest.version) {
                picture = null;
                return loadedWith(mailbox);
            }
            rows = readRows(snapshot, mailbox);
        }
        Picture with = newest.with(mailbox, rows);
        publish(with);
        return with;
    }

    private Rows readRows(Snapshot snapshot, int mailbox) {
        Rows.Loader loader =
                new Rows.Loader(message -> snapshot.get(account.partition(), Keys.LETTER, Keys.u64(message))
                        .map(row -> Letter.decode(row).thread())
                        .orElse(message));
        snapshot.scan(
                account.partition(),
                Keys.MESSAGE,
                Keys.mailbox(mailbox),
                Keys.mailbox(mailbox + 1),
                (key, value) -> loader.add(Keys.readUid(key, 4), value));
        return loader.rows();
    }

    private Picture load() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Picture found;
            try (Snapshot snapshot = store.snapshot()) {
                found = read(snapshot);
            }
            if (found.head.erasing()) {
                throw new MailboxRefused(Reason.NONEXISTENT, "this account is being erased");
            }
            if (found.tree.id(Names.INBOX) != 0) {
                return found;
            }
            if (!exists.getAsBoolean()) {
                throw new MailboxRefused(Reason.NONEXISTENT, "there is no such account");
            }
            Edit edit = new Edit(account, found, clock.instant().getEpochSecond());
            makeFirst(edit);
            if (store.commit(edit.batch()) instanceof Commit.Done) {
                return edit.after();
            }
        }
        throw tooBusy();
    }

    private void makeFirst(Edit edit) {
        edit.makeMailbox(0, Names.INBOX, Optional.empty(), true);
        settings.firstMailboxes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(first -> edit.makeMailbox(0, first.getKey(), Optional.of(first.getValue()), true));
    }

    private Picture read(Snapshot snapshot) {
        Partition partition = account.partition();
        Head head = snapshot.get(partition, Keys.HEAD, Keys.NOTHING)
                .map(Head::decode)
                .orElse(Head.FRESH);
        Keywords keywords = snapshot.get(partition, Keys.KEYWORDS, Keys.NOTHING)
                .map(Keywords::decode)
                .orElse(Keywords.NONE);
        List<Box> boxes = new ArrayList<>();
        snapshot.scan(partition, Keys.MAILBOX, Keys.NOTHING, Keys.NOTHING, (key, value) -> {
            MailboxRow row = MailboxRow.decode(Keys.read32(key, 0), value);
            boxes.add(new Box(row, row.messages() == 0 ? Rows.EMPTY : null));
            return true;
        });
        boxes.sort(Comparator.comparingInt(Box::id));
        NavigableSet<String> orphans = new TreeSet<>();
        snapshot.scan(partition, Keys.SUBSCRIPTION, Keys.NOTHING, Keys.NOTHING, (key, value) -> {
            orphans.add(new String(key, java.nio.charset.StandardCharsets.UTF_8));
            return true;
        });
        Box[] all = boxes.toArray(new Box[0]);
        long[] logged = {0};
        snapshot.scanBackwards(partition, Keys.LOG, Keys.NOTHING, Keys.NOTHING, (key, _) -> {
            logged[0] = Keys.read64(key, 0);
            return false;
        });
        return new Picture(snapshot.version(partition), logged[0], head, keywords, new Tree(all), orphans, all);
    }
}
