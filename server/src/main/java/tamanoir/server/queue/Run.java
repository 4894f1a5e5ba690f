package tamanoir.server.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.queue.Deliverer.Attempt;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.QueueRows.Entry;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Scheduler.Order;
import tamanoir.server.queue.Scheduler.Slot;
import tamanoir.server.store.Batch;
import tamanoir.server.store.Body;

/// One turn of one queue entry: its recipients that are due are tried once, side by side where they go to
/// different places, and what became of them is written down.
///
/// Each job writes the rows of its own recipients as soon as it ends; the job that ends last ends the turn:
/// reports go out, and the entry leaves the queue or waits for its next turn. Where no report is needed
/// both are one commit, which is the common case of a delivered message. A crash in between repeats a
/// report at most, never a delivery that was recorded.
///
/// Jobs touch disjoint recipients; `left` orders their writes before the last one's reading.
final class Run {
    /// What every turn needs. `settings` may change between turns.
    record Office(
            Ledger ledger,
            Supplier<QueueSettings> current,
            InstantSource clock,
            ReportWriter writer,
            Reports reports,
            QueueCounters counters,
            Follower follower) {
        QueueSettings settings() {
            return current.get();
        }
    }

    private final Office office;
    private final Scheduler scheduler;
    private final Slot slot;
    private final Entry entry;
    private final @Nullable Owed[] owed;
    private final Optional<Body> body;
    private final boolean flushed;
    private final Instant began;
    private final Trace trace;
    private final AtomicInteger left = new AtomicInteger();

    /// `message` is at hand when it was accepted just now; otherwise its body is read when a job needs it.
    Run(Office office, Scheduler scheduler, Slot slot, Ledger.Kept kept, Optional<QueuedMessage> message) {
        this.office = office;
        this.scheduler = scheduler;
        this.slot = slot;
        this.entry = kept.entry();
        this.owed = kept.owed().toArray(Owed[]::new);
        this.body = message.map(QueuedMessage::body);
        this.flushed = slot.flushed;
        this.began = office.clock().instant();
        this.trace = new Trace("queue", entry.id().toString());
    }

    Entry entry() {
        return entry;
    }

    Trace trace() {
        return trace;
    }

    boolean isFlushed() {
        return flushed;
    }

    private Stream<Owed> all() {
        return Stream.of(owed).flatMap(Stream::ofNullable);
    }

    List<Owed> pending() {
        return all().filter(Owed::isPending).toList();
    }

    Job job(Route route, List<Owed> recipients) {
        return new Job(route, recipients);
    }

    void expect(int jobs) {
        left.set(jobs);
    }

    /// Only reports are owed, or not even they.
    void nothingToTry() {
        end(Ledger.batch(entry.id()));
    }

    /// Some recipients of this entry that go the same way.
    final class Job {
        private final Route route;
        private final List<Owed> recipients;
        private @Nullable Destination destination;
        private Optional<Reply> suspended = Optional.empty();
        private boolean reached = true;
        private Reply trouble = Reply.of(450, "4.4.1", "nobody was reached");

        private Job(Route route, List<Owed> recipients) {
            this.route = route;
            this.recipients = recipients;
        }

        Run run() {
            return Run.this;
        }

        Route route() {
            return route;
        }

        void at(Destination place) {
            destination = place;
        }

        Destination destination() {
            if (destination == null) {
                throw new IllegalStateException("this job goes nowhere");
            }
            return destination;
        }

        boolean reachedSomebody() {
            return reached;
        }

        Reply trouble() {
            return trouble;
        }

        /// Its destination is dead: it will not be tried in this turn.
        void suspend(Reply why) {
            String text = String.join(" ", why.lines());
            suspended = Optional.of(Reply.of(
                    450,
                    why.status().isEmpty() ? "4.4.1" : soft(why.status()),
                    text.startsWith(SUSPENDED) ? text : SUSPENDED + text));
        }

        /// Its outcome is known without a delivery.
        void settleWithoutTrying() {
            Outcome outcome = switch (route) {
                case Route.Deliver deliver ->
                    new Outcome.Deferred(
                            Outcome.NOBODY, suspended.orElse(Reply.of(450, "4.3.0", "not tried in this turn")));
                case Route.Fail fail -> new Outcome.Failed(Outcome.NOBODY, fail.reply());
                case Route.Postpone postpone -> new Outcome.Deferred(Outcome.NOBODY, postpone.reply());
                case Route.Discard discard ->
                    new Outcome.Sent(Outcome.NOBODY, Reply.of(250, "2.0.0", discard.text()), true);
            };
            settle(r -> outcome, Duration.ZERO, Duration.ZERO, office.clock().instant());
        }

