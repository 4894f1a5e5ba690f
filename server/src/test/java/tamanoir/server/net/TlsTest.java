package tamanoir.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;
import tamanoir.server.observe.Trace;
import tamanoir.server.testkit.TestCertificates;
import tamanoir.server.testkit.TestCertificates.Issued;

@Timeout(60)
class TlsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final TestCertificates CA = new TestCertificates();

    @TempDir
    Path folder;

    private final Network network = new Network(Duration.ofMillis(50));
    private final Trace trace = new Trace("test", "");
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    /// What became of each connection: the details, or the exception.
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        listeners.forEach(listener -> listener.drain(Duration.ofSeconds(1)));
        network.close();
    }

    /// A service that starts TLS at once and then says every line back.
    private int echo(TlsServer server) throws IOException {
        Listener listener = network.listen(
                Service.plain("echo", new InetSocketAddress(LOOPBACK, 0)),
                server,
                new Door() {
                    @Override
                    public void serve(Connection connection) throws IOException {
                        try {
                            outcomes.add(connection.startTls(server));
                            while (true) {
                                connection
                                        .write(connection.readLine(100_000).octets())
                                        .write("\r\n");
                            }
                        } catch (IOException e) {
                            outcomes.add(e);
                            throw e;
                        }
                    }

                    @Override
                    public String refusal(Crowded why) {
                        return "busy\r\n";
                    }
                },
                trace);
        listeners.add(listener);
        return listener.port();
    }

    private TlsDetails details() throws InterruptedException {
        while (true) {
            Object outcome = outcomes.poll(20, TimeUnit.SECONDS);
            assertThat(outcome).as("outcome of the handshake").isNotNull();
            if (outcome instanceof TlsDetails details) {
                return details;
            }
        }
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private TlsSettings written(Issued issued) throws IOException {
        TestCertificates.pem(file("key.pem"), issued.key());
        TestCertificates.chain(file("chain.pem"), issued);
        return TlsSettings.of("mail.example.com", file("chain.pem"), file("key.pem"));
    }

    private TlsServer server(TlsSettings settings) throws IOException {
        return new TlsServer(settings, trace, Duration.ofHours(1));
    }

    private static SSLSocket client(SSLContext context, int port, String... name) throws IOException {
        Socket socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return TestCertificates.over(context, socket, Optional.ofNullable(name.length == 0 ? null : name[0]));
    }

    /// Says a line, hears it, and closes; answers the certificate that was shown.
    private static X509Certificate talk(SSLSocket socket) throws IOException {
        try (socket) {
            say(socket, "hello");
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        byte[] octets = (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        socket.getOutputStream().write(octets);
        assertThat(socket.getInputStream().readNBytes(octets.length)).isEqualTo(octets);
    }

    private static X509Certificate shown(int port, String... name) throws IOException {
        return talk(client(TestCertificates.clientContext(), port, name));
    }

    // ---- certificates --------------------------------------------------------------------------------------------

    @Test
    void theNameAClientAsksForChoosesTheCertificate() throws Exception { // B45
        Issued one = CA.issue("EC", "mail.example.com");
        Issued two = CA.issue("EC", "mail.example.net");
        Issued below = CA.issue("RSA", "*.example.org");
        TestCertificates.pem(file("two.pem"), two.key(), two.chain().getFirst(), CA.authority());
        TestCertificates.pem(file("below.pem"), below.chain().getFirst(), below.key());
        TlsSettings plain = written(one);
        int port = echo(server(new TlsSettings(
                plain.hostName(),
                plain.certificates(),
                Map.of(
                        "Mail.example.net", List.of(file("two.pem")),
                        ".example.org", List.of(file("below.pem"))),
                List.of(),
                100,
                Duration.ofHours(1))));
        assertThat(shown(port)).isEqualTo(one.chain().getFirst());
        assertThat(shown(port, "mail.example.com")).isEqualTo(one.chain().getFirst());
        assertThat(shown(port, "mail.example.net")).isEqualTo(two.chain().getFirst());
        assertThat(shown(port, "MAIL.EXAMPLE.NET")).isEqualTo(two.chain().getFirst());
        assertThat(shown(port, "imap.example.org")).isEqualTo(below.chain().getFirst());
        assertThat(shown(port, "unknown.example")).isEqualTo(one.chain().getFirst());
        outcomes.clear();
        shown(port, "mail.example.net");
        assertThat(details().serverName()).contains("mail.example.net");
    }

    @Test
    void keysOfTwoKindsStandSideBySide() throws Exception {
        Issued ec = CA.issue("EC", "mail.example.com");
        Issued rsa = CA.issue("RSA", "mail.example.com");
        TestCertificates.pem(
                file("both.pem"),
                rsa.key(),
                rsa.chain().get(0),
                rsa.chain().get(1),
                ec.key(),
                ec.chain().get(0));
        int port = echo(server(TlsSettings.of("mail.example.com", file("both.pem"), file("both.pem"))));
        for (Issued wanted : List.of(ec, rsa)) {
            SSLSocket socket = client(TestCertificates.clientContext(), port);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {
                wanted.equals(ec) ? "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" : "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
            });
            assertThat(talk(socket)).isEqualTo(wanted.chain().getFirst());
            TlsDetails details = details();
            assertThat(details.protocol()).isEqualTo("TLSv1.2");
            assertThat(details.cipher())
                    .isEqualTo(wanted.equals(ec) ? "ECDHE-ECDSA-AES256-GCM-SHA384" : "ECDHE-RSA-AES128-GCM-SHA256");
            assertThat(details.bits()).isEqualTo(wanted.equals(ec) ? 256 : 128);
        }
    }

    @Test
    void aRenewedCertificateIsShownFromTheNextHandshakeOn() throws Exception { // B45
        Issued old = CA.issue("EC", "mail.example.com");
        TlsServer server = new TlsServer(written(old), trace, Duration.ZERO);
        int port = echo(server);
        SSLContext context = TestCertificates.clientContext();
        talk(client(context, port));
        talk(client(context, port));
        assertThat(details().resumed()).isFalse();
        assertThat(details().resumed()).isTrue();
        try (SSLSocket established = client(context, port)) {
            say(established, "before");
            Issued fresh = CA.issue("EC", "mail.example.com");
            TestCertificates.pem(file("key.pem"), fresh.key()); // The key comes first: the pair does not fit now.
            assertThat(shown(port)).isEqualTo(old.chain().getFirst());
            TestCertificates.chain(file("chain.pem"), fresh);
            outcomes.clear();
            assertThat(talk(client(context, port))).isEqualTo(fresh.chain().getFirst());
            assertThat(details().resumed())
                    .as("a session of the old certificate")
                    .isFalse();
            say(established, "after");
            Files.writeString(file("chain.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
            assertThat(shown(port)).isEqualTo(fresh.chain().getFirst());
            assertThatThrownBy(() -> server.reload(TlsSettings.of("x", file("chain.pem"), file("key.pem"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("chain.pem");
            assertThat(shown(port)).isEqualTo(fresh.chain().getFirst());
            say(established, "still");
        }
    }

    @Test
    void certificatesMayBeSwappedUnderLoad() throws Exception {
        Issued one = CA.issue("EC", "one.example");
        Issued two = CA.issue("EC", "two.example");
        TlsServer server = server(written(one));
        int port = echo(server);
        AtomicBoolean over = new AtomicBoolean();
        List<Object> failures = new CopyOnWriteArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SSLContext context = TestCertificates.clientContext();
            clients.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    try {
                        talk(client(context, port));
                    } catch (IOException | RuntimeException e) {
                        failures.add(e);
                    }
                }
            }));
        }
        for (int i = 0; i < 60; i++) {
            Issued next = i % 2 == 0 ? two : one;
            TestCertificates.pem(file("next.pem"), next.key(), next.chain().getFirst());
            server.reload(TlsSettings.of("mail.example.com", file("next.pem"), file("next.pem")));
            assertThat(shown(port)).isEqualTo(next.chain().getFirst());
        }
        over.set(true);
        for (Thread thread : clients) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void keysAreReadInEveryFormThatToolsWrite() throws Exception {
        for (String kind : List.of("EC", "RSA")) {
            Issued issued = CA.issue(kind, "mail.example.com");
            StringWriter old = new StringWriter();
            try (PemWriter writer = new PemWriter(old)) { // PKCS #1 or SEC 1: what lies inside PKCS #8.
                byte[] inside = PrivateKeyInfo.getInstance(issued.key().getEncoded())
                        .parsePrivateKey()
                        .toASN1Primitive()
                        .getEncoded();
                writer.writeObject(new PemObject(kind + " PRIVATE KEY", kind.equals("EC") ? sec1(issued) : inside));
            }
            Files.writeString(file("old.pem"), "a comment\n" + old);
            TestCertificates.chain(file("chain.pem"), issued);
            Identity identity =
                    Identity.read(List.of(file("chain.pem"), file("old.pem"))).getFirst();
            assertThat(identity.chain()).isEqualTo(issued.chain());
        }
        assertThatThrownBy(() -> Identity.read(List.of(file("chain.pem")))).hasMessageContaining("no private key");
        assertThatThrownBy(() -> Identity.read(List.of(file("nothing.pem")))).hasMessageContaining("no such file");
        Files.writeString(
                file("locked.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + "MAwwCgYIKoZIhvcNAQEEADA=\n".repeat(1)
                        + "-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Identity.read(List.of(file("chain.pem"), file("locked.pem"))))
                .hasMessageContaining("locked.pem");
    }

    /// As `openssl ecparam -genkey` writes it, with the curve inside (RFC 5915 §3).
    private static byte[] sec1(Issued issued) throws IOException {
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256,
                        ((java.security.interfaces.ECPrivateKey) issued.key()).getS(),
                        PrivateKeyInfo.getInstance(issued.key().getEncoded())
                                .getPrivateKeyAlgorithm()
                                .getParameters())
                .getEncoded();
    }

    @Test
    void aMissingCertificateIsMadeOnceAndNeverOverwritten() throws Exception {
        TlsSettings settings = TlsSettings.of("mail.example.com", file("tls/a.pem"), file("tls/a.key"));
        assertThatThrownBy(() -> server(settings)).hasMessageContaining("a.pem");
        assertThat(TlsServer.makeMissing(settings, trace, InstantSource.system()))
                .isTrue();
        assertThat(TlsServer.makeMissing(settings, trace, InstantSource.system()))
                .isFalse();
        assertThat(Files.getPosixFilePermissions(file("tls/a.key"))).hasSize(2);
        X509Certificate made = shown(echo(server(settings)));
        assertThat(made.getSubjectAlternativeNames().toString()).contains("mail.example.com", "localhost", "127.0.0.1");
        made.checkValidity(java.util.Date.from(Instant.now().plus(Duration.ofDays(800))));
        TlsSettings one = TlsSettings.of("mail.example.com", file("one.pem"), file("one.pem"));
        assertThat(TlsServer.makeMissing(one, trace, InstantSource.system())).isTrue();
        shown(echo(server(one)));
        Files.delete(file("tls/a.pem"));
        assertThat(TlsServer.makeMissing(settings, trace, InstantSource.system()))
                .isFalse(); // The key is somebody's.
    }

    // ---- the channel ---------------------------------------------------------------------------------------------

    @Test
    void bothSidesSeeTheSameChannel() throws Exception {
        int port = echo(server(written(CA.issue("EC", "mail.example.com"))));
        TlsClient client = new TlsClient();
        for (boolean resumed : List.of(false, true)) {
            try (Connection connection = connect(port)) {
                TlsDetails ours = connection.startTls(client, "mail.example.com");
                connection.write("hello\r\n");
                assertThat(connection.readLine(100).octets()).isEqualTo(Octets.of("hello"));
                TlsDetails theirs = details();
                assertThat(ours.protocol()).isEqualTo("TLSv1.3");
                assertThat(ours.exporter()).hasSize(32).isEqualTo(theirs.exporter());
                assertThat(ours.endPoint()).hasSize(32).isEqualTo(theirs.endPoint());
                assertThat(ours.channelBindings())
                        .isEqualTo(theirs.channelBindings())
                        .hasSize(2);
                assertThat(theirs.resumed()).isEqualTo(resumed);
                assertThat(ours.resumed()).isEqualTo(resumed);
                assertThat(theirs.toString()).startsWith("TLSv1.3 with cipher TLS_AES_");
                assertThat(connection.tls()).contains(ours);
            }
        }
    }

    private Connection connect(int port) throws IOException {
        Connection connection =
                network.connect(new InetSocketAddress(LOOPBACK, port), Optional.empty(), Duration.ofSeconds(5));
        connection.deadline(Duration.ofSeconds(20));
        return connection;
    }

    @Test
    void sessionsAreResumedWhateverTheName() throws Exception {
        Issued one = CA.issue("EC", "mail.example.com");
        Issued two = CA.issue("EC", "mail.example.net");
        TestCertificates.pem(file("two.pem"), two.key(), two.chain().getFirst());
        TlsSettings plain = written(one);
        int port = echo(server(new TlsSettings(
                plain.hostName(),
                plain.certificates(),
                Map.of("mail.example.net", List.of(file("two.pem"))),
                List.of(),
                100,
                Duration.ofHours(1))));
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            for (String name : List.of("mail.example.com", "mail.example.net")) {
                SSLContext context = TestCertificates.clientContext();
                for (boolean resumed : List.of(false, true, true)) {
                    SSLSocket socket = client(context, port, name);
                    socket.setEnabledProtocols(new String[] {protocol});
                    talk(socket);
                    assertThat(details().resumed()).as("%s %s", protocol, name).isEqualTo(resumed);
                }
            }
        }
    }

    @Test
    void muchTextAndLongSilenceComeThrough() throws Exception {
        int port = echo(server(written(CA.issue("EC", "mail.example.com"))));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (SSLSocket socket = client(TestCertificates.clientContext(), port)) {
            for (int round = 0; round < 5; round++) {
                for (int length : List.of(0, 1, 1000, 16_383, 40_000, 99_999)) {
                    StringBuilder line = new StringBuilder();
                    for (int i = 0; i < length; i++) {
                        line.append((char) ('!' + random.nextInt(90)));
                    }
                    say(socket, line.toString());
                }
                // Longer than the calm after which the connection gives its buffers back and waits with the watchman.
                java.util.concurrent.locks.LockSupport.parkNanos(120_000_000);
            }
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void aRecordThatArrivesInPiecesOverTimeIsRead() throws Exception {
        int port = echo(server(written(CA.issue("EC", "mail.example.com"))));
        try (Drip drip = new Drip(port);
                SSLSocket socket = client(TestCertificates.clientContext(), drip.port())) {
            say(socket, "quick");
            drip.slow = true;
            say(socket, "slow");
            drip.slow = false;
            say(socket, "quick");
        }
    }

    /// Between client and server; when slow, passes on what the client sends in pieces with pauses that are longer
    /// than the server's calm.
    private static final class Drip implements AutoCloseable {
        private final java.net.ServerSocket door = new java.net.ServerSocket(0, 5, LOOPBACK);
        private final Socket server;
        private final List<Socket> clients = new CopyOnWriteArrayList<>();
        volatile boolean slow;

        Drip(int port) throws IOException {
            server = new Socket(LOOPBACK, port);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> {
                try {
                    Socket client = door.accept();
                    clients.add(client);
                    client.setTcpNoDelay(true);
                    Thread.ofVirtual().start(() -> {
                        try {
                            server.getInputStream().transferTo(client.getOutputStream());
                        } catch (IOException _) {
                            // Closed at the end of the test.
                        }
                    });
                    byte[] some = new byte[20_000];
                    for (int n = client.getInputStream().read(some);
                            n >= 0;
                            n = client.getInputStream().read(some)) {
                        int step = slow ? Math.max(1, n / 4) : n;
                        for (int at = 0; at < n; at += step) {
                            server.getOutputStream().write(some, at, Math.min(step, n - at));
                            if (slow) {
                                java.util.concurrent.locks.LockSupport.parkNanos(80_000_000);
                            }
                        }
                    }
                } catch (IOException _) {
                    // Closed at the end of the test.
                }
            });
        }

        int port() {
            return door.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            door.close();
            server.close();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void textInClearBehindTheRequestForTlsEndsTheConnection() throws Exception { // B02
        TlsServer server = server(written(CA.issue("EC", "mail.example.com")));
        Listener listener = network.listen(
                Service.plain("starttls", new InetSocketAddress(LOOPBACK, 0)),
                server,
                new Door() {
                    @Override
                    public void serve(Connection connection) throws IOException {
                        connection.readLine(100);
                        connection.write("220 go\r\n").flush();
                        try {
                            connection.startTls(server);
                            outcomes.add("TLS");
                        } catch (IOException e) {
                            outcomes.add(String.valueOf(e.getMessage()));
                        }
                    }

                    @Override
                    public String refusal(Crowded why) {
                        return "";
                    }
                },
                trace);
        listeners.add(listener);
        try (Socket socket = new Socket(LOOPBACK, listener.port())) {
            socket.getOutputStream().write("STARTTLS\r\nEHLO evil\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(outcomes.poll(20, TimeUnit.SECONDS)).asString().contains("in clear");
        }
        try (Socket socket = new Socket(LOOPBACK, listener.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes(8);
            socket.getOutputStream().write("EHLO evil\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(outcomes.poll(20, TimeUnit.SECONDS))
                    .asString()
                    .doesNotContain("TLS\"")
                    .isNotEqualTo("TLS");
        }
    }

    @Test
    void aHandshakeHasADeadlineThatDripsDoNotStretch() throws Exception {
        TlsServer server = server(written(CA.issue("EC", "mail.example.com")));
        Listener listener = network.listen(
                new Service(
                        "imaps",
                        List.of(new InetSocketAddress(LOOPBACK, 0)),
                        true,
                        Service.Limits.DEFAULT,
                        Service.Proxies.NONE,
                        Duration.ofMillis(600)),
                server,
                new Door() {
                    @Override
                    public void serve(Connection connection) {
                        outcomes.add("served");
                    }

                    @Override
                    public String refusal(Crowded why) {
                        return "";
                    }
                },
                trace);
        listeners.add(listener);
        try (Socket socket = new Socket(LOOPBACK, listener.port())) {
            socket.setSoTimeout(100);
            long begun = System.nanoTime();
            byte[] hello = {22, 3, 1, 2, 0};
            int sent = 0;
            while (true) {
                try {
                    if (sent < 200) {
                        socket.getOutputStream().write(sent < hello.length ? hello[sent] : 1);
                        sent++;
                    }
                    if (socket.getInputStream().read() < 0) {
                        break;
                    }
                } catch (java.net.SocketTimeoutException _) {
                    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
                } catch (IOException _) {
                    break;
                }
            }
            assertThat(outcomes).isEmpty();
        }
    }

    // ---- we as a client ------------------------------------------------------------------------------------------

    private TlsDetails handshake(TlsClient client, int port, TlsClient.Peer peer) throws IOException {
        try (Connection connection = connect(port)) {
            TlsDetails details = connection.startTls(client, peer);
            connection.write("hello\r\n");
            connection.readLine(100);
            return details;
        }
    }

    @Test
    void aServerIsVerifiedWhereSomeoneDemandsIt() throws Exception {
        TestCertificates.pem(file("ca.pem"), CA.authority());
        TlsClient client = new TlsClient(new TlsClient.Settings(
                List.of(file("ca.pem")), List.of(), ">=TLSv1.2", List.of(), 100, Duration.ofHours(1)));
        int ours = echo(server(written(CA.issue("EC", "mx.example.net"))));
        Issued foreign = new TestCertificates("Somebody else").issue("EC", "mx.example.net");
        TestCertificates.pem(file("foreign.pem"), foreign.key(), foreign.chain().getFirst());
        int theirs = echo(server(TlsSettings.of("x", file("foreign.pem"), file("foreign.pem"))));

        TlsClient.Peer anybody = TlsClient.Peer.anybodyAt("mx.example.net");
        assertThat(handshake(client, ours, anybody).trust()).isEqualTo(TlsDetails.Trust.VERIFIED);
        assertThat(handshake(client, theirs, anybody).trust()).isEqualTo(TlsDetails.Trust.UNTRUSTED);
        assertThat(handshake(client, ours, TlsClient.Peer.anybodyAt("other.example"))
                        .trust())
                .isEqualTo(TlsDetails.Trust.TRUSTED);

        TlsClient.Peer demanded = new TlsClient.Peer("mx.example.net", List.of("mx.example.net"), true);
        assertThat(handshake(client, ours, demanded).trust()).isEqualTo(TlsDetails.Trust.VERIFIED);
        // The session that nobody verified is resumed here, and verified all the same.
        assertThatThrownBy(() -> handshake(client, theirs, demanded)).isInstanceOf(NotVerified.class);
        assertThatThrownBy(() ->
                        handshake(client, ours, new TlsClient.Peer("mx.example.net", List.of("mx.example.com"), true)))
                .isInstanceOf(NotVerified.class)
                .hasMessageContaining("mx.example.com");
        assertThat(handshake(client, ours, new TlsClient.Peer("mx.example.net", List.of(".example.net"), true))
                        .trust())
                .isEqualTo(TlsDetails.Trust.VERIFIED);
    }

    @Test
    void aStarStandsForOneLabel() {
        assertThat(TlsClient.fits("*.example.net", "mx.Example.net")).isTrue();
        assertThat(TlsClient.fits("*.example.net", "a.mx.example.net")).isFalse();
        assertThat(TlsClient.fits("*.example.net", "example.net")).isFalse();
        assertThat(TlsClient.fits("mx.example.net", ".example.net")).isTrue();
        assertThat(TlsClient.fits("mxexample.net", ".example.net")).isFalse();
    }

    @Test
    void aClientCertificateIsAskedForAndJudged() throws Exception {
        Issued issued = CA.issue("EC", "mail.example.com");
        TestCertificates.pem(file("ca.pem"), CA.authority());
        Issued ours = CA.issue("EC", "client.example.net");
        TestCertificates.pem(file("client.pem"), ours.key(), ours.chain().getFirst());
        TlsSettings plain = written(issued);
        TlsServer server = server(new TlsSettings(
                        plain.hostName(),
                        plain.certificates(),
                        Map.of(),
                        List.of(file("ca.pem")),
                        100,
                        Duration.ofHours(1)))
                .with(TlsRules.of(">=TLSv1.2", List.of(), false, TlsRules.ClientCertificate.ASKED));
        int port = echo(server);
        TlsClient client = new TlsClient(
                new TlsClient.Settings(List.of(), List.of(file("client.pem")), "", List.of(), 10, Duration.ofHours(1)));
        handshake(client, port, TlsClient.Peer.anybodyAt("mail.example.com"));
        TlsDetails details = details();
        assertThat(details.clientCommonName()).contains("client.example.net");
        assertThat(details.trust()).isEqualTo(TlsDetails.Trust.TRUSTED);
        handshake(new TlsClient(), port, TlsClient.Peer.anybodyAt("mail.example.com"));
        assertThat(details().trust()).isEqualTo(TlsDetails.Trust.NONE);
        int strict = echo(server.with(TlsRules.of(">=TLSv1.2", List.of(), false, TlsRules.ClientCertificate.REQUIRED)));
        assertThatThrownBy(() -> handshake(new TlsClient(), strict, TlsClient.Peer.anybodyAt("mail.example.com")))
                .isInstanceOf(IOException.class);
    }

    // ---- protocols and ciphers -----------------------------------------------------------------------------------

    @Test
    void protocolsAreWrittenAsInPostfix() {
        List<String> both = List.of("TLSv1.2", "TLSv1.3");
        for (String text :
                List.of("", ">=TLSv1.2", "!SSLv2,!SSLv3", "!SSLv2 !SSLv3 !TLSv1 !TLSv1.1", ">=TLSv1", "<=TLSv1.3")) {
            assertThat(Ciphers.protocols(text)).as(text).isEqualTo(both);
        }
        assertThat(Ciphers.protocols("!TLSv1.2")).containsExactly("TLSv1.3");
        assertThat(Ciphers.protocols(">=TLSv1.3")).containsExactly("TLSv1.3");
        assertThat(Ciphers.protocols("TLSv1.2")).containsExactly("TLSv1.2");
        assertThat(Ciphers.protocols("tlsv1.1, tlsv1.2")).containsExactly("TLSv1.2");
        assertThatThrownBy(() -> Ciphers.protocols("SSLv3")).isInstanceOf(BadSyntax.class);
        assertThatThrownBy(() -> Ciphers.protocols("!TLSv9")).hasMessageContaining("TLSv1.3");
    }

    @Test
    void excludedProtocolsAndCiphersAreNotSpoken() throws Exception {
        TlsServer server = server(written(CA.issue("RSA", "mail.example.com")));
        int port = echo(server.with(TlsRules.of(
                "!TLSv1.3",
                List.of("AES128", "kRSA", "SHA1", "ECDHE+CHACHA20"),
                true,
                TlsRules.ClientCertificate.UNASKED)));
        assertThat(shown(port)).isNotNull();
        assertThat(details().protocol()).isEqualTo("TLSv1.2");
        for (String suite : List.of(
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")) {
            SSLSocket socket = client(TestCertificates.clientContext(), port);
            socket.setEnabledCipherSuites(new String[] {suite});
            assertThatThrownBy(() -> talk(socket)).as(suite).isInstanceOf(SSLException.class);
        }
        SSLSocket socket = client(TestCertificates.clientContext(), port);
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        assertThatThrownBy(() -> talk(socket)).isInstanceOf(SSLException.class);
    }

    @Test
    void withoutACertificateThereIsNoTls() {
        assertThat(new TlsServer().isAvailable()).isFalse();
    }
}
