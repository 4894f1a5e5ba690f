package tamanoir.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import tamanoir.app.Ground;
import tamanoir.bench.verdicts.ZoneServer;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.authresults.dkim.DkimSigner;
import tamanoir.mail.authresults.dkim.Signature.Algorithm;
import tamanoir.mail.authresults.dkim.SigningKey;
import tamanoir.mail.message.HeaderFields;
import tamanoir.mail.message.MessageParser;
import tamanoir.mail.message.Part;
import tamanoir.mail.text.Octets;
import tamanoir.server.filter.junk.Lessons.Lesson;

/// What the gatekeeper costs: the same signed mail of a stranger to two servers in turns, one that takes everything
/// unseen and one with all that main.cf can ask for: postscreen with lists, restrictions with lists, SPF, DKIM, DMARC,
/// ARC, header and body checks, the junk filter with lessons. The DNS is on loopback and its answers are remembered.
///
/// `GatekeeperLoad LAUNCHER FOLDER [MESSAGES [ROUNDS]]`
public final class GatekeeperLoad {
    private static final int USERS = 20;
    private static final int VARIANTS = 200;
    private static final int[] SIZES = {1024, 10_240};
    private static final int[] SESSIONS = {1, 10, 50};
    private static final String CLIENT = "127.0.1.10";
    private static final String DOMAIN = "sender.example";
    private static final Random RANDOM = new Random(5);

    private static final String BARE = """
            postscreen_greet_action = ignore
            spf_check = no
            dkim_check = no
            arc_check = no
            dmarc_check = no
            junk_filter = no
            """;

    private static final String GATE = """
            postscreen_greet_action = enforce
            postscreen_dnsbl_sites = one.bl.example*2, two.bl.example, wl.example*-2
            postscreen_dnsbl_threshold = 2
            postscreen_dnsbl_action = enforce
            postscreen_pipelining_enable = yes
            postscreen_pipelining_action = enforce
            postscreen_non_smtp_command_enable = yes
            postscreen_non_smtp_command_action = drop
            postscreen_bare_newline_enable = yes
            postscreen_bare_newline_action = enforce
            smtpd_helo_required = yes
            smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname,
              check_helo_access pcre:helo
            smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unknown_sender_domain,
              check_sender_access hash:senders
            smtpd_recipient_restrictions = reject_non_fqdn_recipient, reject_unknown_recipient_domain,
              reject_unauth_destination, check_client_access cidr:clients, reject_rbl_client one.bl.example,
              reject_rbl_client two.bl.example, reject_rhsbl_sender dbl.example
            header_checks = pcre:headers
            body_checks = pcre:bodies
            junk_client_lists = two.bl.example
            junk_uri_lists = uri.bl.example
            """;

    private GatekeeperLoad() {}