        void deliver() {
            Instant start = office.clock().instant();
            Route.Deliver deliver = (Route.Deliver) route;
            List<Recipient> asked = recipients.stream().map(Owed::recipient).toList();
            Attempt attempt;
            try {
                attempt = deliver.deliverer().attempt(message(asked), asked);
                Map<Recipient, Outcome> outcomes = attempt.outcomes();
                reached = !outcomes.values().stream()
                        .allMatch(o ->
                                o instanceof Outcome.Deferred d && d.relay().equals(Outcome.NOBODY));
                outcomes.values().stream().findFirst().ifPresent(o -> trouble = o.reply());
            } catch (Unavailable e) {
                trace.warn("put-off", "reason", e.detail());
                attempt = new Attempt(Map.of(), Duration.ZERO, Duration.ZERO, false);
            } catch (RuntimeException bug) {
                trace.bug(bug);
                attempt = new Attempt(Map.of(), Duration.ZERO, Duration.ZERO, false);
            }
            Map<Recipient, Outcome> outcomes = attempt.outcomes();
            settle(
                    r -> {
                        Outcome outcome = outcomes.get(r);
                        // A deliverer that says nothing about a recipient has not delivered to it.
                        return outcome != null
                                ? outcome
                                : new Outcome.Deferred(
                                        Outcome.NOBODY, Reply.of(451, "4.3.0", "mail system trouble, try later"));
                    },
                    attempt.setup(),
                    attempt.transmission(),
                    start);
        }

        private QueuedMessage message(List<Recipient> asked) {
            Body octets = body.orElseGet(() -> office.ledger().body(entry));
            return new QueuedMessage(
                    entry.id(),
                    entry.arrived(),
                    entry.envelope().withRecipients(asked),
                    entry.prefix(),
                    octets,
                    entry.hold(),
                    entry.holdReason(),
                    entry.release(),
                    entry.owner(),
                    entry.through());
        }

        private void settle(
                java.util.function.Function<Recipient, Outcome> outcomes,
                Duration setup,
                Duration transmission,
                Instant start) {
            Batch batch = Ledger.batch(entry.id());
            Instant now = office.clock().instant();
            String service =
                    route instanceof Route.Deliver deliver ? deliver.transport().name() : "queue";
            Trace voice = new Trace(service, entry.id().toString());
            try {
                for (Owed one : recipients) {
                    Outcome outcome = softened(outcomes.apply(one.recipient()));
                    log(voice, one, outcome, now, start, setup, transmission);
                    write(batch, one, outcome, now);
                }
            } catch (RuntimeException bug) {
                trace.bug(bug);
            }
            if (left.decrementAndGet() > 0) {
                office.ledger().record(entry.id(), batch);
                moved();
            } else {
                end(batch);
            }
        }
    }

    private static final String SUSPENDED = "delivery temporarily suspended: ";

