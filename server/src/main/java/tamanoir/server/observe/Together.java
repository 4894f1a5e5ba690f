package tamanoir.server.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Things done side by side, each in a virtual thread, that are all over when the block is:
///
///     try (Together together = new Together("checks")) {
///         Together.Child<Spf> spf = together.start(() -> checkSpf(…));
///         Together.Child<Dkim> dkim = together.start(() -> checkDkim(…));
///         together.join();
///         return new Evidence(spf.result(), dkim.result());
///     }
///
/// Closing interrupts what still runs and waits for its end. Used by the thread that made it.
public final class Together implements AutoCloseable {
    private final String name;
    private final List<Child<?>> children = new ArrayList<>();

    public Together(String name) {
        this.name = name;
    }

    /// Does all and answers in their order; the first failure is thrown and ends the others.
    public static <T> List<T> all(String name, List<Supplier<T>> tasks) {
        try (Together together = new Together(name)) {
            List<Child<T>> started = new ArrayList<>();
            for (Supplier<T> task : tasks) {
                started.add(together.start(task));
            }
            together.join();
            return started.stream().map(Child::result).toList();
        }
    }

    public <T> Child<T> start(Supplier<T> task) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual()
                .name(name + " " + (children.size() + 1))
                .start(() -> {
                    try {
                        outcome.complete(task.get());
                    } catch (RuntimeException | Error e) {
                        outcome.completeExceptionally(e);
                    }
                });
        Child<T> child = new Child<>(thread, outcome);
        children.add(child);
        return child;
    }

    /// Waits until all are done, or one has failed: that failure is thrown.
    public void join() {
        CompletableFuture<?>[] all =
                children.stream().map(child -> child.outcome).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> done = CompletableFuture.allOf(all);
        for (CompletableFuture<?> one : all) {
            CompletableFuture<?> _ = one.whenComplete((_, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                }
            });
        }
        try {
            done.get();
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    /// Waits up to `limit`; false when some are still at work. Failures show in [Child#result].
    public boolean join(Duration limit) {
        CompletableFuture<?>[] all =
                children.stream().map(child -> child.outcome).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException _) {
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private static RuntimeException thrown(@org.jspecify.annotations.Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(cause);
        };
    }

    private static Unavailable interrupted() {
        Thread.currentThread().interrupt();
        return new Unavailable("the server stops", "interrupted while things were done side by side");
    }

    @Override
    public void close() {
        boolean interrupted = false;
        for (Child<?> child : children) {
            child.thread.interrupt();
        }
        for (Child<?> child : children) {
            while (child.thread.isAlive()) {
                try {
                    child.thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// One of the things.
    public static final class Child<T> {
        private final Thread thread;
        private final CompletableFuture<T> outcome;

        private Child(Thread thread, CompletableFuture<T> outcome) {
            this.thread = thread;
            this.outcome = outcome;
        }

        public boolean isDone() {
            return outcome.isDone();
        }

        /// What came of it, or its failure. Ask after a join.
        public T result() {
            if (!outcome.isDone()) {
                throw new IllegalStateException("not done yet");
            }
            try {
                return outcome.join();
            } catch (CompletionException e) {
                throw thrown(e.getCause());
            }
        }
    }
}
