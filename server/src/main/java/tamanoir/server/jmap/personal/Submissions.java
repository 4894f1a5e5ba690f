package tamanoir.server.jmap.personal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tamanoir.mail.jmap.Json;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.directory.AccountId;
import tamanoir.server.jmap.Ids;
import tamanoir.server.jmap.SetError;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.observe.Unavailable;
import tamanoir.server.personal.Kind;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalAccount;
import tamanoir.server.personal.Stored;
import tamanoir.server.queue.Progress;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueId;

/// Follows sent mail: whenever the queue says that something has happened, the EmailSubmission is brought
/// up to date, and with it its state, so that clients hear of it. One thread of its own does that; the
/// queue's never wait for it.
///
/// The queue keeps what became of each recipient until it has been written down here, in one commit with
/// its removal there; so nothing is missed at a crash ([Queue#missed] names what is left after a start).
public final class Submissions implements AutoCloseable {
    private static final Trace TRACE = new Trace("submission", "");
    private static final int MOST_TRIES = 20;
    private static final long ROUND_SECONDS = TimeUnit.HOURS.toSeconds(6);

    private final Personal personal;
    private final Mailboxes mailboxes;
    private final Queue queue;
    private final InstantSource clock;
    private final BlockingQueue<Moved> moved = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofVirtual().name("submissions").unstarted(this::run);

    private record Moved(QueueId id, AccountId owner) {}

    public Submissions(Personal personal, Mailboxes mailboxes, Queue queue, InstantSource clock) {
        this.personal = personal;
        this.mailboxes = mailboxes;
        this.queue = queue;
        this.clock = clock;
    }

    /// Begins to follow. Once, before the queue starts to deliver.
    public void start() {
        queue.follow(this::moved);
        thread.start();
    }

    void moved(QueueId id, long owner) {
        moved.add(new Moved(id, new AccountId(owner)));
    }

    @Override
    public void close() {
        queue.follow(tamanoir.server.queue.Follower.NOBODY);
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            quietly(() -> queue.missed(this::moved));
            long nextRound = System.nanoTime();
            while (!Thread.currentThread().isInterrupted()) {
                long left = nextRound - System.nanoTime();
                if (left <= 0) {
                    quietly(this::forgetOld);
                    nextRound = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
                    continue;
                }
                Moved next = moved.poll(left, TimeUnit.NANOSECONDS);
                if (next != null) {
                    quietly(() -> bringUpToDate(next.owner, next.id));
                }
            }
        } catch (InterruptedException e) {
            // close() was called; what is left is in the queue's rows.
            return;
        }
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (Refused | Unavailable e) {
            TRACE.warn("not-recorded", "reason", String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            TRACE.bug(bug);
        }
    }

    // ---- what became of it -----------------------------------------------------------------------------------

    /// Writes down what the queue knows of one message.
    void bringUpToDate(AccountId owner, QueueId id) {
        PersonalAccount account = personal.open(owner);
        Optional<Stored> found = account.find(Kind.SUBMISSION, SubmissionType.id(id));
        if (found.isEmpty() || isSettled(found.get())) {
            // Nobody asks any more, or the account has gone.
            queue.discard(id);
            return;
        }
        Optional<Progress> progress = queue.progress(id);
        boolean over = progress.isEmpty() || progress.get().isOver();
        boolean released = progress.isEmpty() || !progress.get().waiting();
        if (released && SubmissionType.text(found.get(), "undoStatus").equals("pending")) {
            // Before it is written down: after a crash in between it is done again, and finds nothing to do.
            Ids.message(SubmissionType.text(found.get(), "emailId"))
                    .ifPresent(message -> Scheduled.sent(mailboxes.open(owner), message));
        }
        account.changeWith(over ? queue.forget(id) : List.of(), edit -> {
            edit.find(Kind.SUBMISSION, SubmissionType.id(id)).ifPresent(stored -> {
                Json.Obj now = updated(stored.value(), progress, over);
                if (!now.equals(stored.value())) {
                    edit.update(Kind.SUBMISSION, stored.id(), now);
                }
            });
            return edit;
        });
    }

    private static boolean isSettled(Stored stored) {
        return stored.value().has(SubmissionType.SETTLED);
    }