    /// With `soft_bounce` nothing fails for good, except by age.
    private Outcome softened(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed && office.settings().softBounce()) {
            Reply reply = failed.reply();
            return new Outcome.Deferred(
                    failed.relay(),
                    new Reply(
                            reply.code() >= 500 ? reply.code() - 100 : reply.code(),
                            soft(reply.status()),
                            reply.lines()));
        }
        return outcome;
    }

    private static String soft(String status) {
        return status.startsWith("5.") ? "4." + status.substring(2) : status;
    }

    private void write(Batch batch, Owed one, Outcome outcome, Instant now) {
        Owed.Last last = new Owed.Last(now, outcome.relay(), outcome.reply());
        boolean success = !entry.isFromNobody() && ReportWriter.wantsSuccess(office.settings(), entry, one);
        @Nullable
        Owed next = switch (outcome) {
            case Outcome.Sent sent ->
                // RFC 3461 §5.2.2: the next hop that took the request reports; otherwise we say it was relayed.
                success && !sent.dsnTaken()
                        ? one.after(sent.relay().contains("[") ? Owed.State.RELAYED : Owed.State.DELIVERED, last)
                        : null;
            case Outcome.Deferred deferred -> one.after(Owed.State.PENDING, last);
            case Outcome.Failed failed -> one.after(Owed.State.FAILED, last);
        };
        owed[indexOf(one)] = next;
        if (isFollowed()) {
            switch (outcome) {
                // What went on by SMTP is relayed, even where the next hop is the last one: we cannot know.
                case Outcome.Sent sent ->
                    Ledger.tell(
                            batch,
                            entry,
                            one.after(sent.relay().contains("[") ? Owed.State.RELAYED : Owed.State.DELIVERED, last));
                case Outcome.Failed failed -> Ledger.tell(batch, entry, one.after(Owed.State.FAILED, last));
                case Outcome.Deferred deferred -> {}
            }
        }
        if (next == null) {
            Ledger.drop(batch, entry.id(), one.number());
        } else {
            Ledger.put(batch, entry.id(), next);
        }
        switch (outcome) {
            case Outcome.Sent sent -> office.counters().sent.increment();
            case Outcome.Deferred deferred -> office.counters().deferred.increment();
            case Outcome.Failed failed -> office.counters().failed.increment();
        }
    }

    private int indexOf(Owed one) {
        for (int i = 0; i < owed.length; i++) {
            Owed there = owed[i];
            if (there != null && there.number() == one.number()) {
                return i;
            }
        }
        throw new IllegalStateException("recipient " + one.number() + " is not of this entry");
    }

    private void log(
            Trace voice, Owed one, Outcome outcome, Instant now, Instant start, Duration setup, Duration transmission) {
        String status = switch (outcome) {
            case Outcome.Sent sent -> "sent";
            case Outcome.Deferred deferred -> "deferred";
            case Outcome.Failed failed -> "bounced";
        };
        Recipient recipient = one.recipient();
        String delays = seconds(Duration.between(entry.arrived(), began)) + "/"
                + seconds(Duration.between(began, start)) + "/" + seconds(setup) + "/" + seconds(transmission);
        Reply reply = outcome.reply();
        String dsn = reply.status().isEmpty() ? reply.code() / 100 + ".0.0" : reply.status();
        String delay = seconds(Duration.between(entry.arrived(), now));
        String to = "<" + recipient.address() + ">";
        String said = status + " (" + reply + ")";
        if (recipient.original().equals(recipient.address())) {
            voice.info(
                    "delivery",
                    "to",
                    to,
                    "relay",
                    outcome.relay(),
                    "delay",
                    delay,
                    "delays",
                    delays,
                    "dsn",
                    dsn,
                    "status",
                    said);
        } else {
            voice.info(
                    "delivery",
                    "to",
                    to,
                    "orig_to",
                    "<" + recipient.original() + ">",
                    "relay",
                    outcome.relay(),
                    "delay",
                    delay,
                    "delays",
                    delays,
                    "dsn",
                    dsn,
                    "status",
                    said);
        }
    }

    /// As Postfix writes them: two digits that count.
    private static String seconds(Duration time) {
        double seconds = Math.max(0, time.toMillis() / 1000.0);
        return seconds >= 10 || seconds == 0
                ? Long.toString(Math.round(seconds))
                : String.format(Locale.ROOT, seconds >= 1 ? "%.1f" : "%.2f", seconds);
    }

    // ---- the end of the turn

    /// `batch` holds what the last job changed and is not written yet.
    private void end(Batch batch) {
        try {
            endTurn(batch);
            moved();
        } catch (RuntimeException bug) {
            // Never lost: its rows are as they were, and somebody is told each time.
            trace.bug(bug);
            scheduler.putOff(slot);
        }
    }

    private void endTurn(Batch batch) {
        Instant now = office.clock().instant();
        expire(batch, now);
        List<Owed> reported = new ArrayList<>(all().filter(o -> !o.isPending()).toList());
        boolean tell = isDelayToTell(now);
        Order order = scheduler.takeOrder(slot);
        if (order instanceof Order.Delete) {
            leave(batch, "deleted by an administrator");
            return;
        }
        if (!reported.isEmpty() || tell) {
            office.ledger().record(entry.id(), batch);
            batch = Ledger.batch(entry.id());
            if (!report(reported, tell)) {
                reportLater(now);
                return;
            }
            for (Owed one : reported) {
                owed[indexOf(one)] = null;
                Ledger.drop(batch, entry.id(), one.number());
            }
        }
        if (all().findAny().isEmpty()) {
            leave(batch, "");
            return;
        }
        Entry next = tell ? entry.told() : entry;
        long due = office.settings().curve().next(entry.begins(), now).toEpochMilli();
        switch (order) {
            case Order.Hold hold -> {
                next = next.held(true, hold.reason());
                due = QueueRows.NEVER;
                trace.info("hold", "reason", hold.reason());
            }
            case Order.Again again -> {
                due = now.toEpochMilli();
                slot.flushed = true;
            }
            case Order.None none -> {}
            case Order.Delete delete -> {}
        }
        if (tell || order instanceof Order.Hold) {
            Ledger.put(batch, next);
        }
        Ledger.move(batch, entry.id(), slot.dueMillis, due);
        office.ledger().record(entry.id(), batch);
        scheduler.putBack(slot, due);
    }

    /// What is too old is not tried again.
    private void expire(Batch batch, Instant now) {
        Duration lifetime = office.settings().lifetime(entry.isFromNobody());
        if (Duration.between(entry.begins(), now).compareTo(lifetime) < 0 || entry.hold()) {
            return;
        }
        boolean said = false;
        for (int i = 0; i < owed.length; i++) {
            Owed one = owed[i];
            if (one != null && one.isPending() && one.attempts() > 0) {
                Owed expired = one.expired();
                owed[i] = expired;
                Ledger.put(batch, entry.id(), expired);
                if (isFollowed()) {
                    Ledger.tell(batch, entry, expired);
                }
                office.counters().expired.increment();
                if (!said) {
                    trace.info(
                            "expired",
                            "from",
                            "<" + entry.envelope().sender() + ">",
                            "status",
                            "expired, returned to sender");
                    said = true;
                }
            }
        }
    }

    private boolean isFollowed() {
        return entry.owner() != 0;
    }

    /// Whoever follows the message may look again.
    private void moved() {
        if (isFollowed()) {
            office.follower().moved(entry.id().whole(), entry.owner());
        }
    }

    private boolean isDelayToTell(Instant now) {
        Duration after = office.settings().delayWarning();
        return !after.isZero()
                && !entry.delayTold()
                && !entry.isFromNobody()
                && Duration.between(entry.begins(), now).compareTo(after) >= 0
                && all().anyMatch(o -> o.isPending() && o.last().isPresent());
    }

    /// False when a report could not be handed in now.
    private boolean report(List<Owed> reported, boolean tellDelay) {
        List<Owed> delayed = tellDelay ? all().filter(Owed::isPending).toList() : List.of();
        try {
            for (ReportWriter.Written report : office.writer()
                    .write(
                            office.settings(),
                            entry,
                            reported,
                            delayed,
                            () -> body.orElseGet(() -> office.ledger().body(entry)))) {
                Optional<QueueId> id = office.reports().submit(report.envelope(), report.message());
                office.counters().reports.increment();
                if (id.isPresent()) {
                    trace.info(report.kind(), "notification", id.get(), "to", report.to());
                } else {
                    trace.warn(report.kind(), "notification", "refused", "to", report.to());
                }
            }
            return true;
        } catch (Unavailable e) {
            trace.warn("report-put-off", "reason", e.detail());
            return false;
        } catch (RuntimeException bug) {
            trace.bug(bug);
            return false;
        }
    }

    private void reportLater(Instant now) {
        long due = office.settings().curve().next(entry.begins(), now).toEpochMilli();
        office.ledger().record(entry.id(), Ledger.move(Ledger.batch(entry.id()), entry.id(), slot.dueMillis, due));
        scheduler.putBack(slot, due);
    }

    private void leave(Batch batch, String why) {
        all().forEach(o -> {
            Ledger.drop(batch, entry.id(), o.number());
            if (isFollowed() && o.isPending()) {
                Ledger.tell(
                        batch,
                        entry,
                        o.after(
                                Owed.State.FAILED,
                                new Owed.Last(office.clock().instant(), "none", Reply.of(550, "5.7.1", why))));
            }
        });
        office.ledger().recordEnd(batch, entry, slot.dueMillis);
        if (why.isEmpty()) {
            trace.info("removed");
        } else {
            trace.info("removed", "reason", why);
        }
        scheduler.forget(slot);
    }

    /// An order for an entry that is not being tried.
    void obey(Order order) {
        switch (order) {
            case Order.None none -> scheduler.putBack(slot, slot.dueMillis);
            case Order.Delete delete -> {
                leave(Ledger.batch(entry.id()), "deleted by an administrator");
                moved();
            }
            case Order.Hold hold -> {
                Batch batch = Ledger.put(Ledger.batch(entry.id()), entry.held(true, hold.reason()));
                office.ledger().commit(Ledger.move(batch, entry.id(), slot.dueMillis, QueueRows.NEVER));
                trace.info("hold", "reason", hold.reason());
                slot.untilRelease = false;
                scheduler.putBack(slot, QueueRows.NEVER);
            }
            case Order.Again again -> {
                long now = office.clock().millis();
                Batch batch = Ledger.put(Ledger.batch(entry.id()), entry.held(false, ""));
                office.ledger().commit(Ledger.move(batch, entry.id(), slot.dueMillis, now));
                trace.info("released");
                slot.flushed = true;
                slot.untilRelease = false;
                scheduler.putBack(slot, now);
            }
        }
    }
}
