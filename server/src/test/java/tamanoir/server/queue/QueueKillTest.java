package tamanoir.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.smtp.Reply;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.Deliverer.Outcome;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Routing.Transport;
import tamanoir.server.store.Body;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;

/// A process with a queue on disk is killed again and again while mail enters and leaves: nothing that was acknowledged
/// is lost, and only what was under way at a kill may have been delivered twice.
class QueueKillTest {
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @Test
    void killingLosesNothingAndRepeatsOnlyWhatWasUnderWay() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(victim(50 + random.nextInt(300), "run"));
        }
        victim(Integer.MAX_VALUE, "drain");
        Map<String, Integer> delivered = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve("delivered"))) {
            delivered.merge(line, 1, Integer::sum);
        }
        assertThat(delivered.keySet()).as("seed %d", seed).containsAll(acknowledged);
        long repeated = delivered.values().stream().filter(n -> n > 1).count();
        assertThat(repeated).as("seed %d", seed).isLessThanOrEqualTo((long) ROUNDS * 20);
        assertThat(acknowledged).isNotEmpty();
    }

    /// Starts the process and kills it after that many acknowledgements; answers what was acknowledged.
    private List<String> victim(int acknowledgements, String mode) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        Victim.class.getName(),
                        folder.toString(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("250 ")) {
                    acknowledged.add(line.substring(4));
                    if (acknowledged.size() >= acknowledgements) {
                        process.toHandle().destroyForcibly();
                    }
                }
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }

    /// The process that is killed.
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            Path delivered = folder.resolve("delivered");
            try (RocksStore store =
                            new RocksStore(folder.resolve("store"), Settings.standard(), new Trace("store", "kill"));
                    Queue queue =
                            new Queue(store, QueueSettings.defaults("mail.example.com"), InstantSource.system())) {
                Deliverer writing = (message, recipients) -> {
                    try {
                        String id = message.id().toString();
                        Files.writeString(delivered, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    } catch (IOException e) {
                        return Map.of(
                                recipients.getFirst(), new Outcome.Deferred("file", Reply.of(451, "4.3.0", "disk")));
                    }
                    return Map.of(recipients.getFirst(), new Outcome.Sent("file", Reply.of(250, "2.0.0", "ok"), true));
                };
                queue.start(
                        (s, r) -> new Route.Deliver(Transport.named("smtp"), "file", writing),
                        (envelope, message) -> Optional.empty());
                if (args[1].equals("drain")) {
                    queue.awaitQuiet(Duration.ofMinutes(1));
                    return;
                }
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    threads.add(Thread.ofVirtual().start(() -> enterForEver(store, queue)));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }

        private static void enterForEver(RocksStore store, Queue queue) {
            while (true) {
                QueuedMessage message = new QueuedMessage(
                        queue.newId(),
                        InstantSource.system().instant(),
                        Envelope.of(ReversePath.NULL, List.of(Recipient.of(Address.of("bob@example.net")))),
                        Octets.EMPTY,
                        new Body.Small(Octets.of("Subject: x\r\n\r\n" + "y".repeat(500))),
                        false,
                        "");
                store.commit(queue.rows(message));
                queue.entered(message);
                say("250 " + message.id());
            }
        }

        private static synchronized void say(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
