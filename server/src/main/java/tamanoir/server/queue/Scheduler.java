package tamanoir.server.queue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Destination.Lane;
import tamanoir.server.queue.QueueRows.Entry;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Routing.Transport;
import tamanoir.server.store.Batch;

/// Decides what is tried next.
///
/// Every entry of the queue has a [Slot] here: its id and when it is due, nothing more, so that a million
/// waiting messages cost little. One thread, the clerk, takes what is due, oldest first, and makes it
/// active: a virtual thread reads its rows, asks for the route of each recipient and makes jobs, one for
/// each destination and recipient limit. Jobs wait at their [Destination]; workers, one virtual thread
/// each, take from the transports in turn and from each transport's destinations in turn, so that one
/// destination with much mail does not hold up another. A worker goes on with the next job when it has done
/// one, and ends when there is none it may take.
///
/// `lock` guards slots, destinations and lanes; nothing that blocks happens under it. Rows are the truth,
/// slots follow them.
final class Scheduler {
    /// One entry of the queue as the scheduler knows it. Guarded by the scheduler's lock, except `message`,
    /// which belongs to whoever made the slot active.
    static final class Slot {
        final QueueId id;
        /// The time in the key of its due row.
        long dueMillis;
        /// When it is tried; earlier than its row says after a flush, later when the store had trouble.
        long nextMillis;
        boolean active;
        /// It waits for the release that its sender asked for, and has not been touched since.
        boolean untilRelease;
        /// An administrator asked for it now: it goes even to transports that are put off.
        boolean flushed;
        /// What an administrator asked for while it was active; done when its turn ends.
        Order order = NONE;
        /// From acceptance to first attempt, while there is room in memory.
        @Nullable
        QueuedMessage message;

        Slot(QueueId id, long dueMillis) {
            this.id = id;
            this.dueMillis = dueMillis;
            this.nextMillis = dueMillis;
        }

        boolean isHeld() {
            return dueMillis == QueueRows.NEVER;
        }
    }

    /// What an administrator wants of an entry.
    sealed interface Order {
        record None() implements Order {}

        record Delete() implements Order {}

        record Hold(String reason) implements Order {}

        /// Try again at once when this turn is over.
        record Again() implements Order {}
    }

    private static final Order NONE = new Order.None();
    private static final Comparator<Slot> BY_TIME =
            Comparator.<Slot>comparingLong(s -> s.nextMillis).thenComparing(s -> s.id);
    private static final long FLOOR_MARGIN_MILLIS = Duration.ofHours(1).toMillis();
    private static final int MOST_ACTIVATIONS = 64;
    private static final int MOST_SWEPT = 200_000;
    private static final long TROUBLE_WAIT_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Ledger ledger;
    private final InstantSource clock;
    private final Routing routing;
    private final Run.Office office;
    private final Trace trace = new Trace("queue", "");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<QueueId, Slot> slots = new HashMap<>();
    private final TreeSet<Slot> waiting = new TreeSet<>(BY_TIME);
    private final Set<Slot> active = new HashSet<>();
    private final Map<String, Destination> destinations = new HashMap<>();
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Semaphore activations = new Semaphore(MOST_ACTIVATIONS);
    private final List<Lane> laneOrder = new ArrayList<>();
    private int nextLane;
    private int busy;
    private long octetsInHand;
    private long nextSweepMillis;
    private long entriesSinceSweep;
    private boolean stopping;

    Scheduler(Ledger ledger, InstantSource clock, Routing routing, Run.Office office) {
        this.ledger = ledger;
        this.clock = clock;
        this.routing = routing;
        this.office = office;
    }

    // ---- what comes in

    void start() {
        lock.lock();
        try {
            busy++;
            Thread.ofVirtual().name("queue clerk").start(this::clerk);
        } finally {
            lock.unlock();
        }
    }

