package tamanoir.server.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.QueueRows.Entry;
import tamanoir.server.queue.Scheduler.Order;
import tamanoir.server.store.Batch;
import tamanoir.server.store.BlobLinks;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;

/// The durable queue. Its rows enter in the same commit that accepts the message.
///
/// Made when the server starts, it reads what the last process left; [#start] begins to deliver. No message
/// leaves it without delivery or a report to its sender, except by [#delete], which is logged. Delivery is
/// at least once: what a crash cuts off between a next hop's acceptance and our record of it is delivered
/// again; what was recorded never is.
///
/// Used by any number of threads.
public final class Queue implements AutoCloseable {
    private final Ledger ledger;
    private final InstantSource clock;
    private final QueueIds ids;
    private final AtomicReference<QueueSettings> settings;
    private final QueueCounters counters = new QueueCounters();
    private final List<Recovered> recovered = new ArrayList<>();
    private final AtomicReference<@Nullable Scheduler> scheduler = new AtomicReference<>();

    private final AtomicReference<Follower> follower = new AtomicReference<>(Follower.NOBODY);

    private final Map<QueueId, Long> lateDue = new ConcurrentHashMap<>();

    private static final Duration LONG_ARRIVAL = Duration.ofMinutes(30);

    private record Recovered(
            QueueId id,
            long dueMillis,
            boolean untilRelease,
            @Nullable QueuedMessage message) {}

    /// @throws Unavailable when the store cannot be read
    public Queue(Store store, QueueSettings settings, InstantSource clock) {
        this(store, settings, clock, 0);
    }

    /// `node` tells the machines of a cluster apart, 0 to 1023.
    public Queue(Store store, QueueSettings settings, InstantSource clock, int node) {
        this.ledger = new Ledger(store);
        this.clock = clock;
        this.settings = new AtomicReference<>(settings);
        this.ids = new QueueIds(clock, node);
        ledger.recover((id, due, untilRelease) -> {
            ids.seen(id);
            recovered.add(new Recovered(id, due, untilRelease, null));
        });
    }

    /// Begins to deliver. Once.
    public void start(Routing routing, Reports reports) {
        ReportWriter writer = new ReportWriter(ledger.store().blobs(), clock);
        Run.Office office = new Run.Office(
                ledger,
                settings::get,
                clock,
                writer,
                reports,
                counters,
                (id, owner) -> follower.get().moved(id, owner));
        Scheduler made = new Scheduler(ledger, clock, routing, office);
        synchronized (recovered) {
            if (!scheduler.compareAndSet(null, made)) {
                throw new IllegalStateException("the queue has been started");
            }
            recovered.forEach(r -> made.add(r.id(), r.dueMillis(), r.untilRelease(), r.message()));
            recovered.clear();
        }
        made.start();
    }

    /// A reload: what follows goes by the new settings.
    public void settings(QueueSettings changed) {
        settings.set(changed);
        wake();
    }

    /// Looks at the clock again; for clocks that are turned by hand.
    public void wake() {
        Scheduler running = scheduler.get();
        if (running != null) {
            running.wake();
        }
    }

    /// Waits until nothing is being tried and nothing is due; false when that takes longer than `patience`.
    public boolean awaitQuiet(Duration patience) {
        return running().awaitQuiet(patience);
    }