    private static Json.Obj updated(Json.Obj before, Optional<Progress> progress, boolean over) {
        boolean waiting = progress.isPresent() && progress.get().waiting();
        boolean canceled = before.get("undoStatus").equals(Optional.of(Json.of("canceled")));
        Json.Building now = Json.object();
        before.members().forEach(now::put);
        if (!canceled) {
            now.put("undoStatus", waiting ? "pending" : "final");
            if (before.get("deliveryStatus").orElse(Json.NULL) instanceof Json.Obj status) {
                now.put("deliveryStatus", status(status, progress));
            }
        }
        if (over) {
            now.put(SubmissionType.SETTLED, true);
        }
        return now.build();
    }

    private static Json.Obj status(Json.Obj before, Optional<Progress> progress) {
        Map<String, Progress.One> known = new LinkedHashMap<>();
        progress.map(Progress::recipients)
                .orElse(List.of())
                .forEach(one -> known.merge(one.original().toString(), one, Submissions::worse));
        Json.Building status = Json.object();
        for (String address : before.members().keySet()) {
            Progress.One one = known.get(address);
            status.put(address, one == null ? delivered() : status(one));
        }
        return status.build();
    }

    /// An address that became several: what is under way comes first, then what failed.
    private static Progress.One worse(Progress.One first, Progress.One second) {
        return weight(first) >= weight(second) ? first : second;
    }

    private static int weight(Progress.One one) {
        return switch (one.state()) {
            case PENDING -> 3;
            case FAILED -> 2;
            case RELAYED -> 1;
            case DELIVERED -> 0;
        };
    }

    /// RFC 8621 §7: that another server took it does not say that it arrived.
    private static Json.Obj status(Progress.One one) {
        String delivered = switch (one.state()) {
            case PENDING -> "queued";
            case DELIVERED -> "yes";
            case RELAYED -> "unknown";
            case FAILED -> "no";
        };
        return status(one.reply().map(Reply::toString).orElse("250 2.1.5 queued"), delivered);
    }

    private static Json.Obj delivered() {
        return status("250 2.1.5 delivered", "yes");
    }

    static Json.Obj queued() {
        return status("250 2.1.5 queued", "queued");
    }

    private static Json.Obj status(String reply, String delivered) {
        return Json.object()
                .put("smtpReply", reply)
                .put("delivered", delivered)
                .put("displayed", "unknown")
                .build();
    }

    // ---- calling back ----------------------------------------------------------------------------------------

    /// Calls a message back and writes that down, in one commit.
    ///
    /// @throws SetError `cannotUnsend` when it has been released (RFC 8621 §7.5)
    Stored cancel(PersonalAccount account, String id) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            PersonalAccount.Prepared<Stored> prepared = account.prepare(edit -> {
                Stored stored = edit.find(Kind.SUBMISSION, id).orElseThrow(SetError::notFound);
                if (!SubmissionType.text(stored, "undoStatus").equals("pending")) {
                    throw cannotUnsend();
                }
                Json.Building value = Json.object();
                stored.value().members().forEach(value::put);
                value.put("undoStatus", "canceled").put(SubmissionType.SETTLED, true);
                edit.update(Kind.SUBMISSION, id, value.build());
                return edit.find(Kind.SUBMISSION, id).orElseThrow();
            });
            switch (queue.cancel(SubmissionType.queueId(id), prepared.batches())) {
                case DONE -> {
                    return prepared.answer();
                }
                case TOO_LATE -> throw cannotUnsend();
                case CONFLICT -> {}
            }
        }
        throw new Unavailable("try again", "others change the objects of " + account.account() + " all the time");
    }

    private static SetError cannotUnsend() {
        return new SetError("cannotUnsend", "the message is on its way already");
    }

    // ---- old ones --------------------------------------------------------------------------------------------

    /// RFC 8621 §7: what is final may go when the server likes.
    void forgetOld() {
        Instant before = clock.instant().minus(personal.settings().keepSubmissions());
        for (AccountId owner : personal.stored()) {
            PersonalAccount account = personal.open(owner);
            List<Stored> old = new ArrayList<>(account.all(Kind.SUBMISSION));
            old.removeIf(stored ->
                    !isSettled(stored) || !SubmissionType.sendAt(stored).isBefore(before));
            for (Stored stored : old) {
                account.change(edit -> {
                    edit.destroy(Kind.SUBMISSION, stored.id());
                    return edit;
                });
            }
        }
    }
}
