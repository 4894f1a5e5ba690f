package tamanoir.server.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A file of lines beside the log, such as the access log of a web host. Whoever adds a line goes on at once; one
/// thread writes. When lines come faster than the disk takes them, the newest are dropped and counted: a visit is
/// worth less than the visitor's time. A renamed file is begun anew within a second.
///
/// Used by any number of threads; the queue is what they share.
public final class LineFile implements AutoCloseable {
    private static final int WAITING = 8_192;

    private final Path file;
    private final Trace trace;
    private final LogSink sink;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    /// @throws IOException when it cannot be written
    public LineFile(Path file, Trace trace) throws IOException {
        this.file = file;
        this.trace = trace;
        this.sink = new LogSink.LogFile(file);
        this.writer =
                Thread.ofPlatform().name("log " + file.getFileName()).daemon().start(this::write);
    }

    public void add(String line) {
        if (!queue.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private void write() {
        List<String> lines = new ArrayList<>();
        boolean failed = false;
        while (!closing || !queue.isEmpty()) {
            try {
                String first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                lines.add(first);
                queue.drainTo(lines, 500);
                byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
                lines.clear();
                sink.write(text, text.length);
                failed = false;
            } catch (IOException e) {
                if (!failed) {
                    trace.warn("not written", "file", file, "reason", e);
                }
                failed = true; // Said once, until it works again.
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /// Writes what is there.
    @Override
    public void close() {
        closing = true;
        try {
            writer.join();
            sink.close();
        } catch (IOException e) {
            trace.warn("not closed", "file", file, "reason", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (dropped.get() > 0) {
            trace.warn("lines dropped", "file", file, "count", dropped.get());
        }
    }
}
