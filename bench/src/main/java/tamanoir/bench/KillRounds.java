package tamanoir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tamanoir.app.command.CommandTree;
import tamanoir.app.command.Invocation;

/// Kills a loaded server with SIGKILL again and again: every message that was answered with 250 must be there, once.
///
/// One round: start, 20 sessions send mail of mixed sizes, a kill at a random moment, start again, read every new
/// message's token by IMAP and compare with what was acknowledged. At the end `verify` must find nothing.
/// `KillRounds ROUNDS [SEED] [HOME]`; exit code 0 when all rounds hold.
public final class KillRounds {
    private static final int SESSIONS = 20;
    private static final int USERS = 10;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final Random random;
    private final PrintStream out;
    private final int smtpPort;
    private final int imapPort;
    private final AtomicLong nextToken = new AtomicLong();

    /// Tokens acknowledged so far, and tokens whose fate is open because the connection broke before the reply.
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> lastUid = new HashMap<>();
    private final List<Long> restartMillis = new ArrayList<>();

    public KillRounds(Path home, long seed, PrintStream out) throws IOException {
        this.home = home;
        this.random = new Random(seed);
        this.out = out;
        this.smtpPort = freePort();
        this.imapPort = freePort();
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        Path home = args.length > 2 ? Path.of(args[2]) : Files.createTempDirectory("tamanoir-kill");
        System.out.println("seed " + seed + ", home " + home);
        System.exit(new KillRounds(home, seed, System.out).run(rounds) ? 0 : 1);
    }

