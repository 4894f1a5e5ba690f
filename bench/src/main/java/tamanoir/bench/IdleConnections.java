package tamanoir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Door;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.SelfSigned;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsClient;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;

/// What an idle connection costs the server: `IdleConnections [count]` opens that many (1,000) in clear and under TLS
/// to a server in a process of its own, says one line on each, and reads heap and resident memory of that process when
/// all have fallen silent.
public final class IdleConnections {
    private static final Duration CALM = Duration.ofSeconds(6);

    private IdleConnections() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        if (words.length > 0 && words[0].equals("serve")) {
            serve(words[1].equals("tls"));
            return;
        }
        int count = words.length > 0 ? Integer.parseInt(words[0]) : 1000;
        for (String kind : List.of("plain", "tls")) {
            measure(kind, count);
        }
    }

    // ---- the client's process ------------------------------------------------------------------------------------

    private static void measure(String kind, int count) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms32m",
                        "-Xmx256m",
                        "-Xss512k",
                        "-XX:+UseCompactObjectHeaders",
                        "-Djdk.tls.server.enableSessionTicketExtension=false",
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleConnections.class.getName(),
                        "serve",
                        kind)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader told = server.inputReader(StandardCharsets.US_ASCII);
                PrintStream ask = new PrintStream(server.getOutputStream(), true, StandardCharsets.US_ASCII);
                Network network = new Network()) {
            int port = Integer.parseInt(Objects.requireNonNull(told.readLine()));
            open(network, port, kind, Math.min(20, count))
                    .forEach(Connection::close); // Classes and code are there now.
            LockSupport.parkNanos(CALM.toNanos());
            long[] before = memory(ask, told);
            List<Connection> connections = open(network, port, kind, count);
            LockSupport.parkNanos(CALM.toNanos());
            long[] after = memory(ask, told);
            System.out.printf(
                    "%s: %d connections, heap %.1f KiB each, resident %.1f KiB each (%.0f MiB in all, heap %.0f of %.0f MiB used)%n",
                    kind,
                    count,
                    (after[0] - before[0]) / 1024.0 / count,
                    (after[1] - before[1]) / 1024.0 / count,
                    after[1] / 1048576.0,
                    after[0] / 1048576.0,
                    after[2] / 1048576.0);
            connections.forEach(Connection::abort);
        } finally {
            server.waitFor(); // It ends with its input.
        }
    }

    private static List<Connection> open(Network network, int port, String kind, int count) throws IOException {
        TlsClient tls = new TlsClient();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Connection connection = network.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    Optional.empty(),
                    Duration.ofSeconds(10));
            if (kind.equals("tls")) {
                connection.startTls(tls, "bench" + i + ".example"); // No resumption: every handshake is a whole one.
            }
            connection.write("hello\r\n");
            connection.readLine(100);
            connections.add(connection);
        }
        return connections;
    }

    private static long[] memory(PrintStream ask, BufferedReader told) throws IOException {
        ask.println("memory");
        String[] words = Objects.requireNonNull(told.readLine()).split(" ");
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])};
    }

    // ---- the server's process ------------------------------------------------------------------------------------

    private static void serve(boolean tls) throws IOException {
        Path folder = Files.createTempDirectory("idle");
        Path file = folder.resolve("self.pem");
        SelfSigned.write(SelfSigned.make("bench.example", InstantSource.system()), file, file);
        Trace trace = new Trace("bench", "");
        TlsServer server = new TlsServer(TlsSettings.of("bench.example", file, file), trace);
        Service service = new Service(
                "bench",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                tls,
                new Service.Limits(100_000, 100_000, 64, _ -> false),
                Service.Proxies.NONE,
                Duration.ofSeconds(30));
        try (Network network = new Network();
                Listener listener = network.listen(service, server, new SaysBack(), trace);
                BufferedReader asked =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            System.out.println(listener.port());
            while (asked.readLine() != null) {
                System.gc();
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.println((runtime.totalMemory() - runtime.freeMemory()) + " " + resident() + " "
                        + runtime.totalMemory());
            }
        }
        Files.delete(file);
        Files.delete(folder);
    }

    private static long resident() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("/proc/self/status has no VmRSS");
    }

    private record SaysBack() implements Door {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.deadline(Duration.ofMinutes(30));
            while (true) {
                connection.write(connection.readLine(1000).octets()).write("\r\n");
            }
        }

        @Override
        public String refusal(Crowded why) {
            return "no\r\n";
        }
    }
}
