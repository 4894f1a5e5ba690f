package tamanoir.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters.InternetProtocol;
import tamanoir.server.net.ProxyHeader.Itself;
import tamanoir.server.net.ProxyHeader.Told;
import tamanoir.server.observe.Trace;
import tamanoir.server.testkit.TestCertificates;

@Timeout(60)
class ProxyTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";

    @TempDir
    Path folder;

    private static ProxyHeader read(byte[] octets) throws IOException {
        int[] at = {0};
        ProxyHeader header = ProxyHeader.read((target, offset, length) -> {
            if (at[0] == octets.length) {
                throw new EOFException();
            }
            int n = Math.min(length, Math.min(3, octets.length - at[0])); // In small pieces.
            System.arraycopy(octets, at[0], target, offset, n);
            at[0] += n;
            return n;
        });
        assertThat(at[0]).as("octets read").isEqualTo(octets.length);
        return header;
    }

    private static ProxyHeader line(String line) throws IOException {
        return read(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ProxyHeader hex(String hex) throws IOException {
        return read(HexFormat.of().parseHex(hex));
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Test
    void theFirstVersionIsALine() throws IOException {
        assertThat(line("PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n"))
                .isEqualTo(new Told(at("192.0.2.1", 56324), at("198.51.100.2", 25)));
        assertThat(line("PROXY TCP6 2001:db8::1 2001:db8::2 0 65535\r\n"))
                .isEqualTo(new Told(at("2001:db8::1", 0), at("2001:db8::2", 65535)));
        assertThat(line("PROXY UNKNOWN\r\n")).isEqualTo(new Itself());
        assertThat(line("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")).isEqualTo(new Itself());
        for (String bad : List.of(
                "EHLO client.example\r\n".substring(0, 15),
                "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n",
                "PROXY TCP4 192.0.2.1 ::1 1 25\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 65536 25\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 01 25\r\n",
                "PROXY TCP4 host.example 198.51.100.2 1 25\r\n",
                "PROXY TCP5 192.0.2.1 198.51.100.2 1 25\r\n",
                "PROXY UNKNOWN " + "x".repeat(93),
                "PROXY TCP4  198.51.100.2 1 25\r\n")) {
            assertThatThrownBy(() -> line(bad)).as(bad).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void theSecondVersionIsBinary() throws IOException {
        assertThat(hex(SIGNATURE + "2111000C" + "C0000201" + "C6336402" + "DC04" + "0019"))
                .isEqualTo(new Told(at("192.0.2.1", 56324), at("198.51.100.2", 25)));
        String six = "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "DC04" + "0019";
        assertThat(hex(SIGNATURE + "21210024" + six))
                .isEqualTo(new Told(at("2001:db8::1", 56324), at("2001:db8::2", 25)));
        assertThat(hex(SIGNATURE + "21210029" + six + "0500020102")) // With a note behind.
                .isEqualTo(new Told(at("2001:db8::1", 56324), at("2001:db8::2", 25)));
        assertThat(hex(SIGNATURE + "20000000")).isEqualTo(new Itself());
        assertThat(hex(SIGNATURE + "21000000")).isEqualTo(new Itself());
        for (String bad : List.of("1111000C", "2211000C" + "00".repeat(12), "21110004" + "00".repeat(4), "2111FFFF")) {
            assertThatThrownBy(() -> hex(SIGNATURE + bad)).as(bad).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void noiseIsNoHeader() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            byte[] start = i % 2 == 0
                    ? "PROXY ".getBytes(StandardCharsets.US_ASCII)
                    : HexFormat.of().parseHex(SIGNATURE);
            System.arraycopy(start, 0, octets, 0, Math.min(start.length, octets.length));
            try {
                read(octets);
            } catch (BadSyntax | IOException | AssertionError _) {
                // All of these are fine; anything else is a bug.
            }
        }
    }

    /// Answers who the client is, in clear and under TLS; `arrived` has a permit for each that came so far.
    private static final class WhoIsThere implements Door {
        private final Semaphore arrived = new Semaphore(0);

        @Override
        public void serve(Connection connection) throws IOException {
            arrived.release();
            connection.write(connection.peer().getAddress().getHostAddress() + " to "
                    + connection.local().getPort() + " said "
                    + connection.readLine(100).octets().latin1() + "\r\n");
        }

        @Override
        public String refusal(Crowded why) {
            return "too many of " + why + "\r\n";
        }
    }

    private Service service(boolean tls, boolean believed) {
        return new Service(
                "test",
                List.of(new InetSocketAddress(LOOPBACK, 0)),
                tls,
                new Service.Limits(100, 1, 64, _ -> false),
                new Service.Proxies(_ -> believed, Duration.ofMillis(500)),
                Duration.ofSeconds(10));
    }

    @Test
    void theClientIsTheOneTheProxyTells() throws Exception {
        Path file = folder.resolve("self.pem");
        SelfSigned.write(SelfSigned.make("mail.example.com", InstantSource.system()), file, file);
        Trace trace = new Trace("test", "");
        TlsServer tls = new TlsServer(TlsSettings.of("mail.example.com", file, file), trace);
        String header = "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n";
        WhoIsThere door = new WhoIsThere();
        try (Network network = new Network();
                Listener plain = network.listen(service(false, true), tls, door, trace);
                Listener secure = network.listen(service(true, true), tls, new WhoIsThere(), trace);
                Listener closed = network.listen(service(false, false), tls, new WhoIsThere(), trace)) {
            assertThat(ask(plain.port(), header + "hello\r\n")).isEqualTo("192.0.2.1 to 25 said hello\r\n");
            assertThat(ask(plain.port(), "hello there, this is no proxy\r\n")).isEmpty();
            assertThat(ask(plain.port(), "")).isEmpty(); // Too slow for it.
            assertThat(ask(closed.port(), header)).startsWith("127.0.0.1 to ").contains("said PROXY TCP4");

            // The limit counts clients, not the proxy they all come through.
            try (Socket first = new Socket(LOOPBACK, plain.port())) {
                door.arrived.drainPermits();
                first.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
                assertThat(door.arrived.tryAcquire(10, TimeUnit.SECONDS)).isTrue(); // It is counted by now.
                assertThat(ask(plain.port(), header.replace(".2.1 ", ".2.9 ") + "hello\r\n"))
                        .startsWith("192.0.2.9 ");
                assertThat(ask(plain.port(), header)).isEqualTo("too many of CLIENT\r\n");
            }

            try (Socket socket = new Socket(LOOPBACK, secure.port())) {
                // Header and handshake in one segment: not one octet of the latter may be lost.
                socket.setTcpNoDelay(false);
                socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
                SSLSocket ssl = TestCertificates.trustingAll(socket, Optional.empty());
                ssl.getOutputStream().write("hi\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(ssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("192.0.2.1 to 25 said hi\r\n");
            }
        }
    }

    private static String ask(int port, String text) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (java.net.SocketException _) {
                // Reset: what we said last was not read.
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    // ---- what main.cf says ---------------------------------------------------------------------------------------

    @Test
    void aServiceIsMadeOfMainCf() throws Exception {
        Config config = Config.of(
                folder,
                Map.of(
                        "inet_interfaces", "127.0.0.1",
                        "smtpd_upstream_proxy_protocol", "haproxy",
                        "upstream_proxy_hosts", "192.0.2.0/24, [2001:db8::]/32"));
        Service service = Service.from(config, "smtp", 2525, false, 0, _ -> false);
        assertThat(service.addresses()).containsExactly(at("127.0.0.1", 2525));
        assertThat(service.limits().perClient()).isEqualTo(Integer.MAX_VALUE);
        assertThat(service.proxies().believed().test(InetAddress.ofLiteral("192.0.2.77")))
                .isTrue();
        assertThat(service.proxies().believed().test(InetAddress.ofLiteral("2001:db8:1::1")))
                .isTrue();
        assertThat(service.proxies().believed().test(InetAddress.ofLiteral("192.0.3.1")))
                .isFalse();
        assertThat(Service.from(Config.of(Map.of()), "smtp", 25, false, 50, _ -> false)
                        .proxies()
                        .believed()
                        .test(LOOPBACK))
                .isFalse();
    }

    @Test
    void doorsForProgramsBesideUsStandOnLoopbackUnlessSetForThemAlone() throws Exception {
        Map<String, String> everywhere = Map.of("inet_interfaces", "all", "inet_protocols", "ipv4");
        Map<String, String> opened =
                Map.of("inet_interfaces", "all", "inet_protocols", "ipv4", "reinject/inet_interfaces", "127.0.0.9");
        Config closed = Config.of(folder, everywhere);
        Config open = Config.of(folder, opened);
        assertThat(Service.addresses(closed.service("smtp"), "smtp", 25)).containsExactly(at("0.0.0.0", 25));
        assertThat(Service.addresses(closed.service("lmtp"), "lmtp", 24)).containsExactly(at("127.0.0.1", 24));
        assertThat(Service.addresses(open.service("lmtp"), "lmtp", 24)).containsExactly(at("127.0.0.1", 24));
        assertThat(Service.addresses(open.service("reinject"), "reinject", 10_025))
                .containsExactly(at("127.0.0.9", 10_025));
    }

    @Test
    void addressesToListenOnFollowTheProtocols() throws Exception {
        List<InternetProtocol> ipv4 = List.of(InternetProtocol.IPV4);
        assertThat(Interfaces.listening(List.of("all"), ipv4, 25)).containsExactly(at("0.0.0.0", 25));
        assertThat(Interfaces.listening(List.of("loopback-only"), ipv4, 25)).containsExactly(at("127.0.0.1", 25));
        assertThat(Interfaces.listening(List.of("loopback-only"), List.of(InternetProtocol.ALL), 25))
                .contains(at("127.0.0.1", 25));
        assertThat(Interfaces.listening(List.of("127.0.0.1", "127.0.0.2"), ipv4, 25))
                .hasSize(2);
        assertThatThrownBy(() -> Interfaces.listening(List.of("[::1]"), ipv4, 25))
                .hasMessageContaining("inet_interfaces");
    }

    @Test
    void certificatesAreFoundWhereMainCfSays() throws Exception {
        Files.writeString(
                folder.resolve("sni"), "# names\nwww.example.com one.pem\n two.pem\n\n.example.net /etc/x.pem\n");
        TlsSettings settings = TlsSettings.from(Config.of(
                folder,
                Map.of("myhostname", "mail.example.com", "tls_server_sni_maps", "hash:" + folder.resolve("sni"))));
        assertThat(settings.certificates())
                .containsExactly(List.of(
                        folder.resolve("tls/mail.example.com.pem"), folder.resolve("tls/mail.example.com.key")));
        assertThat(settings.byName())
                .isEqualTo(Map.of(
                        "www.example.com", List.of(folder.resolve("one.pem"), folder.resolve("two.pem")),
                        ".example.net", List.of(Path.of("/etc/x.pem"))));
        TlsSettings chains = TlsSettings.from(Config.of(folder, Map.of("smtpd_tls_chain_files", "a.pem, b.pem")));
        assertThat(chains.certificates()).containsExactly(List.of(folder.resolve("a.pem"), folder.resolve("b.pem")));
        assertThat(TlsRules.from(Config.of(Map.of("smtpd_tls_mandatory_protocols", "!SSLv2,!SSLv3,!TLSv1.2")), true)
                        .protocols())
                .containsExactly("TLSv1.3");
        assertThatThrownBy(() -> TlsRules.from(Config.of(Map.of("smtpd_tls_protocols", "TLSv1")), false))
                .isInstanceOf(BadSyntax.class);
    }
}
