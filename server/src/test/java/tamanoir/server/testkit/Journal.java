package tamanoir.server.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What the log says while it is open. Tests of other classes write into it too: ask for what is one's own.
public final class Journal implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("tamanoir");
    private final @Nullable Level before = logger.getLevel();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Semaphore changed = new Semaphore(0);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
            changed.release();
        }
    };

    public Journal() {
        appender.start();
        logger.setLevel(Level.INFO); // tests are silent otherwise
        logger.setAdditive(false);
        logger.addAppender(appender);
    }

    /// The lines that contain this.
    public List<String> about(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    /// Waits until a line with both parts is there; answers whether it came within ten seconds.
    public boolean awaits(String part, String other) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (about(part).stream().noneMatch(line -> line.contains(other))) {
            if (!changed.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(before);
    }
}