    /// True when every acknowledged message was there exactly once after every round and the store verifies.
    public boolean run(int rounds) throws Exception {
        prepare();
        for (int round = 1; round <= rounds; round++) {
            Process server = start();
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                long seed = random.nextLong();
                load.add(Thread.ofVirtual().start(() -> send(new Random(seed))));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(1400)));
            server.destroyForcibly().waitFor();
            for (Thread thread : load) {
                thread.join();
            }
            Process again = start();
            List<String> problems = check();
            again.destroyForcibly().waitFor();
            if (!problems.isEmpty()) {
                problems.stream().limit(20).forEach(out::println);
                out.println("round " + round + " FAILED");
                return false;
            }
            if (round % 10 == 0 || round == rounds) {
                out.printf("round %d: %d acknowledged, all there once%n", round, acknowledged.size());
            }
        }
        int verify = command(List.of("verify"));
        restartMillis.sort(null);
        out.printf(
                "%d rounds, %d messages acknowledged, verify exit %d; restart to greeting median %d ms, longest %d ms%n",
                rounds,
                acknowledged.size(),
                verify,
                restartMillis.get(restartMillis.size() / 2),
                restartMillis.getLast());
        return verify == 0;
    }

    private void prepare() throws Exception {
        Files.createDirectories(home);
        Files.writeString(home.resolve("main.cf"), """
                myhostname = mail.example.com
                mydomain = example.com
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                mynetworks = 127.0.0.0/8
                smtpd_port = %d
                imap_port = %d
                submission_port = off
                submissions_port = off
                imaps_port = off
                pop3_port = off
                pop3s_port = off
                managesieve_port = off
                http_port = off
                https_port = off
                metrics_port = off
                """.formatted(smtpPort, imapPort));
        need(command(List.of("domain", "add", "example.com")));
        for (int user = 0; user < USERS; user++) {
            need(command(List.of("account", "add", "user" + user + "@example.com", "--password", "secret")));
        }
    }

    private static void need(int exit) {
        if (exit != 0) {
            throw new IllegalStateException("preparing failed with exit code " + exit);
        }
    }

    private ProcessBuilder java(List<String> words) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.tls.server.enableSessionTicketExtension=false",
                "-cp",
                System.getProperty("java.class.path"),
                "tamanoir.app.Main",
                "--home",
                home.toString()));
        line.addAll(words);
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("server.log").toFile()));
    }

    /// A command on the store itself, while no server runs.
    private int command(List<String> words) {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return CommandTree.execute(new Invocation(
                home, Map.of(), words, InputStream.nullInputStream(), quiet, out, "root", true, Optional.empty()));
    }

    private Process start() throws Exception {
        long begin = System.nanoTime();
        Process server = java(List.of("serve")).start();
        while (true) {
            try (Line smtp = new Line(smtpPort)) {
                smtp.expect("220");
                restartMillis.add((System.nanoTime() - begin) / 1_000_000);
                return server;
            } catch (IOException e) {
                if (!server.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
                    throw new IllegalStateException("the server did not start; see " + home.resolve("server.log"), e);
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /// Sends until the connection breaks.
    private void send(Random own) {
        try (Line smtp = new Line(smtpPort)) {
            smtp.expect("220");
            smtp.call("EHLO load.example.com", "250");
            while (true) {
                String token = "t" + nextToken.incrementAndGet();
                smtp.call("MAIL FROM:<load@load.example.com>", "250");
                smtp.call("RCPT TO:<user" + own.nextInt(USERS) + "@example.com>", "250");
                smtp.call("DATA", "354");
                int size = own.nextInt(20) == 0 ? 200_000 : own.nextInt(4_000);
                StringBuilder text = new StringBuilder("Subject: load\r\nX-Token: " + token + "\r\n\r\n");
                while (text.length() < size) {
                    text.append("All work and no play makes a dull boy.\r\n");
                }
                smtp.call(text + ".", "250");
                acknowledged.add(token);
            }
        } catch (IOException e) {
            // The kill; what was not acknowledged may or may not be there.
        }
    }

    private List<String> check() throws IOException {
        List<String> problems = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            try (Line imap = new Line(imapPort)) {
                imap.expect("* OK");
                imap.send("a LOGIN user" + user + "@example.com secret");
                imap.until("a OK");
                imap.send("b EXAMINE INBOX");
                imap.until("b OK");
                long last = lastUid.getOrDefault(user, 0L);
                imap.send("c UID FETCH " + (last + 1) + ":* (UID BODY.PEEK[HEADER.FIELDS (X-TOKEN)])");
                for (String line; !(line = imap.line()).startsWith("c "); ) {
                    int uid = line.indexOf("UID ");
                    if (line.startsWith("* ") && uid > 0) {
                        long number = Long.parseLong(line.substring(uid + 4).split("[ )]", 2)[0]);
                        if (number <= lastUid.getOrDefault(user, 0L)) {
                            // n:* always answers with the last message, seen before
                            imap.line();
                            continue;
                        }
                        lastUid.merge(user, number, Math::max);
                    }
                    if (line.regionMatches(true, 0, "X-Token: ", 0, 9)
                            && !found.add(line.substring(9).strip())) {
                        problems.add("twice: " + line);
                    }
                }
            }
        }
        for (String token : acknowledged) {
            if (!found.contains(token)) {
                problems.add("lost: " + token);
            }
        }
        return problems;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// A line-wise client.
    private static final class Line implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader in;
        private final OutputStream to;

        Line(int port) throws IOException {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
            socket.setSoTimeout(30_000);
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            to = socket.getOutputStream();
        }

        String line() throws IOException {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("closed");
            }
            return line;
        }

        void send(String text) throws IOException {
            to.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        void expect(String prefix) throws IOException {
            String line = line();
            if (!line.startsWith(prefix)) {
                throw new IOException("wanted " + prefix + ", got " + line);
            }
            while (line.length() > 3 && line.charAt(3) == '-') {
                line = line();
            }
        }

        void call(String text, String prefix) throws IOException {
            send(text);
            expect(prefix);
        }

        void until(String prefix) throws IOException {
            for (String line; !(line = line()).startsWith(prefix); ) {
                if (line.startsWith(prefix.substring(0, 2))) {
                    throw new IOException(line);
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
