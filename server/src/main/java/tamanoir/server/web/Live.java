package tamanoir.server.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// The conversations that stay open for push. Who signs a browser out in the list of sessions means that nothing comes
/// to it any more, and the end of the server must not wait for streams that never end by themselves.
/// Used by any number of threads; guarded by `lock`.
final class Live {
    /// Of one account: tabs and programs of one person.
    private static final int MOST = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Stream, Runnable> streams = new HashMap<>();

    /// Identity counts: two streams of one visitor are two.
    static final class Stream {
        final Visitor visitor;

        private Stream(Visitor visitor) {
            this.visitor = visitor;
        }
    }

    /// Empty when this account has too many already. `end` is called at most once and only ends a wait.
    Optional<Stream> enter(Visitor visitor, Runnable end) {
        lock.lock();
        try {
            long own = streams.keySet().stream()
                    .filter(stream -> stream.visitor
                            .caller()
                            .account()
                            .id()
                            .equals(visitor.caller().account().id()))
                    .count();
            if (own >= MOST) {
                return Optional.empty();
            }
            Stream stream = new Stream(visitor);
            streams.put(stream, end);
            return Optional.of(stream);
        } finally {
            lock.unlock();
        }
    }

    void leave(Stream stream) {
        lock.lock();
        try {
            streams.remove(stream);
        } finally {
            lock.unlock();
        }
    }

    void end(Predicate<Visitor> whose) {
        List<Runnable> ends = new ArrayList<>();
        lock.lock();
        try {
            streams.entrySet().removeIf(one -> {
                boolean ended = whose.test(one.getKey().visitor);
                if (ended) {
                    ends.add(one.getValue());
                }
                return ended;
            });
        } finally {
            lock.unlock();
        }
        ends.forEach(Runnable::run);
    }
}
