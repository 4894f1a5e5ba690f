package tamanoir.server.web;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tamanoir.server.jmap.Jmap;

/// Tells one listener what changes, for as long as it listens: the part that EventSource and WebSocket have in common.
/// [#run] blocks one virtual thread; [#end] may come from any other.
final class Push {
    /// A stream must not look dead to what stands between us and the client, and a dead client must be noticed.
    static final Duration QUIET = Duration.ofSeconds(25);

    private final Jmap jmap;
    private final Visitor visitor;
    private final Predicate<Visitor> isStillIn;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean ended;

    Push(Jmap jmap, Visitor visitor, Predicate<Visitor> isStillIn) {
        this.jmap = jmap;
        this.visitor = visitor;
        this.isStillIn = isStillIn;
    }

    interface Listener {
        /// True to go on.
        boolean changed(Map<String, String> differ, PushState now) throws IOException;

        /// Nothing happened for one interval.
        void quiet() throws IOException;

        Duration interval();
    }

    PushState now() {
        return new PushState(jmap.states(visitor.caller()));
    }

    void end() {
        ended = true;
        news.release();
    }

    /// Tells of all that is not as in `told`, at once and from then on. An empty set of types is all.
    void run(PushState told, Set<String> types, Listener listener) throws IOException {
        try (AutoCloseable _ = jmap.watch(visitor.caller(), this::wake)) {
            PushState last = told;
            while (!ended) {
                PushState now = now();
                Map<String, String> differ = now.since(last, types);
                last = now;
                if (!differ.isEmpty() && !listener.changed(differ, now)) {
                    return;
                }
                while (!news.tryAcquire(listener.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                    if (!isStillIn.test(visitor)) {
                        return;
                    }
                    listener.quiet();
                }
                news.drainPermits();
            }
        } catch (IOException gone) {
            throw gone;
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("a watch cannot be closed", e);
        }
    }

    private void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }
}
