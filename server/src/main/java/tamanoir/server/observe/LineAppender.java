package tamanoir.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes lines of events and writes them in the order they came: `2026-11-25T01:02:03.123Z info smtpd/4711 connect …`.
///
/// Whoever logs only makes the line and puts it into a queue; one thread writes what is there in one go. A full queue
/// makes them wait: lines are not lost, also not at the end. When the disk takes nothing, mail goes on and the lines
/// that could not be written are counted.
///
/// Used by all threads; the queue is the only thing they share.
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int WAITING = 8192;
    private static final int AT_ONCE = 64 * 1024;
    private static final int FRAMES = 40;

    private final LogSink sink;
    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(WAITING);
    private @Nullable Thread writer;
    private volatile boolean stopping;
    private volatile Second second = new Second(0, "");

    /// The text of the second that was logged last: most lines share it.
    private record Second(long epoch, String text) {}

    LineAppender(LogSink sink) {
        this.sink = sink;
        setName("lines");
    }

    @Override
    public void start() {
        writer = Thread.ofPlatform().name("log").daemon().start(this::write);
        super.start();
    }

    /// Writes what is there and ends.
    @Override
    public void stop() {
        super.stop();
        stopping = true;
        Thread thread = writer;
        writer = null;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        byte[] line = line(event).getBytes(StandardCharsets.UTF_8);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    queue.put(line);
                    return;
                } catch (InterruptedException _) {
                    interrupted = true; // A session that is being ended still says so.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- lines ---------------------------------------------------------------------------------------------------

    String line(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        appendTime(line, event.getTimeStamp());
        line.append(' ').append(word(event.getLevel())).append(' ');
        if (!event.getLoggerName().equals(Trace.LOGGER)) {
            line.append(event.getLoggerName()).append(' '); // A library.
        }
        appendSafe(line, event.getFormattedMessage());
        IThrowableProxy thrown = event.getThrowableProxy();
        while (thrown != null) {
            appendThrown(line, thrown);
            thrown = thrown.getCause();
        }
        return line.append('\n').toString();
    }

    private void appendTime(StringBuilder line, long millis) {
        long epoch = Math.floorDiv(millis, 1000L);
        Second last = second;
        if (last.epoch() != epoch) {
            last = new Second(epoch, Instant.ofEpochSecond(epoch).toString().substring(0, 19));
            second = last;
        }
        int fraction = (int) Math.floorMod(millis, 1000L);
        line.append(last.text()).append('.');
        line.append((char) ('0' + fraction / 100));
        line.append((char) ('0' + fraction / 10 % 10));
        line.append((char) ('0' + fraction % 10)).append('Z');
    }

    private static String word(Level level) {
        return switch (level.toInt()) {
            case Level.INFO_INT -> "info";
            case Level.WARN_INT -> "warn";
            case Level.ERROR_INT -> "error";
            default -> level.toString().toLowerCase(Locale.ROOT);
        };
    }

    /// One event is one line, whatever a library says.
    private static void appendSafe(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
    }

    private static void appendThrown(StringBuilder line, IThrowableProxy thrown) {
        line.append(" exception=");
        Trace.appendValue(line, thrown.getClassName() + ": " + thrown.getMessage());
        StringBuilder stack = new StringBuilder();
        int frames = 0;
        for (StackTraceElementProxy frame : thrown.getStackTraceElementProxyArray()) {
            if (frames++ == FRAMES) {
                stack.append(" < …");
                break;
            }
            stack.append(stack.isEmpty() ? "" : " < ").append(frame.getStackTraceElement());
        }
        line.append(" at=");
        Trace.appendValue(line, stack.toString());
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    private void write() {
        List<byte[]> lines = new ArrayList<>();
        byte[] buffer = new byte[AT_ONCE];
        long lost = 0;
        while (true) {
            try {
                byte[] first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (stopping) {
                        break;
                    }
                    continue;
                }
                lines.add(first);
                queue.drainTo(lines);
                if (lost > 0) {
                    lines.addFirst(("log lines=" + lost + " status=lost reason=\"they could not be written\"\n")
                            .getBytes(StandardCharsets.UTF_8));
                }
                buffer = join(lines, buffer);
                sink.write(buffer, length(lines));
                lost = 0;
            } catch (IOException _) {
                lost += lines.size(); // The disk is full, most likely. Mail is worth more than the log.
            } catch (InterruptedException _) {
                // Nobody interrupts this thread; go on until told to stop.
            }
            lines.clear();
        }
        try {
            sink.close();
        } catch (IOException _) {
            // There is nowhere left to say so.
        }
    }

    private static int length(List<byte[]> lines) {
        int length = 0;
        for (byte[] line : lines) {
            length += line.length;
        }
        return length;
    }

    private static byte[] join(List<byte[]> lines, byte[] buffer) {
        int length = length(lines);
        byte[] target = length <= buffer.length ? buffer : new byte[length];
        int at = 0;
        for (byte[] line : lines) {
            System.arraycopy(line, 0, target, at, line.length);
            at += line.length;
        }
        return length <= AT_ONCE * 4 ? target : java.util.Arrays.copyOf(target, length);
    }
}
