package tamanoir.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;

@Timeout(30)
class ConnectionTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private final Network network = new Network(Duration.ofMillis(50));
    private final Trace trace = new Trace("test", "");

    @AfterEach
    void close() {
        network.close();
    }

    interface Talk {
        void with(Connection connection) throws Exception;
    }

    /// Serves one client with `talk`, hands its failure to the test.
    private final class OneClient implements AutoCloseable {
        final BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        final AtomicReference<Connection> connection = new AtomicReference<>();
        final Listener listener;
        final Socket socket;

        OneClient(Talk talk) throws IOException {
            listener = network.listen(
                    Service.plain("test", new InetSocketAddress(LOOPBACK, 0)),
                    new TlsServer(),
                    new Door() {
                        @Override
                        public void serve(Connection c) {
                            connection.set(c);
                            try {
                                talk.with(c);
                                outcome.add("done");
                            } catch (Exception e) {
                                outcome.add(e);
                            }
                        }

                        @Override
                        public String refusal(Crowded why) {
                            return "busy\r\n";
                        }
                    },
                    trace);
            socket = new Socket(LOOPBACK, listener.port());
            socket.setTcpNoDelay(true);
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        String receive(int length) throws IOException {
            return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
        }

        Object end() throws InterruptedException {
            return java.util.Objects.requireNonNull(outcome.poll(20, TimeUnit.SECONDS), "the talk did not end");
        }

        @Override
        public void close() throws IOException {
            socket.close();
            listener.drain(Duration.ofSeconds(1));
        }
    }

    @Test
    void linesAreReadWhateverTheirSegments() throws Exception {
        BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
        try (OneClient client = new OneClient(c -> {
            for (int i = 0; i < 4; i++) {
                lines.add(c.readLine(10));
            }
        })) {
            client.send("one\r\ntw");
            client.send("o\nth\rree\r\n\r\n");
            assertThat(client.end()).isEqualTo("done");
            assertThat(lines)
                    .containsExactly(
                            new Line(Octets.of("one"), Line.Ending.CRLF),
                            new Line(Octets.of("two"), Line.Ending.LF),
                            new Line(Octets.of("th\rree"), Line.Ending.CRLF),
                            new Line(Octets.EMPTY, Line.Ending.CRLF));
        }
    }

    @Test
    void aLineOfExactlyTheLimitIsReadAndALongerOneIsSkipped() throws Exception {
        try (OneClient client = new OneClient(c -> {
            for (int i = 0; i < 4; i++) {
                try {
                    c.write(c.readLine(2000).octets().length() + "\r\n");
                } catch (LineTooLong e) {
                    c.write("long\r\n");
                }
            }
        })) {
            client.send("x".repeat(2000) + "\r\n" + "x".repeat(2001) + "\r\n");
            client.send("x".repeat(200_000));
            client.send("\r\nok\r\n");
            assertThat(client.receive(21)).isEqualTo("2000\r\nlong\r\nlong\r\n2\r\n");
        }
    }

    @Test
    void octetsOfAnyAmountComeThroughBothWays() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] sent = new byte[3_000_000];
        random.nextBytes(sent);
        try (OneClient client = new OneClient(c -> {
            Octets first = c.readFully(1_000_000);
            c.write(first);
            int left = 2_000_000;
            while (left > 0) {
                java.nio.ByteBuffer window = c.fill();
                int n = Math.min(1 + random.nextInt(window.remaining()), window.remaining());
                c.write(Octets.of(
                        java.util.Arrays.copyOfRange(window.array(), window.arrayOffset(), window.arrayOffset() + n)));
                c.consume(n);
                left -= n;
            }
            c.flush();
        })) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    client.socket.getOutputStream().write(sent);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] back = client.socket.getInputStream().readNBytes(sent.length);
            writer.join();
            assertThat(java.util.Arrays.equals(sent, back)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void outputWaitsForTheNextReadAndGoesOutInOneWrite() throws Exception {
        try (OneClient client = new OneClient(c -> {
            c.write("220 ").write("hello").write("\r\n");
            c.readLine(100);
        })) {
            InputStream in = client.socket.getInputStream();
            byte[] first = new byte[100];
            assertThat(in.read(first)).isEqualTo(11);
        }
    }

    @Test
    void theEndOfInputIsEof() throws Exception {
        try (OneClient client = new OneClient(c -> c.readLine(100))) {
            client.send("half a line");
            client.socket.shutdownOutput();
            assertThat(client.end()).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aSilentClientMeetsItsDeadlineAndCanBeToldSo() throws Exception {
        try (OneClient client = new OneClient(c -> {
            c.deadline(Duration.ofMillis(200));
            try {
                c.readLine(100);
            } catch (SocketTimeoutException e) {
                c.write("421 bye\r\n").flush();
            }
        })) {
            assertThat(client.receive(9)).isEqualTo("421 bye\r\n");
        }
    }

    @Test
    void aClientThatDripsMeetsTheDeadlineOfTheWholeLine() throws Exception {
        try (OneClient client = new OneClient(c -> {
            c.deadline(Duration.ofMillis(300));
            c.readLine(1000);
        })) {
            Thread dripping = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send("x");
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(client.end()).isInstanceOf(SocketTimeoutException.class);
            dripping.interrupt();
            dripping.join();
        }
    }

    @Test
    void aClientThatDoesNotReadMeetsTheDeadlineOfAWrite() throws Exception {
        try (OneClient client = new OneClient(c -> {
            c.deadline(Duration.ofMillis(300));
            byte[] much = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                c.write(much, 0, much.length);
            }
        })) {
            assertThat(client.end()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anIdleConnectionHearsTheClientAgain() throws Exception {
        CountDownLatch idle = new CountDownLatch(1);
        try (OneClient client = new OneClient(c -> {
            assertThat(c.readLine(10).octets()).isEqualTo(Octets.of("a"));
            c.write("1\r\n");
            assertThat(c.readLine(10).octets()).isEqualTo(Octets.of("b"));
            c.write("2\r\n");
        })) {
            client.send("a\r\n");
            assertThat(client.receive(3)).isEqualTo("1\r\n");
            idle.await(200, TimeUnit.MILLISECONDS); // longer than calm
            client.send("b\r\n");
            assertThat(client.receive(3)).isEqualTo("2\r\n");
        }
    }

    @Test
    void anotherThreadWakesAWaitAndInputEndsItToo() throws Exception {
        BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();
        try (OneClient client = new OneClient(c -> {
            for (int i = 0; i < 4; i++) {
                answers.add(c.awaitInput(Duration.ofSeconds(10)));
            }
            c.write(c.readLine(10).octets()).write("\r\n");
            answers.add(c.awaitInput(Duration.ofMillis(50)));
        })) {
            client.send(""); // connected
            while (client.connection.get() == null) {
                Thread.onSpinWait();
            }
            Connection connection = client.connection.get();
            for (int i = 0; i < 3; i++) {
                connection.wake();
                assertThat(answers.poll(5, TimeUnit.SECONDS)).isFalse();
            }
            client.send("x\r\n");
            assertThat(answers.poll(5, TimeUnit.SECONDS)).isTrue();
            assertThat(client.receive(3)).isEqualTo("x\r\n");
            assertThat(answers.poll(5, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void wakingIsNeverLost() throws Exception {
        int rounds = 20_000;
        try (OneClient client = new OneClient(c -> {
            for (int i = 0; i < rounds; i++) {
                if (c.awaitInput(Duration.ofSeconds(20))) {
                    throw new IllegalStateException("no input was sent");
                }
                c.write(".").flush();
            }
        })) {
            while (client.connection.get() == null) {
                Thread.onSpinWait();
            }
            InputStream in = client.socket.getInputStream();
            for (int i = 0; i < rounds; i++) {
                client.connection.get().wake();
                assertThat(in.read()).isEqualTo('.');
            }
            assertThat(client.end()).isEqualTo("done");
        }
    }

    @Test
    void talkBeforeTheGreetingIsSeen() throws Exception {
        BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();
        try (OneClient client = new OneClient(c -> {
            answers.add(c.hasInput());
            c.write("go\r\n").flush();
            answers.add(c.awaitInput(Duration.ofSeconds(10)));
            answers.add(c.hasInput());
        })) {
            assertThat(client.receive(4)).isEqualTo("go\r\n");
            client.send("EHLO\r\n");
            assertThat(client.end()).isEqualTo("done");
            assertThat(answers).containsExactly(false, true, true);
        }
    }

    @Test
    void theLastWordArrivesAlthoughInputWasLeftUnread() throws Exception {
        try (OneClient client = new OneClient(c -> {
            c.readLine(100);
            c.write("421 enough\r\n");
        })) {
            client.send("first\r\n" + "more and more\r\n".repeat(10_000));
            client.socket.shutdownOutput();
            assertThat(client.receive(100)).isEqualTo("421 enough\r\n");
        }
    }

    @Test
    void aDrainEndsIdleClientsWithAWordAndLetsOthersFinish() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Door door = new Door() {
            @Override
            public void serve(Connection c) throws IOException {
                try {
                    while (true) {
                        String line = c.readLine(100).octets().latin1();
                        if (line.equals("work")) {
                            working.countDown();
                            finish.await();
                            c.write("done\r\n").flush();
                        }
                    }
                } catch (Stopping e) {
                    c.write("bye\r\n");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public String refusal(Crowded why) {
                return "busy\r\n";
            }
        };
        Listener listener =
                network.listen(Service.plain("test", new InetSocketAddress(LOOPBACK, 0)), new TlsServer(), door, trace);
        try (Socket idle = new Socket(LOOPBACK, listener.port());
                Socket busy = new Socket(LOOPBACK, listener.port())) {
            OutputStream out = busy.getOutputStream();
            out.write("work\r\n".getBytes(StandardCharsets.US_ASCII));
            working.await();
            Thread draining = Thread.ofVirtual().start(() -> listener.drain(Duration.ofSeconds(10)));
            assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("bye\r\n");
            finish.countDown();
            assertThat(new String(busy.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("done\r\nbye\r\n");
            draining.join();
            assertThat(listener.size()).isZero();
            int port = idle.getPort();
            assertThatThrownBy(() -> new Socket(LOOPBACK, port)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void tooManyConnectionsAreRefusedPolitely() throws Exception {
        Service service = new Service(
                "test",
                java.util.List.of(new InetSocketAddress(LOOPBACK, 0)),
                false,
                new Service.Limits(3, 2, 84, _ -> false),
                Service.Proxies.NONE,
                Duration.ofSeconds(5));
        Door door = new Door() {
            @Override
            public void serve(Connection c) throws IOException {
                c.write("hello\r\n");
                c.readLine(100);
            }

            @Override
            public String refusal(Crowded why) {
                return why + "\r\n";
            }
        };
        try (Listener listener = network.listen(service, new TlsServer(), door, trace);
                Socket one = new Socket(LOOPBACK, listener.port());
                Socket two = new Socket(LOOPBACK, listener.port())) {
            assertThat(line(one)).isEqualTo("hello");
            assertThat(line(two)).isEqualTo("hello");
            try (Socket three = new Socket(LOOPBACK, listener.port())) {
                assertThat(line(three)).isEqualTo("CLIENT");
                assertThat(three.getInputStream().read()).isEqualTo(-1);
            }
            one.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(one.getInputStream().read()).isEqualTo(-1);
            while (listener.size() > 1) {
                Thread.onSpinWait();
            }
            try (Socket four = new Socket(LOOPBACK, listener.port())) {
                assertThat(line(four)).isEqualTo("hello");
            }
        }
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n';
                c = socket.getInputStream().read()) {
            if (c < 0) {
                return line + "<end>";
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Test
    void weCanBeTheClient() throws Exception {
        try (OneClient server = new OneClient(c -> c.write("220 hi\r\n").flush());
                Connection connection = network.connect(
                        new InetSocketAddress(LOOPBACK, server.listener.port()),
                        java.util.Optional.empty(),
                        Duration.ofSeconds(5))) {
            assertThat(connection.readLine(100).octets()).isEqualTo(Octets.of("220 hi"));
        }
    }
}