    /// An entry whose rows are durable. `message` is at hand when it was accepted just now.
    void add(QueueId id, long dueMillis, boolean untilRelease, @Nullable QueuedMessage message) {
        lock.lock();
        try {
            Slot slot = new Slot(id, dueMillis);
            slot.untilRelease = untilRelease;
            if (slots.putIfAbsent(id, slot) != null) {
                return;
            }
            if (message != null
                    && octetsInHand + message.body().size() <= office.settings().octetsInHand()) {
                slot.message = message;
                octetsInHand += message.body().size();
            }
            waiting.add(slot);
            entriesSinceSweep++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The clock was turned: look again.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the clerk

    private void clerk() {
        lock.lock();
        try {
            while (!stopping) {
                long now = clock.millis();
                while (!waiting.isEmpty()
                        && waiting.first().nextMillis <= now
                        && active.size() < office.settings().activeLimit()) {
                    Slot slot = waiting.pollFirst();
                    slot.active = true;
                    slot.untilRelease = false;
                    active.add(slot);
                    busy++;
                    Thread.ofVirtual().name("queue " + slot.id).start(() -> activate(slot));
                }
                if (now >= nextSweepMillis) {
                    sweep(now);
                }
                long wait = waiting.isEmpty() ? nextSweepMillis - now : waiting.first().nextMillis - now;
                wait = Math.clamp(wait, 1, Math.max(1, nextSweepMillis - now));
                if (active.size() >= office.settings().activeLimit()) {
                    wait = 1000;
                }
                changed.await(wait, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            busy--;
            changed.signalAll();
            lock.unlock();
        }
    }

    /// Once a minute: forget idle destinations, and say below what time no row is due any more. Called with
    /// the lock.
    private void sweep(long now) {
        nextSweepMillis = now + Duration.ofMinutes(1).toMillis();
        destinations.values().removeIf(d -> d.isIdle() && !d.isDead(now));
        if (entriesSinceSweep == 0 || slots.size() > MOST_SWEPT) {
            return;
        }
        entriesSinceSweep = 0;
        // Rows that are being committed now are not known here; they are due from now on, or a little before.
        long floor = now;
        for (Slot slot : slots.values()) {
            floor = Math.min(floor, slot.dueMillis);
        }
        long safe = floor - FLOOR_MARGIN_MILLIS;
        busy++;
        Thread.ofVirtual().name("queue floor").start(() -> {
            try {
                ledger.raiseFloor(safe);
            } catch (Unavailable e) {
                trace.debug("floor", "reason", e.detail());
            } finally {
                leave();
            }
        });
    }

    private void leave() {
        lock.lock();
        try {
            busy--;
            if (stopping) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- from due to jobs

    private void activate(Slot slot) {
        try {
            activations.acquire();
            try {
                begin(slot);
            } finally {
                activations.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            putOff(slot);
        } catch (Unavailable e) {
            new Trace("queue", slot.id.toString()).warn("put-off", "reason", e.detail());
            putOff(slot);
        } catch (RuntimeException bug) {
            // Never lost: it stays in the store and is tried again, and somebody is told each time.
            new Trace("queue", slot.id.toString()).bug(bug);
            putOff(slot);
        } finally {
            leave();
        }
    }

    private void begin(Slot slot) {
        Optional<Ledger.Kept> kept = take(slot);
        if (kept.isEmpty()) {
            forget(slot);
            return;
        }
        Run run = new Run(office, this, slot, kept.get(), Optional.ofNullable(slot.message));
        Entry entry = kept.get().entry();
        if (entry.owner() != 0) {
            office.follower().moved(entry.id().whole(), entry.owner());
        }
        slot.flushed = false;
        dropFromHand(slot);
        List<Run.Job> jobs = jobs(run);
        if (jobs.isEmpty()) {
            run.nothingToTry();
            return;
        }
        run.expect(jobs.size());
        List<Run.Job> settled = new ArrayList<>();
        lock.lock();
        try {
            for (Run.Job job : jobs) {
                if (!enqueue(job)) {
                    settled.add(job);
                }
            }
            dispatch();
        } finally {
            lock.unlock();
        }
        settled.forEach(Run.Job::settleWithoutTrying);
    }

    /// A message that came just now and has one recipient need not be read back.
    private Optional<Ledger.Kept> take(Slot slot) {
        QueuedMessage message = slot.message;
        return message != null && message.envelope().recipients().size() == 1
                ? Optional.of(ledger.parts(message).getFirst())
                : ledger.read(slot.id);
    }

    private void dropFromHand(Slot slot) {
        QueuedMessage message = slot.message;
        if (message != null) {
            slot.message = null;
            lock.lock();
            try {
                octetsInHand -= message.body().size();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Groups the recipients that are still to be delivered by where they go.
    private List<Run.Job> jobs(Run run) {
        record Group(Route route, List<Owed> owed) {}
        Map<Object, Group> groups = new LinkedHashMap<>();
        for (Owed owed : run.pending()) {
            Route route = route(run, owed);
            Object key = route instanceof Route.Deliver deliver ? key(deliver) : route;
            groups.computeIfAbsent(key, k -> new Group(route, new ArrayList<>()))
                    .owed()
                    .add(owed);
        }
        List<Run.Job> jobs = new ArrayList<>(groups.size());
        for (Group group : groups.values()) {
            int limit = group.route() instanceof Route.Deliver deliver
                    ? deliver.transport().recipientLimit()
                    : Integer.MAX_VALUE;
            for (int from = 0; from < group.owed().size(); from += limit) {
                int to = Math.min(group.owed().size() - from, limit) + from;
                jobs.add(run.job(group.route(), List.copyOf(group.owed().subList(from, to))));
                if (limit == Integer.MAX_VALUE) {
                    break;
                }
            }
        }
        return jobs;
    }

    private Route route(Run run, Owed owed) {
        Route route;
        try {
            route = routing.route(
                    run.entry().envelope().sender(),
                    owed.recipient(),
                    run.entry().through());
        } catch (Unavailable e) {
            run.trace().warn("routing", "to", owed.recipient().address(), "reason", e.detail());
            return new Route.Postpone(Reply.of(451, "4.3.0", "it cannot be found out now where this mail goes"));
        }
        boolean putOff = route instanceof Route.Deliver deliver
                && deliver.transport().isAmong(office.settings().deferTransports())
                && !run.isFlushed();
        return putOff ? new Route.Postpone(Reply.of(450, "4.3.2", "deferred transport")) : route;
    }

    private static String key(Route.Deliver deliver) {
        return deliver.transport().name() + "\0" + deliver.nexthop();
    }

    // ---- from jobs to deliveries

    /// Called with the lock; false when the job needs nobody, or nobody is there for it.
    private boolean enqueue(Run.Job job) {
        if (!(job.route() instanceof Route.Deliver deliver)) {
            return false;
        }
        Destination destination = destinations.computeIfAbsent(
                key(deliver), k -> new Destination(deliver.nexthop(), lane(deliver.transport())));
        if (job.run().isFlushed()) {
            destination.revive();
        }
        if (destination.isDead(clock.millis())) {
            job.suspend(destination.lastTrouble());
            return false;
        }
        job.at(destination);
        destination.add(job);
        return true;
    }

    private Lane lane(Transport transport) {
        Lane lane = lanes.get(transport.name());
        if (lane == null) {
            lane = new Lane(transport);
            lanes.put(transport.name(), lane);
            laneOrder.add(lane);
        } else {
            lane.transport = transport;
        }
        return lane;
    }

    /// Starts a worker for every job that may run. Called with the lock.
    private void dispatch() {
        for (Run.Job job = next(); job != null; job = next()) {
            Run.Job first = job;
            busy++;
            Thread.ofVirtual().name("delivery").start(() -> work(first));
        }
    }

    /// The next job that may run: transports in turn, and their destinations in turn. Called with the lock.
    private Run.@Nullable Job next() {
        for (int i = 0; i < laneOrder.size() && !stopping; i++) {
            Lane lane = laneOrder.get((nextLane + i) % laneOrder.size());
            while (!lane.isFull() && !lane.ready.isEmpty()) {
                Destination destination = lane.ready.remove();
                destination.queued = false;
                if (destination.canTake()) {
                    nextLane = (nextLane + i + 1) % laneOrder.size();
                    return destination.take();
                }
            }
        }
        return null;
    }

    private void work(Run.Job first) {
        try {
            Run.@Nullable Job job = first;
            while (job != null) {
                job.deliver();
                job = finished(job);
            }
        } finally {
            leave();
        }
    }

    /// Gives the job's place free and takes the next.
    private Run.@Nullable Job finished(Run.Job job) {
        List<Run.Job> suspended = List.of();
        Run.@Nullable Job next;
        lock.lock();
        try {
            Destination destination = job.destination();
            long now = clock.millis();
            destination.finished(
                    job.reachedSomebody(),
                    job.trouble(),
                    now,
                    office.settings().minimalBackoff().toMillis());
            if (destination.isDead(now) && destination.waiting() > 0) {
                suspended = destination.takeAll();
                suspended.forEach(j -> j.suspend(destination.lastTrouble()));
            }
            next = next();
            dispatch();
        } finally {
            lock.unlock();
        }
        suspended.forEach(Run.Job::settleWithoutTrying);
        return next;
    }

    // ---- the end of a turn

    /// The entry has left the queue.
    void forget(Slot slot) {
        dropFromHand(slot);
        lock.lock();
        try {
            slots.remove(slot.id);
            active.remove(slot);
            slot.active = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The entry waits until `dueMillis`, which is what its row says.
    void putBack(Slot slot, long dueMillis) {
        putBack(slot, dueMillis, dueMillis);
    }

    /// The store or the routing had trouble: its row is as it was.
    void putOff(Slot slot) {
        putBack(slot, slot.dueMillis, Math.max(slot.dueMillis, clock.millis() + TROUBLE_WAIT_MILLIS));
    }

    private void putBack(Slot slot, long dueMillis, long nextMillis) {
        dropFromHand(slot);
        Order order;
        lock.lock();
        try {
            active.remove(slot);
            slot.active = false;
            slot.dueMillis = dueMillis;
            slot.nextMillis = nextMillis;
            order = slot.order;
            slot.order = NONE;
            waiting.add(slot);
            entriesSinceSweep++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!(order instanceof Order.None)) {
            order(slot.id, order);
        }
    }

    /// What an administrator ordered while the entry was active.
    Order takeOrder(Slot slot) {
        lock.lock();
        try {
            Order order = slot.order;
            slot.order = NONE;
            return order;
        } finally {
            lock.unlock();
        }
    }

    // ---- what administrators want

    /// Carries the order out, at once or when the entry's present turn ends. False when there is no such
    /// entry.
    ///
    /// @throws Unavailable when the store takes nothing now
    boolean order(QueueId id, Order order) {
        Slot slot;
        lock.lock();
        try {
            slot = slots.get(id);
            if (slot == null) {
                return false;
            }
            if (slot.active) {
                slot.order = slot.order instanceof Order.Delete ? slot.order : order;
                return true;
            }
            if (order instanceof Order.Again && !slot.isHeld()) {
                waiting.remove(slot);
                slot.nextMillis = clock.millis();
                slot.flushed = true;
                waiting.add(slot);
                changed.signalAll();
                return true;
            }
            waiting.remove(slot);
            slot.active = true;
            active.add(slot);
            busy++;
        } finally {
            lock.unlock();
        }
        try {
            carryOut(slot, order);
        } finally {
            leave();
        }
        return true;
    }

    /// Takes back a message that waits for its release, all parts of it or none, in one commit with
    /// `alongside`.
    ///
    /// The clerk takes what is due under the same lock, so either it has the message or we do. What is due
    /// is not taken back even if nobody has touched it yet: after a restart it may have been on its way
    /// already.
    ///
    /// @throws Unavailable when the store takes nothing now: it stays as it was
    Queue.Cancel cancel(QueueId id, List<Batch> alongside) {
        List<Slot> taken = new ArrayList<>();
        lock.lock();
        try {
            long now = clock.millis();
            for (int part = 0; part < QueueId.PARTS; part++) {
                Slot slot = slots.get(id.part(part));
                if (slot == null) {
                    break;
                }
                if (slot.active || !slot.untilRelease || slot.dueMillis <= now) {
                    return Queue.Cancel.TOO_LATE;
                }
                taken.add(slot);
            }
            if (taken.isEmpty() || stopping) {
                return Queue.Cancel.TOO_LATE;
            }
            for (Slot slot : taken) {
                waiting.remove(slot);
                slot.active = true;
                active.add(slot);
                busy++;
            }
        } finally {
            lock.unlock();
        }
        boolean gone = false;
        try {
            gone = ledger.cancel(taken, alongside);
            return gone ? Queue.Cancel.DONE : Queue.Cancel.CONFLICT;
        } finally {
            for (Slot slot : taken) {
                if (gone) {
                    new Trace("queue", slot.id.toString()).info("removed", "reason", "called back by its sender");
                    forget(slot);
                } else {
                    putBack(slot, slot.dueMillis);
                }
                leave();
            }
        }
    }

    private void carryOut(Slot slot, Order order) {
        boolean done = false;
        try {
            Optional<Ledger.Kept> kept = ledger.read(slot.id);
            if (kept.isEmpty()) {
                forget(slot);
            } else {
                new Run(office, this, slot, kept.get(), Optional.empty()).obey(order);
            }
            done = true;
        } finally {
            if (!done) {
                putOff(slot);
            }
        }
    }

    List<QueueId> ids() {
        lock.lock();
        try {
            List<QueueId> ids = new ArrayList<>(slots.keySet());
            ids.sort(Comparator.naturalOrder());
            return ids;
        } finally {
            lock.unlock();
        }
    }

    /// How an entry stands, for lists.
    record Standing(boolean active, boolean held, boolean untilRelease, long nextMillis) {}

    Optional<Standing> standing(QueueId id) {
        lock.lock();
        try {
            return Optional.ofNullable(slots.get(id))
                    .map(s -> new Standing(s.active, s.isHeld(), s.untilRelease, s.nextMillis));
        } finally {
            lock.unlock();
        }
    }

    /// Entries, of them active, of them on hold; deliveries under way.
    record Load(int entries, int active, int held, int deliveries) {}

    Load load() {
        lock.lock();
        try {
            int held = 0;
            for (Slot slot = waiting.isEmpty() ? null : waiting.last();
                    slot != null && slot.isHeld();
                    slot = waiting.lower(slot)) {
                held++;
            }
            int deliveries = 0;
            for (Lane lane : laneOrder) {
                deliveries += lane.running;
            }
            return new Load(slots.size(), active.size(), held, deliveries);
        } finally {
            lock.unlock();
        }
    }

    /// Begins nothing new and waits for deliveries under way; true when all ended in time. What is cut off
    /// is tried again after the next start.
    boolean stop(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            while (busy > 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing is active and nothing is due; false when that takes longer than `patience`.
    boolean awaitQuiet(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            changed.signalAll();
            while (!active.isEmpty() || (!waiting.isEmpty() && waiting.first().nextMillis <= clock.millis())) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
