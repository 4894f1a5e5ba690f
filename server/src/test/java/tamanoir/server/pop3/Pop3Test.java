package tamanoir.server.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.sasl.ClientMechanism;
import tamanoir.mail.sasl.ResponseLine;
import tamanoir.mail.text.Octets;
import tamanoir.server.net.Connection;
import tamanoir.server.net.Network;
import tamanoir.server.net.TlsClient;
import tamanoir.server.net.TlsDetails;
import tamanoir.server.testkit.Dialogues;

@Timeout(120)
class Pop3Test {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Dialogues.beside(Pop3Test.class, () -> new Pop3OnLoopback(folder));
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(Pop3OnLoopback server) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.port(""));
            socket.setSoTimeout(20_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            assertThat(in.readLine()).startsWith("+OK");
        }

        String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return String.valueOf(in.readLine());
        }

        /// The lines of a multi-line answer, dots undone.
        List<String> lines() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                lines.add(line.startsWith(".") ? line.substring(1) : line);
            }
            return lines;
        }

        void login() throws IOException {
            assertThat(ask("USER ann")).startsWith("+OK");
            assertThat(ask("PASS secret")).startsWith("+OK");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void dotsAreDoubledAtEverySeam() throws Exception { // B39
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (Pop3OnLoopback server = new Pop3OnLoopback(folder)) {
            List<String> body = new ArrayList<>();
            int octets = "Subject: seams\r\n\r\n".length();
            while (octets < 60_000) { // A dot begins a line where portions of powers of two end.
                int length = octets % 8192 < 4000 ? 8192 - octets % 8192 - 2 : random.nextInt(100);
                body.add("x".repeat(Math.max(0, Math.min(900, length))));
                body.add(random.nextBoolean() ? "." : ".".repeat(random.nextInt(4)) + "dots");
                octets += body.get(body.size() - 2).length() + body.getLast().length() + 4;
            }
            String text = "Subject: seams\r\n\r\n" + String.join("\r\n", body) + "\r\n";
            server.deposit("", Octets.latin1(text));
            try (Client client = new Client(server)) {
                client.login();
                assertThat(client.ask("RETR 4")).isEqualTo("+OK " + text.length() + " octets");
                assertThat(String.join("\r\n", client.lines()) + "\r\n")
                        .as("seed %d", seed)
                        .isEqualTo(text);
                assertThat(client.ask("TOP 4 7")).startsWith("+OK");
                assertThat(client.lines()).as("seed %d", seed).hasSize(9).endsWith(body.get(6));
            }
        }
    }

    @Test
    void imapIsNotLockedOutAndSeesWhatQuitRemoves() throws Exception {
        try (Pop3OnLoopback server = new Pop3OnLoopback(folder);
                Client client = new Client(server)) {
            client.login();
            assertThat(client.ask("DELE 1")).startsWith("+OK");
            server.deposit("", "Subject: four\r\n\r\nnew\r\n");
            assertThat(server.mail().find("INBOX").orElseThrow().messages()).isEqualTo(4);
            assertThat(client.ask("LIST 4")).startsWith("-ERR"); // Not in the picture.
            assertThat(client.ask("QUIT")).startsWith("+OK");
            assertThat(server.mail().find("INBOX").orElseThrow().messages()).isEqualTo(3);
        }
    }

    @Test
    void scramIsBoundToTheChannelOfThisVeryConnection() throws Exception { // RFC 5802 §6, RFC 9266
        try (Pop3OnLoopback server = new Pop3OnLoopback(folder);
                Network network = new Network();
                Connection connection = network.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port("pop3s")),
                        Optional.empty(),
                        Duration.ofSeconds(10))) {
            TlsDetails tls = connection.startTls(new TlsClient(), "pop.example.com");
            assertThat(line(connection)).startsWith("+OK");
            ClientMechanism mechanism = ClientMechanism.choose(
                            List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"),
                            _ -> true,
                            tls.channelBindings(),
                            "ann",
                            "secret")
                    .orElseThrow();
            assertThat(mechanism.name()).isEqualTo("SCRAM-SHA-256-PLUS");
            connection.write("AUTH " + mechanism.name() + " " + ResponseLine.encode(mechanism.initial()) + "\r\n");
            String answer = line(connection);
            while (answer.startsWith("+ ")) {
                Octets response = mechanism.respond(ResponseLine.decode(Octets.of(answer.substring(2))));
                connection.write(ResponseLine.encode(response) + "\r\n");
                answer = line(connection);
            }
            assertThat(answer).isEqualTo("+OK 3 messages");
            assertThat(mechanism.mayBelieveSuccess()).isTrue();
        }
    }

    private static String line(Connection connection) throws IOException {
        return connection.readLine(1000).octets().latin1();
    }

    @Test
    void anAccountHasSoManySessionsAtATime() throws Exception {
        try (Pop3OnLoopback server = new Pop3OnLoopback(folder);
                Client one = new Client(server);
                Client two = new Client(server);
                Client three = new Client(server);
                Client four = new Client(server)) {
            one.login();
            two.login();
            three.login();
            four.ask("USER ann");
            assertThat(four.ask("PASS secret")).startsWith("-ERR [IN-USE]");
            one.ask("QUIT");
            four.login();
        }
    }
}
