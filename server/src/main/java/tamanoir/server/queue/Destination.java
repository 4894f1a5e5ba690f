package tamanoir.server.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.queue.Routing.Transport;

/// One nexthop of one transport: the jobs that wait for it, how many run, how many may.
///
/// The window starts small, grows by one with each success up to the transport's limit and shrinks with each attempt
/// that reached nobody. After as many such attempts in a row as the window is wide the destination is dead for a while
/// and its jobs are put off without trying. Guarded by the scheduler's lock.
final class Destination {
    final String nexthop;
    final Lane lane;
    private final ArrayDeque<Run.Job> waiting = new ArrayDeque<>();
    private int running;
    private int window;
    private double failedCohorts;
    private long deadUntilMillis;
    private Reply lastTrouble = Reply.of(450, "4.4.1", "not tried yet");

    /// Whether it stands in its lane's queue.
    boolean queued;

    /// All destinations of one transport.
    static final class Lane {
        Transport transport;
        final ArrayDeque<Destination> ready = new ArrayDeque<>();
        int running;

        Lane(Transport transport) {
            this.transport = transport;
        }

        boolean isFull() {
            return running >= transport.processLimit();
        }
    }

    Destination(String nexthop, Lane lane) {
        this.nexthop = nexthop;
        this.lane = lane;
        this.window = Math.min(lane.transport.firstConcurrency(), lane.transport.destinationConcurrency());
    }

    void add(Run.Job job) {
        waiting.add(job);
        enlist();
    }

    /// Stands in the lane's queue if it has work and room.
    private void enlist() {
        if (!queued && !waiting.isEmpty() && running < window) {
            queued = true;
            lane.ready.add(this);
        }
    }

    /// The next job, when it is this destination's turn; it counts as running from now on.
    Run.Job take() {
        Run.Job job = waiting.remove();
        running++;
        lane.running++;
        queued = false;
        enlist();
        return job;
    }

    boolean canTake() {
        return !waiting.isEmpty() && running < window;
    }

    /// An attempt ended; `trouble` when it reached nobody.
    void finished(boolean reached, Reply trouble, long nowMillis, long deadMillis) {
        running--;
        lane.running--;
        if (reached) {
            failedCohorts = 0;
            window = Math.min(window + 1, lane.transport.destinationConcurrency());
        } else {
            lastTrouble = trouble;
            window = Math.max(1, window - 1);
            failedCohorts += 1.0 / window;
            if (failedCohorts >= 1) {
                deadUntilMillis = nowMillis + deadMillis;
                failedCohorts = 0;
                window = Math.min(lane.transport.firstConcurrency(), lane.transport.destinationConcurrency());
            }
        }
        enlist();
    }

    boolean isDead(long nowMillis) {
        return nowMillis < deadUntilMillis;
    }

    /// An administrator says: try it now.
    void revive() {
        deadUntilMillis = 0;
        failedCohorts = 0;
    }

    /// Why it is dead, for those that are put off.
    Reply lastTrouble() {
        return lastTrouble;
    }

    List<Run.Job> takeAll() {
        List<Run.Job> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    boolean isIdle() {
        return waiting.isEmpty() && running == 0 && !queued;
    }

    int waiting() {
        return waiting.size();
    }

    int running() {
        return running;
    }
}
