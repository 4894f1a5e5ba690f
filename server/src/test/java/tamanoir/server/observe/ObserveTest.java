package tamanoir.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tamanoir.server.config.NetParameters.LogLevel;

@Timeout(60)
class ObserveTest {
    @TempDir
    Path folder;

    // ---- log -----------------------------------------------------------------------------------------------------

    @Test
    void oneEventIsOneLine() throws Exception {
        Path file = folder.resolve("mail.log");
        try (Log log = Log.start(Optional.of(file), LogLevel.INFO)) {
            Trace trace = new Trace("smtpd", "4711");
            trace.info("connect", "client", "unknown[127.0.0.1]", "helo", "a b\r\nforged: line");
            trace.debug("silent", "key", "value");
            trace.bug(new IllegalStateException("two\nlines", new IOException("cause")));
            LoggerFactory.getLogger("org.library").info("chatter");
            LoggerFactory.getLogger("org.library").warn("a\nwarning");
            log.level(LogLevel.DEBUG);
            trace.debug("dialogue", "line", "EHLO");
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z info smtpd/4711 connect "
                        + "client=unknown\\[127\\.0\\.0\\.1] helo=\"a b\\\\u000d\\\\u000aforged: line\"");
        assertThat(lines.get(1)).contains("error smtpd/4711 bug exception=").contains("two\\u000alines", "cause");
        assertThat(lines.get(2)).endsWith("warn org.library a warning");
        assertThat(lines.get(3)).endsWith("debug smtpd/4711 dialogue line=EHLO");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(3);
    }

    @Test
    void noLineIsLostAtTheEndAndRenamedFilesAreBegunAnew() throws Exception {
        Path file = folder.resolve("mail.log");
        int threads = 20;
        int each = 2000;
        try (Log log = Log.start(Optional.of(file), LogLevel.INFO)) {
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Trace trace = new Trace("smtpd", Integer.toString(t));
                writers.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < each; i++) {
                        trace.info("event", "n", i);
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(log).isNotNull();
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(threads * each);
        for (int t = 0; t < threads; t++) { // And each thread's in its order.
            String subject = " smtpd/" + t + " ";
            List<String> mine =
                    lines.stream().filter(line -> line.contains(subject)).toList();
            for (int i = 0; i < each; i++) {
                assertThat(mine.get(i)).endsWith("n=" + i);
            }
        }
    }

    @Test
    void aRenamedFileIsBegunAnew() throws Exception {
        Path file = folder.resolve("mail.log");
        Path old = folder.resolve("mail.log.1");
        LogSink.LogFile sink = new LogSink.LogFile(file);
        sink.write(new byte[] {'a', '\n'}, 2);
        Files.move(file, old);
        sink.write(new byte[] {'b', '\n'}, 2); // Not noticed yet: nothing is lost.
        assertThat(Files.readString(old)).isEqualTo("a\nb\n");
        long until = System.nanoTime() + 20_000_000_000L;
        while (!Files.exists(file) && System.nanoTime() < until) {
            sink.write(new byte[] {'c', '\n'}, 2);
            Thread.onSpinWait();
        }
        assertThat(file).exists();
        sink.close();
    }

    // ---- counters ------------------------------------------------------------------------------------------------

    @Test
    void countersAreShownToStatusAndToPrometheus() throws Exception {
        Counters counters = new Counters();
        Counters.Tally connections = counters.tally("tamanoir_connections_total", "Connections.", "service");
        connections.add("smtp");
        connections.add("smtp");
        connections.add("imap", 5);
        counters.tally("tamanoir_connections_total", "Connections.", "service").add("imap");
        counters.tally("tamanoir_starts_total", "Starts.").add();
        counters.timing("tamanoir_commit_seconds", "Commits.").took(Duration.ofMillis(2));
        AtomicInteger queue = new AtomicInteger(7);
        counters.level("tamanoir_queue_messages", "Messages in the queue.", queue::get);
        counters.level("tamanoir_queue_messages", "Messages in the queue.", () -> 99);
        assertThat(counters.summary())
                .containsEntry("tamanoir_connections_total{service=\"smtp\"}", 2L)
                .containsEntry("tamanoir_connections_total{service=\"imap\"}", 6L)
                .containsEntry("tamanoir_starts_total", 1L)
                .containsEntry("tamanoir_commit_seconds_count", 1L)
                .containsEntry("tamanoir_queue_messages", 7L);
        try (Counters.Exposition exposition =
                        counters.expose(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exposition.port() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(text)
                    .contains("tamanoir_connections_total{service=\"smtp\"} 2.0")
                    .contains("tamanoir_queue_messages 7.0")
                    .contains("tamanoir_commit_seconds_bucket");
        }
        assertThatThrownBy(() -> counters.expose(new InetSocketAddress("0.0.0.0", 0)))
                .isInstanceOf(IOException.class);
    }

    // ---- side by side --------------------------------------------------------------------------------------------

    @Test
    void whatIsDoneTogetherIsOverTogether() {
        assertThat(Together.all("test", List.<Supplier<Integer>>of(() -> 1, () -> 2, () -> 3)))
                .containsExactly(1, 2, 3);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        assertThatThrownBy(() -> Together.all(
                        "test",
                        List.<Supplier<Integer>>of(
                                () -> {
                                    try {
                                        never.await();
                                    } catch (InterruptedException e) {
                                        ended.set(true);
                                    }
                                    return 1;
                                },
                                () -> {
                                    throw new Refused("no");
                                })))
                .isInstanceOf(Refused.class);
        assertThat(ended).isTrue();
    }

    @Test
    void thoseWhoAreLateAreEnded() {
        CountDownLatch never = new CountDownLatch(1);
        try (Together together = new Together("test")) {
            Together.Child<String> quick = together.start(() -> "quick");
            Together.Child<String> late = together.start(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new Unavailable("late", "late", e);
                }
                return "late";
            });
            assertThat(together.join(Duration.ofMillis(50))).isFalse();
            assertThat(quick.result()).isEqualTo("quick");
            assertThat(late.isDone()).isFalse();
            assertThatThrownBy(late::result).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void theProcessorIsSharedAndItsQueueBounded() throws Exception {
        try (Cpu cpu = new Cpu(1, 1)) {
            assertThat(cpu.run(() -> Thread.currentThread().isVirtual())).isFalse();
            assertThatThrownBy(() -> cpu.run(() -> {
                        throw new Refused("no");
                    }))
                    .isInstanceOf(Refused.class);
            CountDownLatch gate = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(1);
            Supplier<Integer> slow = () -> {
                begun.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 1;
            };
            Thread first = Thread.ofVirtual().start(() -> cpu.run(slow));
            begun.await();
            Thread second = Thread.ofVirtual().start(() -> cpu.run(slow));
            while (cpu.waiting() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> cpu.run(() -> 1)).isInstanceOf(Unavailable.class);
            gate.countDown();
            first.join();
            second.join();
        }
    }
}