    /// Begins no new delivery and waits for those under way; true when all ended in time.
    public boolean stop(Duration patience) {
        Scheduler running = scheduler.get();
        boolean ended = running == null || running.stop(patience);
        ledger.stop();
        return ended;
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(5));
    }

    // ---- entering

    public QueueId newId() {
        return ids.next();
    }

    /// The rows of a message, to be committed together with whatever else the acceptance writes. Where the
    /// body is a blob its link is put into `links`, which the caller appends to the same commit.
    ///
    /// @throws Refused when it has more recipients than a message of the queue can have (about 20,000)
    public List<Batch> rows(QueuedMessage message, BlobLinks links) {
        long due = chooseDue(message);
        return ledger.parts(message).stream()
                .map(kept -> ledger.enter(kept, message.body(), due, links))
                .toList();
    }

    /// The same for a caller that links no blob itself: the link is among the batches.
    public List<Batch> rows(QueuedMessage message) {
        BlobLinks links = new BlobLinks();
        List<Batch> batches = new ArrayList<>(rows(message, links));
        batches.addAll(links.batches());
        return batches;
    }

    /// Tells the scheduler that the rows are durable now: the first attempt may begin.
    public void entered(QueuedMessage message) {
        counters.entered.increment();
        long due = dueMillis(message);
        boolean waits = message.release().isPresent() && !message.hold();
        for (Ledger.Kept kept : ledger.parts(message)) {
            add(new Recovered(kept.entry().id(), due, waits, waits ? null : message));
        }
    }

    private void add(Recovered entry) {
        Scheduler running = scheduler.get();
        if (running == null) {
            synchronized (recovered) {
                running = scheduler.get();
                if (running == null) {
                    recovered.add(entry);
                    return;
                }
            }
        }
        running.add(entry.id(), entry.dueMillis(), entry.untilRelease(), entry.message());
    }

    /// A message is due when it arrived. One that took very long to arrive is due now: its row must not
    /// stand below the floor from which the rows are read at start.
    private long chooseDue(QueuedMessage message) {
        long arrived = message.begins().toEpochMilli();
        long now = clock.millis();
        if (!message.hold() && arrived < now - LONG_ARRIVAL.toMillis()) {
            lateDue.put(message.id(), now);
            return now;
        }
        return message.hold() ? QueueRows.NEVER : arrived;
    }

    /// What [#chooseDue] chose: it is part of a key.
    private long dueMillis(QueuedMessage message) {
        Long late = lateDue.remove(message.id());
        if (late != null) {
            return late;
        }
        return message.hold() ? QueueRows.NEVER : message.begins().toEpochMilli();
    }

    // ---- what administrators see

    /// How an entry stands.
    public enum Standing {
        /// Being tried now.
        ACTIVE,
        /// Waiting for its time.
        DEFERRED,
        /// Until it is released.
        HOLD
    }

    /// One entry in a list. `next` is when it is tried again, absent on hold.
    public record Listed(
            QueueId id,
            Standing standing,
            Instant arrived,
            long size,
            String sender,
            String holdReason,
            Optional<Instant> next,
            List<ListedRecipient> recipients) {}

    /// A recipient that is still owed something, and the last thing that was said about it.
    public record ListedRecipient(Recipient recipient, int attempts, Optional<Reply> lastReply) {}

    /// Entries in the order of their ids, from behind `after`.
    public List<Listed> list(Optional<QueueId> after, int limit) {
        List<Listed> page = new ArrayList<>();
        for (QueueId id : ids()) {
            if (page.size() >= limit) {
                break;
            }
            if (after.isEmpty() || id.compareTo(after.get()) > 0) {
                find(id).ifPresent(page::add);
            }
        }
        return page;
    }

    private List<QueueId> ids() {
        Scheduler running = scheduler.get();
        if (running != null) {
            return running.ids();
        }
        synchronized (recovered) {
            return recovered.stream().map(Recovered::id).sorted().toList();
        }
    }

    public Optional<Listed> find(QueueId id) {
        return ledger.read(id).map(kept -> {
            Entry entry = kept.entry();
            Scheduler running = scheduler.get();
            Optional<Scheduler.Standing> standing = running == null ? Optional.empty() : running.standing(id);
            boolean active = standing.filter(Scheduler.Standing::active).isPresent();
            return new Listed(
                    id,
                    entry.hold() ? Standing.HOLD : active ? Standing.ACTIVE : Standing.DEFERRED,
                    entry.arrived(),
                    entry.size(),
                    entry.envelope().sender().toString(),
                    entry.holdReason(),
                    standing.filter(s -> !s.held()).map(s -> Instant.ofEpochMilli(s.nextMillis())),
                    kept.owed().stream()
                            .map(o -> new ListedRecipient(
                                    o.recipient(), o.attempts(), o.last().map(Owed.Last::reply)))
                            .toList());
        });
    }

    /// The message itself with the recipients that are still owed it.
    ///
    /// @throws Unavailable when its body cannot be read now
    public Optional<QueuedMessage> show(QueueId id) {
        return ledger.read(id).map(kept -> {
            Entry entry = kept.entry();
            Body body = ledger.body(entry);
            List<Recipient> recipients =
                    kept.owed().stream().map(Owed::recipient).toList();
            return new QueuedMessage(
                    id,
                    entry.arrived(),
                    entry.envelope().withRecipients(recipients),
                    entry.prefix(),
                    body,
                    entry.hold(),
                    entry.holdReason(),
                    entry.release(),
                    entry.owner(),
                    entry.through());
        });
    }

    /// Entries, deliveries under way, and what was done since the start.
    public record Status(
            int entries,
            int active,
            int held,
            int deliveries,
            long entered,
            long sent,
            long deferred,
            long failed,
            long expired,
            long reports) {}

    public Status status() {
        Scheduler running = scheduler.get();
        Scheduler.Load load = running == null ? new Scheduler.Load(ids().size(), 0, 0, 0) : running.load();
        return new Status(
                load.entries(),
                load.active(),
                load.held(),
                load.deliveries(),
                counters.entered.sum(),
                counters.sent.sum(),
                counters.deferred.sum(),
                counters.failed.sum(),
                counters.expired.sum(),
                counters.reports.sum());
    }

    // ---- what administrators do

    /// Tries everything now that is not on hold and does not wait for its release; answers how many entries
    /// that is.
    public int flush() {
        int count = 0;
        for (QueueId id : ids()) {
            if (flush(id)) {
                count++;
            }
        }
        return count;
    }

    /// Tries one entry now. False when there is none, or it is on hold or waits for its release.
    public boolean flush(QueueId id) {
        return running()
                        .standing(id)
                        .filter(s -> !s.held() && !s.untilRelease())
                        .isPresent()
                && running().order(id, new Order.Again());
    }

    /// Tries now what has a recipient in that domain; answers how many entries that is.
    public int flush(String domain) {
        String wanted = domain.toLowerCase(Locale.ROOT);
        int count = 0;
        for (QueueId id : ids()) {
            boolean concerned = ledger.read(id)
                    .filter(k -> k.owed().stream()
                            .anyMatch(o ->
                                    o.recipient().address().domain().ascii().equals(wanted)))
                    .isPresent();
            if (concerned && flush(id)) {
                count++;
            }
        }
        return count;
    }

    /// Keeps an entry until it is released. False when there is none.
    public boolean hold(QueueId id, String reason) {
        return running().order(id, new Order.Hold(reason));
    }

    /// Lets an entry go now that is on hold or waits for its release. False when there is none.
    public boolean release(QueueId id) {
        return running().standing(id).filter(s -> s.held() || s.untilRelease()).isPresent()
                && running().order(id, new Order.Again());
    }

    /// As if it had just entered: routes are asked anew at once, held or not. False when there is none.
    public boolean requeue(QueueId id) {
        return running().order(id, new Order.Again());
    }

    /// Throws an entry away without a report; logged. False when there is none.
    public boolean delete(QueueId id) {
        return running().order(id, new Order.Delete());
    }

    // ---- what senders want

    /// What became of the wish to call a message back.
    public enum Cancel {
        /// It is gone, and nobody got it.
        DONE,
        /// It has been released, or there is none: whoever is to get it gets it.
        TOO_LATE,
        /// A batch alongside has another version; the message waits as before.
        CONFLICT
    }

    /// Calls back a message that waits for its release (RFC 8621 §7.5), in one commit with `alongside`: the
    /// release and this exclude each other.
    ///
    /// @throws Unavailable when the store takes nothing now: it waits as before
    public Cancel cancel(QueueId id, List<Batch> alongside) {
        return running().cancel(id, alongside);
    }

    /// Who is told when something happens to followed mail; the last one named.
    public void follow(Follower one) {
        follower.set(one);
    }

    /// How far a followed message is; empty when nothing is known of it any more.
    public Optional<Progress> progress(QueueId id) {
        Scheduler running = scheduler.get();
        boolean waiting = running != null
                && running.standing(id).filter(Scheduler.Standing::untilRelease).isPresent();
        return ledger.progress(id, waiting);
    }

    /// What takes away all that is kept for the follower of a message, to be committed with what they write
    /// down.
    public List<Batch> forget(QueueId id) {
        return ledger.forgetFates(id);
    }

    /// The same at once, for what nobody will ask for.
    public void discard(QueueId id) {
        List<Batch> batches = ledger.forgetFates(id);
        if (!batches.isEmpty()) {
            ledger.store().commit(batches);
        }
    }

    /// Names every message of which something is kept for its follower: what may have been missed before a
    /// restart.
    public void missed(Follower visitor) {
        ledger.fates(visitor);
    }

    private Scheduler running() {
        Scheduler running = scheduler.get();
        if (running == null) {
            throw new Unavailable("try again later", "the queue has not been started");
        }
        return running;
    }
}