    public static void main(String[] args) throws Exception {
        Path launcher = Path.of(args[0]);
        Path folder = Path.of(args[1]);
        int messages = args.length > 2 ? Integer.parseInt(args[2]) : 4_000;
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 3;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Path zone = folder.resolve("zone");
        Files.writeString(
                zone, zone(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())));
        int dnsPort = freePort();
        try (ZoneServer _ = new ZoneServer(zone, new InetSocketAddress(InetAddress.getLoopbackAddress(), dnsPort));
                Server bare = new Server(launcher, folder.resolve("bare"), BARE, dnsPort);
                Server gate = new Server(launcher, folder.resolve("gate"), GATE, dnsPort)) {
            System.out.println("| octets | sessions | bare: messages/s | with the gatekeeper | loss |"
                    + " CPU ms a message: bare | gatekeeper |\n|---|---|---|---|---|---|---|");
            for (int size : SIZES) {
                List<byte[]> bodies = bodies(size, pair);
                for (Server one : List.of(bare, gate, bare, gate)) {
                    one.load(bodies, 10, messages); // its compiler warms up, the DNS is asked
                }
                for (int sessions : SESSIONS) {
                    double[][] rates = new double[4][rounds];
                    for (int i = 0; i < rounds; i++) {
                        Load first = bare.load(bodies, sessions, messages);
                        Load second = gate.load(bodies, sessions, messages);
                        rates[0][i] = first.rate;
                        rates[1][i] = second.rate;
                        rates[2][i] = first.cpuMillis;
                        rates[3][i] = second.cpuMillis;
                    }
                    for (double[] row : rates) {
                        Arrays.sort(row);
                    }
                    System.out.printf(
                            "| %d | %d | %s | %s | %.0f %% | %.2f | %.2f |%n",
                            size,
                            sessions,
                            range(rates[0]),
                            range(rates[1]),
                            100 - 100 * rates[1][rounds / 2] / rates[0][rounds / 2],
                            rates[2][rounds / 2],
                            rates[3][rounds / 2]);
                }
            }
        }
    }

    private static String range(double[] sorted) {
        return String.format("%.0f (%.0f-%.0f)", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String zone(String key) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < key.length(); i += 200) {
            text.append(" \"").append(key, i, Math.min(key.length(), i + 200)).append('"');
        }
        return """
                mail.sender.example.          A    127.0.1.10
                sender.example.               MX   10 mail.sender.example.
                sender.example.               TXT  "v=spf1 ip4:127.0.1.10 -all"
                s1._domainkey.sender.example. TXT  "v=DKIM1; k=rsa; p="%s
                _dmarc.sender.example.        TXT  "v=DMARC1; p=reject"
                example.com.                  MX   10 tamanoir.example.com.
                tamanoir.example.com.         A    127.0.0.1
                2.0.0.127.one.bl.example.     A    127.0.0.2
                2.0.0.127.two.bl.example.     A    127.0.0.2
                2.0.0.127.wl.example.         A    127.0.0.2
                test.dbl.example.             A    127.0.0.2
                """.formatted(text);
    }

    // ---- mail ------------------------------------------------------------------------------------------------------

    private static List<byte[]> bodies(int size, KeyPair pair) throws GeneralSecurityException {
        SigningKey key = new SigningKey(DOMAIN, "s1", Algorithm.RSA_SHA256, pair.getPrivate());
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < VARIANTS; i++) {
            String message = message("ann" + i, size, i);
            Part root = MessageParser.parse(Octets.of(message));
            DkimSigner signer = new DkimSigner(key);
            byte[] body = root.body().toByteArray();
            signer.feed(body, 0, body.length);
            String field = signer.field(HeaderFields.of(root.header()), Instant.now());
            bodies.add((field + message + ".\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        return bodies;
    }

    private static String message(String name, int size, int number) {
        StringBuilder text = new StringBuilder("From: Ann <" + name + "@" + DOMAIN + ">\r\nTo: user@example.com\r\n"
                + "Subject: minutes of meeting " + number + "\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC))
                + "\r\nMessage-ID: <" + number + "." + size + "@" + DOMAIN
                + ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
        while (text.length() < size) {
            int line = 0;
            while (line < 66) {
                String word = word();
                text.append(word).append(' ');
                line += word.length() + 1;
            }
            text.append(RANDOM.nextInt(12) == 0 ? "https://www.shop" + RANDOM.nextInt(4) + ".example/x\r\n" : "\r\n");
        }
        return text.toString();
    }

    /// One of some 8,000, the short ones often.
    private static String word() {
        int number = (int) Math.abs(RANDOM.nextGaussian() * 2_700);
        StringBuilder word = new StringBuilder();
        for (int rest = number + 30; rest > 0; rest /= 19) {
            word.append("bcdfghjklmnprstvwxz".charAt(rest % 19)).append("aeiou".charAt(rest % 5));
        }
        return word.toString();
    }

    // ---- servers ---------------------------------------------------------------------------------------------------

    private record Load(double rate, double cpuMillis) {}

    private static final class Server implements AutoCloseable {
        private final Process process;
        private final int port;

        Server(Path launcher, Path home, String more, int dnsPort) throws IOException {
            port = freePort();
            Files.createDirectories(home);
            Files.writeString(home.resolve("main.cf"), """
                    myhostname = tamanoir.example.com
                    mydomain = example.com
                    mydestination = $myhostname, localhost, example.com
                    inet_interfaces = 127.0.0.1
                    inet_protocols = ipv4
                    mynetworks = 192.0.2.1/32
                    smtpd_port = %d
                    submission_port = off
                    submissions_port = off
                    lmtpd_port = off
                    imap_port = off
                    imaps_port = off
                    pop3_port = off
                    pop3s_port = off
                    managesieve_port = off
                    http_port = off
                    metrics_port = off
                    https_port = off
                    dns_servers = 127.0.0.1:%d
                    smtpd_client_connection_count_limit = 0
                    smtpd_client_connection_rate_limit = 0
                    smtpd_client_message_rate_limit = 0
                    maillog_file = %s/log
                    """.formatted(port, dnsPort, home) + more);
            tables(home);
            try (Ground ground = Ground.open(home, Map.of())) {
                ground.office().directory().addDomain(Domain.of("example.com"));
                for (int i = 0; i < USERS; i++) {
                    ground.office().directory().addAccount(Address.of("user" + i + "@example.com"), "", "secret", 0);
                }
                var junk = tamanoir.app.Enquiry.of(ground.office()).reception().junk();
                for (int i = 0; i < 60; i++) {
                    junk.learn(Octets.of(message("ann" + i, 4096, -i)), Lesson.HAM, java.util.Optional.empty());
                    junk.learn(Octets.of(message("eve" + i, 4096, 1000 + i)), Lesson.JUNK, java.util.Optional.empty());
                }
            }
            process = new ProcessBuilder(launcher.toString(), "serve", "--home", home.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("out").toFile())
                    .start();
            try {
                await();
            } catch (IOException | RuntimeException e) {
                process.destroy();
                throw e;
            }
        }

        private static void tables(Path home) throws IOException {
            StringBuilder senders = new StringBuilder();
            StringBuilder clients = new StringBuilder();
            StringBuilder headers = new StringBuilder();
            StringBuilder bodies = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                senders.append("bad").append(i).append(".example REJECT\n");
                clients.append("203.0.113.").append(i).append("/32 REJECT\n");
            }
            for (int i = 0; i < 20; i++) {
                headers.append("/^Subject: .*forbidden").append(i).append("/ REJECT\n");
                bodies.append("/forbidden").append(i).append(" [a-z]+/ REJECT\n");
            }
            Files.writeString(home.resolve("senders"), senders);
            Files.writeString(home.resolve("clients"), clients);
            Files.writeString(home.resolve("headers"), headers);
            Files.writeString(home.resolve("bodies"), bodies);
            Files.writeString(home.resolve("helo"), "/^localhost/ REJECT\n");
        }

        private void await() throws IOException {
            for (int i = 0; i < 600; i++) {
                try (Socket _ = connected()) {
                    return;
                } catch (IOException e) {
                    if (!process.isAlive()) {
                        throw new IOException("the server ended", e);
                    }
                    LockSupport.parkNanos(100_000_000);
                }
            }
            throw new IOException("the server does not answer");
        }

        private Socket connected() throws IOException {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(CLIENT), 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            socket.setTcpNoDelay(true);
            return socket;
        }

        Load load(List<byte[]> bodies, int sessions, int messages) throws Exception {
            ProcessHandle java = process.toHandle();
            AtomicInteger left = new AtomicInteger(messages);
            AtomicReference<Exception> trouble = new AtomicReference<>();
            long cpu = java.info().totalCpuDuration().orElseThrow().toNanos();
            long begin = System.nanoTime();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                int first = i;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        session(bodies, left, first);
                    } catch (IOException e) {
                        trouble.set(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            if (trouble.get() != null) {
                throw trouble.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double millis = (java.info().totalCpuDuration().orElseThrow().toNanos() - cpu) / 1e6;
            return new Load(messages / seconds, millis / messages);
        }

        private void session(List<byte[]> bodies, AtomicInteger left, int first) throws IOException {
            try (Socket socket = connected()) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                SmtpLoad.expect(in, "220");
                SmtpLoad.say(socket, in, "EHLO mail.sender.example\r\n", "250");
                for (int next = first, count = left.getAndDecrement(); count > 0; count = left.getAndDecrement()) {
                    next++;
                    SmtpLoad.say(socket, in, "MAIL FROM:<ann@" + DOMAIN + ">\r\n", "250");
                    SmtpLoad.say(socket, in, "RCPT TO:<user" + next % USERS + "@example.com>\r\n", "250");
                    SmtpLoad.say(socket, in, "DATA\r\n", "354");
                    socket.getOutputStream().write(bodies.get((next * 7 + first) % bodies.size()));
                    SmtpLoad.expect(in, "250");
                }
                SmtpLoad.say(socket, in, "QUIT\r\n", "221");
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
