package tamanoir.server.outbound;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.smtp.Envelope.Recipient;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.net.Network;
import tamanoir.server.net.TlsClient;
import tamanoir.server.observe.Trace;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueSettings;
import tamanoir.server.queue.QueuedMessage;
import tamanoir.server.queue.Routing.Route;
import tamanoir.server.queue.Routing.Transport;
import tamanoir.server.store.Body;
import tamanoir.server.store.Store;
import tamanoir.server.store.rocks.RocksStore;
import tamanoir.server.store.rocks.Settings;
import tamanoir.server.testkit.FakeDns;

/// Measures how fast a full queue drains to a server on loopback: `folder messages octets port`; port 0 has the server
/// in this process, and its CPU counted too. As a server of its own: `sink port`.
final class DrainLoad {
    private DrainLoad() {}

    public static void main(String[] args) throws InterruptedException {
        if (args[0].equals("sink")) {
            try (Sink sink = new Sink("127.0.0.1", Integer.parseInt(args[1]))) {
                sink.keepNothing = true;
                Thread.sleep(Duration.ofHours(1));
            }
            return;
        }
        int count = Integer.parseInt(args[1]);
        int port = Integer.parseInt(args[3]);
        try (Sink sink = new Sink();
                Network network = new Network();
                Store store = new RocksStore(Path.of(args[0]), Settings.standard(), new Trace("store", "load"))) {
            sink.keepNothing = true;
            FakeDns dns = new FakeDns().address("sink.example", "127.0.0.1");
            Config config = Config.of(Map.of(
                    "smtp_tcp_port", Integer.toString(port == 0 ? sink.port() : port), "myhostname", "m.example"));
            try (Outbound out = new Outbound(
                            network,
                            dns,
                            store.blobs(),
                            new Outbound.Manner(
                                    OutboundSettings.of(config),
                                    new Ourselves(Set.of(), Set.of(), Set.of()),
                                    new TlsClient(),
                                    new TlsClient(),
                                    List.of()),
                            new Random(1));
                    Queue queue = new Queue(store, QueueSettings.of(config), InstantSource.system())) {
                long entering = System.nanoTime();
                enter(store, queue, count, Integer.parseInt(args[2]));
                System.out.printf("entered %.0f/s%n", count / ((System.nanoTime() - entering) / 1e9));
                long cpu = cpu();
                long began = System.nanoTime();
                queue.start(
                        (sender, recipient) -> new Route.Deliver(
                                Transport.named("smtp"),
                                "sink.example",
                                out.towards(List.of(NextHop.of("sink.example", false)), false)),
                        (envelope, message) -> Optional.empty());
                queue.awaitQuiet(Duration.ofMinutes(5));
                double took = (System.nanoTime() - began) / 1e9;
                System.out.printf(
                        "sent=%d %.0f/s cpu_us/message=%.0f left=%d%n",
                        queue.status().sent(),
                        count / took,
                        (cpu() - cpu) / 1e3 / count,
                        queue.status().entries());
            }
        }
    }

    private static void enter(Store store, Queue queue, int count, int size) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        byte[] text = ("Subject: load\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(size / 72))
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int t = 0; t < 50; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (next.getAndIncrement() < count) {
                    QueuedMessage message = new QueuedMessage(
                            queue.newId(),
                            InstantSource.system().instant(),
                            Envelope.of(
                                    ReversePath.of(Address.of("ann@example.com")),
                                    List.of(Recipient.of(Address.of("bob@sink.example")))),
                            Octets.of("Received: by m.example\r\n"),
                            new Body.Small(Octets.of(text)),
                            false,
                            "");
                    store.commit(queue.rows(message));
                    queue.entered(message);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
