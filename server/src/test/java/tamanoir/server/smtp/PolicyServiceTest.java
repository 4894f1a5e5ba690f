package tamanoir.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `check_policy_service` against a service of the test's own (SMTPD_POLICY_README).
class PolicyServiceTest {
    private static final String US = "user001@example.com";

    @TempDir
    Path home;

    /// Answers each request by what `decide` makes of its attributes; an empty answer closes the
    /// connection.
    private static final class Service implements AutoCloseable {
        final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
        final AtomicInteger connections = new AtomicInteger();
        private final ServerSocketChannel listener;
        private final Function<Map<String, String>, String> decide;

        Service(SocketAddress address, Function<Map<String, String>, String> decide) throws IOException {
            this.decide = decide;
            this.listener = address instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            listener.bind(address);
            Thread.ofVirtual().start(this::accept);
        }

        static Service inet(Function<Map<String, String>, String> decide) throws IOException {
            return new Service(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), decide);
        }

        String address() throws IOException {
            return "inet:127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
        }

        private void accept() {
            while (listener.isOpen()) {
                try {
                    SocketChannel client = listener.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException _) {
                    return;
                }
            }
        }

        private void serve(SocketChannel client) {
            try (client;
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8))) {
                while (true) {
                    Map<String, String> request = new LinkedHashMap<>();
                    String line = in.readLine();
                    while (line != null && !line.isEmpty()) {
                        int equals = line.indexOf('=');
                        request.put(line.substring(0, equals), line.substring(equals + 1));
                        line = in.readLine();
                    }
                    if (line == null) {
                        return;
                    }
                    requests.add(request);
                    String action = decide.apply(request);
                    if (action.isEmpty()) {
                        return;
                    }
                    client.write(ByteBuffer.wrap((action + "\n\n").getBytes(StandardCharsets.UTF_8)));
                }
            } catch (IOException _) {
                // The other side has gone.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private MailOnLoopback server(String... pairs) throws IOException {
        Map<String, String> mainCf = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            mainCf.put(pairs[i], pairs[i + 1]);
        }
        MailOnLoopback up = new MailOnLoopback(home, mainCf);
        up.account(US);
        up.account("user002@example.com");
        return up;
    }

    @Test
    void theServiceIsToldEverythingAndAskedOnceForEachRecipient() throws IOException {
        try (Service service = Service.inet(r -> "action=DUNNO");
                MailOnLoopback up = server(
                        "smtpd_recipient_restrictions", "check_policy_service " + service.address(),
                        "smtpd_data_restrictions", "check_policy_service " + service.address(),
                        "smtpd_end_of_data_restrictions", "check_policy_service " + service.address(),
                        "smtpd_policy_service_policy_context", "of the test");
                SmtpClient client = up.client("smtp")) {
            client.say("XCLIENT ADDR=203.0.113.9 NAME=mail.example.net");
            client.say("EHLO helo.example.net");
            assertThat(client.mail("a@example.net", "Subject: x\r\n\r\nx\r\n", US, "user002@example.com"))
                    .startsWith("250");
            assertThat(service.requests)
                    .extracting(r -> r.get("protocol_state"))
                    .containsExactly("RCPT", "RCPT", "DATA", "END-OF-MESSAGE");
            assertThat(service.requests)
                    .extracting(r -> r.get("recipient"))
                    .containsExactly(US, "user002@example.com", "", "");
            assertThat(service.requests)
                    .extracting(r -> r.get("recipient_count"))
                    .containsExactly("0", "0", "2", "2");
            Map<String, String> first = service.requests.getFirst();
            assertThat(first)
                    .containsEntry("request", "smtpd_access_policy")
                    .containsEntry("protocol_name", "ESMTP")
                    .containsEntry("client_address", "203.0.113.9")
                    .containsEntry("client_name", "mail.example.net")
                    .containsEntry("reverse_client_name", "mail.example.net")
                    .containsEntry("helo_name", "helo.example.net")
                    .containsEntry("sender", "a@example.net")
                    .containsEntry("sasl_username", "")
                    .containsEntry("size", "0")
                    .containsEntry("server_address", "127.0.0.1")
                    .containsEntry("encryption_protocol", "")
                    .containsEntry("policy_context", "of the test")
                    .containsKeys(
                            "queue_id",
                            "instance",
                            "sasl_method",
                            "sasl_sender",
                            "ccert_subject",
                            "ccert_issuer",
                            "ccert_fingerprint",
                            "ccert_pubkey_fingerprint",
                            "encryption_cipher",
                            "encryption_keysize",
                            "etrn_domain",
                            "stress",
                            "client_port",
                            "server_port");
            assertThat(first.get("instance")).isNotEmpty();
            assertThat(service.requests).extracting(r -> r.get("instance")).containsOnly(first.get("instance"));
            assertThat(service.requests.getLast().get("size")).isEqualTo("17");
            // One connection serves all places of a list; here there are three lists that name the service.
            assertThat(service.connections).hasValue(1);
        }
    }

    @Test
    void aSignedInUserUnderTlsIsTold() throws IOException {
        try (Service service = Service.inet(r -> "action=DUNNO");
                MailOnLoopback up =
                        server("smtpd_recipient_restrictions", "check_policy_service " + service.address());
                SmtpClient client = up.client("submission")) {
            client.say("EHLO laptop.example.net");
            client.startTls();
            client.say("EHLO laptop.example.net");
            assertThat(client.plain(US, "secret")).startsWith("235");
            client.say("MAIL FROM:<" + US + ">");
            assertThat(client.say("RCPT TO:<user002@example.com>")).startsWith("250");
            assertThat(service.requests.getFirst())
                    .containsEntry("sasl_username", US)
                    .containsEntry("sasl_method", "PLAIN")
                    .containsEntry("encryption_protocol", "TLSv1.3");
            assertThat(service.requests.getFirst().get("encryption_cipher")).startsWith("TLS_");
        }
    }

    @Test
    void theActionIsOneOfAccess5() throws IOException {
        Map<String, String> actions = Map.of(
                "reject@example.net", "action=REJECT no mail from you",
                "later@example.net", "action=DEFER_IF_PERMIT Greylisted",
                "prepend@example.net", "action=PREPEND X-Policy: seen",
                "ok@example.net", "other=thing\naction=OK");
        try (Service service = Service.inet(r -> actions.getOrDefault(r.get("sender"), "action=DUNNO"));
                MailOnLoopback up = server(
                        "smtpd_recipient_restrictions", "check_policy_service " + service.address() + ", reject")) {
            assertThat(up.atRcpt("", "h.example.net", "reject@example.net", US))
                    .isEqualTo("554 5.7.1 <" + US + ">: Recipient address rejected: no mail from you");
            assertThat(up.atRcpt("", "h.example.net", "ok@example.net", US)).startsWith("250");
            assertThat(up.atRcpt("", "h.example.net", "other@example.net", US)).startsWith("554 5.7.1");
        }
        try (Service service = Service.inet(r -> actions.getOrDefault(r.get("sender"), "action=DUNNO"));
                MailOnLoopback up =
                        server("smtpd_recipient_restrictions", "check_policy_service " + service.address());
                SmtpClient client = up.client("smtp")) {
            assertThat(up.atRcpt("", "h.example.net", "later@example.net", US))
                    .startsWith("450 4.7.1")
                    .endsWith("Greylisted");
            client.say("EHLO h.example.net");
            assertThat(client.mail("prepend@example.net", "Subject: x\r\n\r\nx\r\n", US))
                    .startsWith("250");
            assertThat(up.inbox(US).getFirst()).contains("X-Policy: seen\r\nReceived: ");
        }
    }

    @Test
    void aServiceThatClosedWhatWasIdleIsAskedAgain() throws IOException {
        AtomicInteger count = new AtomicInteger();
        // Every second request finds the connection closed behind it.
        try (Service service = Service.inet(r -> count.incrementAndGet() == 2 ? "" : "action=DUNNO");
                MailOnLoopback up =
                        server("smtpd_recipient_restrictions", "check_policy_service " + service.address())) {
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", US)).startsWith("250");
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", US)).startsWith("250");
            assertThat(service.connections).hasValue(2);
        }
    }

    @Test
    void aServiceThatSaysNothingMeansItsDefaultAction() throws IOException {
        String[] patience = {"smtpd_policy_service_timeout", "1s", "smtpd_policy_service_try_limit", "1"};
        // A name that nobody listens on.
        try (MailOnLoopback up = server(
                patience[0],
                patience[1],
                patience[2],
                patience[3],
                "smtpd_recipient_restrictions",
                "check_policy_service unix:nobody")) {
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", US))
                    .startsWith("451 4.3.5 <" + US + ">: Recipient address rejected: Server configuration problem");
        }
        try (MailOnLoopback up = server(
                patience[0],
                patience[1],
                patience[2],
                patience[3],
                "smtpd_recipient_restrictions",
                "check_policy_service { unix:nobody, default_action = DUNNO, try_limit = 2, retry_delay = 0s }")) {
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", US)).startsWith("250");
        }
        // One that listens and never answers.
        try (ServerSocketChannel silent = ServerSocketChannel.open()) {
            silent.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            int port = ((InetSocketAddress) silent.getLocalAddress()).getPort();
            try (MailOnLoopback up = server(
                    patience[0],
                    patience[1],
                    patience[2],
                    patience[3],
                    "smtpd_recipient_restrictions",
                    "check_policy_service inet:127.0.0.1:" + port)) {
                assertThat(up.atRcpt("", "h.example.net", "a@example.net", US)).startsWith("451 4.3.5");
            }
        }
    }

    @Test
    void aServiceMayListenInTheFileSystem() throws IOException {
        Path socket = Path.of(
                System.getProperty("java.io.tmpdir"),
                "policy-" + ProcessHandle.current().pid());
        try (Service service = new Service(UnixDomainSocketAddress.of(socket), r -> "action=REJECT");
                MailOnLoopback up = server("smtpd_recipient_restrictions", "check_policy_service unix:" + socket)) {
            assertThat(up.atRcpt("", "h.example.net", "a@example.net", US)).startsWith("554 5.7.1");
            assertThat(service.requests).hasSize(1);
        } finally {
            java.nio.file.Files.deleteIfExists(socket);
        }
    }
}
