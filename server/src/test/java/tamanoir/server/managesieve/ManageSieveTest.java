package tamanoir.server.managesieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.mail.sasl.ScramClient;
import tamanoir.mail.sasl.ScramHash;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.config.ImapParameters.PlaintextLogin;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.net.Listener;
import tamanoir.server.net.Network;
import tamanoir.server.net.SelfSigned;
import tamanoir.server.net.Service;
import tamanoir.server.net.TlsServer;
import tamanoir.server.net.TlsSettings;
import tamanoir.server.observe.Trace;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.sieve.Dialect;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.sieve.SieveSettings;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.testkit.TestCertificates;

/// ManageSieve as a client sees it (RFC 5804), on loopback.
@Timeout(60)
class ManageSieveTest {
    @TempDir
    Path folder;

    private final MemoryStore store = new MemoryStore();
    private final Network network = new Network();
    private Directory directory;
    private Scripts scripts;
    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        DirectorySettings cheap =
                new DirectorySettings(1, 256, Duration.ofSeconds(10), Duration.ofMinutes(10), 8, 1, 1, 4096, 100);
        directory = new Directory(store, InstantSource.system(), cheap, () -> List.of(Domain.of("example.com")));
        directory.addDomain(Domain.of("example.com"));
        directory.addAccount(Address.of("ann@example.com"), "Ann", "secret", 0);
        Dialect dialect = new Dialect(SieveSettings.from(
                Config.of(folder, Map.of("sieve_quota_max_scripts", "3", "sieve_max_script_size", "2000"))));
        scripts = new Scripts(new Personal(store, directory, PersonalSettings.defaults()), () -> dialect);
        Path certificate = folder.resolve("self.pem");
        SelfSigned.write(SelfSigned.make("mail.example.com", InstantSource.system()), certificate, certificate);
        TlsServer tls = new TlsServer(
                TlsSettings.of("mail.example.com", certificate, certificate), new Trace("managesieve", ""));
        listener = listen(PlaintextLogin.LOOPBACK, tls);
    }

    private Listener listen(PlaintextLogin plaintext, TlsServer tls) throws IOException {
        Service service = new Service(
                "managesieve",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                false,
                new Service.Limits(500, 500, 64, _ -> false),
                Service.Proxies.NONE,
                Duration.ofSeconds(10));
        ManageSieveSettings settings =
                new ManageSieveSettings(Duration.ofMinutes(30), Duration.ofSeconds(20), plaintext, 8, Duration.ZERO);
        return network.listen(
                service,
                tls,
                new ManageSieveDoor(directory, scripts, Optional.of(tls), settings),
                new Trace("managesieve", ""));
    }

    @AfterEach
    void stop() {
        listener.drain(Duration.ofMillis(200));
        network.close();
        directory.close();
        store.close();
    }

    /// A client that reads answers whole: up to the line with OK, NO or BYE.
    private static final class Client implements AutoCloseable {
        private Socket socket;
        private InputStream in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        Client send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return this;
        }

        String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.write(c);
            }
            return line.toString(StandardCharsets.UTF_8).replace("\r", "");
        }

        String answer() throws IOException {
            StringBuilder answer = new StringBuilder();
            while (true) {
                String line = line();
                answer.append(answer.isEmpty() ? "" : "\n").append(line);
                if (line.endsWith("}") && line.contains("{")) {
                    int length = Integer.parseInt(line.substring(line.lastIndexOf('{') + 1, line.length() - 1));
                    answer.append('\n').append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                    answer.append(line());
                }
                if (line.isEmpty() || line.startsWith("OK") || line.startsWith("NO") || line.startsWith("BYE")) {
                    return answer.toString();
                }
            }
        }

        String say(String command) throws IOException {
            return send(command + "\r\n").answer();
        }

        void startTls() throws IOException {
            socket = TestCertificates.over(TestCertificates.clientContext(), socket, Optional.empty());
            in = new BufferedInputStream(socket.getInputStream());
        }

        boolean isClosed() throws IOException {
            return in.read() < 0;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client client() throws IOException {
        Client client = new Client(listener.port());
        assertThat(client.answer()).contains("\"IMPLEMENTATION\" \"Tamanoir\"").endsWith("OK \"Tamanoir ready\"");
        return client;
    }

    private static String plain(String password) {
        return Base64.getEncoder().encodeToString(("\0ann\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Client signedIn() throws IOException {
        Client client = client();
        assertThat(client.say("AUTHENTICATE \"PLAIN\" \"" + plain("secret") + "\""))
                .startsWith("OK");
        return client;
    }

    @Test
    void theGreetingTellsWhatThereIs() throws IOException {
        try (Client client = new Client(listener.port())) {
            List<String> lines = new ArrayList<>(client.answer().lines().toList());
            assertThat(lines)
                    .contains("\"VERSION\" \"1.0\"", "\"NOTIFY\" \"mailto\"", "\"STARTTLS\"", "\"MAXREDIRECTS\" \"4\"")
                    .anyMatch(line -> line.startsWith("\"SIEVE\" \"") && line.contains(" fileinto "))
                    .anyMatch(line -> line.startsWith("\"SASL\" \"SCRAM-SHA-256") && line.contains("PLAIN"));
            assertThat(client.say("NOOP \"a tag\"")).isEqualTo("OK (TAG \"a tag\") \"done\"");
            assertThat(client.say("LISTSCRIPTS")).startsWith("NO ");
            assertThat(client.say("LOGOUT")).startsWith("OK");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void scriptsAreKeptListedActivatedRenamedAndDeleted() throws IOException {
        try (Client client = signedIn()) {
            assertThat(client.say("PUTSCRIPT \"main\" {27+}\r\nredirect \"a@example.net\";\r\n"))
                    .startsWith("OK");
            assertThat(client.say("PUTSCRIPT \"other\" \"keep;\"")).startsWith("OK");
            assertThat(client.say("SETACTIVE \"main\"")).startsWith("OK");
            assertThat(client.say("LISTSCRIPTS")).isEqualTo("\"main\" ACTIVE\n\"other\"\nOK");
            assertThat(client.say("DELETESCRIPT \"main\"")).startsWith("NO (ACTIVE) ");
            assertThat(client.say("RENAMESCRIPT \"main\" \"other\"")).startsWith("NO (ALREADYEXISTS) ");
            assertThat(client.say("RENAMESCRIPT \"main\" \"first\"")).startsWith("OK");
            assertThat(client.say("GETSCRIPT \"first\"")).isEqualTo("{27}\nredirect \"a@example.net\";\r\n\nOK");
            assertThat(client.say("SETACTIVE \"\"")).startsWith("OK");
            assertThat(client.say("DELETESCRIPT \"first\"")).startsWith("OK");
            assertThat(client.say("LISTSCRIPTS")).isEqualTo("\"other\"\nOK");
            for (String missing :
                    new String[] {"GETSCRIPT \"x\"", "DELETESCRIPT \"x\"", "SETACTIVE \"x\"", "RENAMESCRIPT \"x\" \"y\""
                    }) {
                assertThat(client.say(missing)).startsWith("NO (NONEXISTENT) ");
            }
        }
        assertThat(scripts.list(directory.byLoginName("ann").orElseThrow().id()))
                .hasSize(1);
    }

    @Test
    void whatIsWrongIsToldWithItsLineAndNotKept() throws IOException {
        try (Client client = signedIn()) {
            assertThat(client.say("CHECKSCRIPT \"keep;\"")).startsWith("OK");
            assertThat(client.say("PUTSCRIPT \"bad\" {24+}\r\nkeep;\r\nfileinto \"a\";\r\n "))
                    .startsWith("NO ")
                    .contains("line 2");
            assertThat(client.say("CHECKSCRIPT \"nonsense;\""))
                    .startsWith("NO ")
                    .contains("nonsense");
            assertThat(client.say("LISTSCRIPTS")).isEqualTo("OK");
            assertThat(client.say("CHECKSCRIPT {35+}\r\nrequire \"include\"; include \"later\";\r\n"))
                    .startsWith("OK (WARNINGS) ")
                    .contains("later");
        }
    }

    @Test
    void limitsAreKeptAndNamed() throws IOException {
        try (Client client = signedIn()) {
            String large = "#" + "x".repeat(2_500);
            assertThat(client.say("PUTSCRIPT \"a\" {" + large.length() + "+}\r\n" + large))
                    .startsWith("NO (QUOTA/MAXSIZE) ");
            assertThat(client.say("HAVESPACE \"a\" 2001")).startsWith("NO (QUOTA/MAXSIZE) ");
            assertThat(client.say("HAVESPACE \"a\" 2000")).startsWith("OK");
            String huge = "#" + "x".repeat(100_000);
            assertThat(client.say("PUTSCRIPT \"a\" {" + huge.length() + "+}\r\n" + huge))
                    .startsWith("NO (QUOTA/MAXSIZE) ");
            for (String name : new String[] {"1", "2", "3"}) {
                assertThat(client.say("PUTSCRIPT \"" + name + "\" \"keep;\"")).startsWith("OK");
            }
            assertThat(client.say("PUTSCRIPT \"4\" \"keep;\"")).startsWith("NO (QUOTA/MAXSCRIPTS) ");
            assertThat(client.say("HAVESPACE \"4\" 10")).startsWith("NO (QUOTA/MAXSCRIPTS) ");
            assertThat(client.say("PUTSCRIPT \"3\" \"discard;\"")).startsWith("OK");
        }
    }

    @Test
    void namesAndTextsComeQuotedOrAsLiterals_B21() throws IOException {
        try (Client client = signedIn()) {
            assertThat(client.say("PUTSCRIPT \"new script\" {7+}\r\n#test\r\n")).startsWith("OK");
            assertThat(client.say("PUTSCRIPT {3+}\r\na b \"# \\\"x\\\"\"")).startsWith("OK");
            assertThat(client.say("LISTSCRIPTS")).isEqualTo("\"a b\"\n\"new script\"\nOK");
            assertThat(client.say("GETSCRIPT \"a b\"")).isEqualTo("{5}\n# \"x\"\nOK");
            assertThat(client.say("PUTSCRIPT \"say \\\"hi\\\"\" \"keep;\"")).startsWith("OK");
            assertThat(client.say("LISTSCRIPTS")).contains("\"say \\\"hi\\\"\"");
            for (String malformed : new String[] {
                "PUTSCRIPT a b",
                "PUTSCRIPT \"a",
                "PUTSCRIPT \"a\"\"b\"",
                "GETSCRIPT \"a\\b\"",
                "GETSCRIPT",
                "NONSENSE \"x\""
            }) {
                assertThat(client.say(malformed)).as(malformed).matches("NO \"([^\"\\\\]|\\\\[\"\\\\])*\"");
            }
            assertThat(client.say("NOOP")).startsWith("OK");
            client.send("PUTSCRIPT \"a\" {99999999999+}\r\n");
            assertThat(client.answer()).startsWith("BYE (QUOTA/MAXSIZE) ");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void nothingSaidBeforeTlsCountsAfterwards_B02() throws IOException {
        try (Client client = client()) {
            assertThat(client.say("STARTTLS")).startsWith("OK");
            client.startTls();
            assertThat(client.answer())
                    .contains("\"SASL\" \"SCRAM-SHA-256-PLUS")
                    .doesNotContain("\"STARTTLS\"");
            assertThat(client.say("STARTTLS")).startsWith("NO ");
            assertThat(client.say("AUTHENTICATE \"PLAIN\" \"" + plain("secret") + "\""))
                    .startsWith("OK");
        }
        try (Client client = client()) {
            client.send("STARTTLS\r\nCAPABILITY\r\n");
            assertThat(client.answer()).startsWith("OK");
            assertThat(client.isClosed())
                    .as("what was sent ahead is never answered")
                    .isTrue();
        }
    }

    @Test
    void signingInByEveryMechanismAndOutAgain() throws IOException {
        try (Client client = client()) {
            assertThat(client.say("AUTHENTICATE \"PLAIN\" \"" + plain("guess") + "\""))
                    .startsWith("NO ");
            client.send("AUTHENTICATE \"LOGIN\"\r\n");
            assertThat(client.line()).startsWith("\"");
            client.send("{4+}\r\nYW5u\r\n");
            assertThat(client.line()).startsWith("\"");
            assertThat(client.say("\"" + Base64.getEncoder().encodeToString("secret".getBytes(StandardCharsets.UTF_8))
                            + "\""))
                    .startsWith("OK");
            assertThat(client.say("CAPABILITY")).contains("\"OWNER\" \"ann@example.com\"");
            assertThat(client.say("UNAUTHENTICATE")).startsWith("OK");
            assertThat(client.say("LISTSCRIPTS")).startsWith("NO ");
            client.send("AUTHENTICATE \"PLAIN\"\r\n");
            assertThat(client.line()).isEqualTo("\"\"");
            assertThat(client.say("\"*\"")).startsWith("NO ");
            assertThat(client.say("AUTHENTICATE \"NONE\"")).startsWith("NO ");
            assertThat(client.say("AUTHENTICATE \"PLAIN\" \"!\"")).startsWith("NO ");
        }
    }

    @Test
    void theSignatureOfScramComesWithTheSuccess() throws IOException {
        ScramClient scram = new ScramClient(ScramHash.SHA_256, new ScramClient.Binding.Unable(), "ann", "secret");
        try (Client client = client()) {
            client.send("AUTHENTICATE \"SCRAM-SHA-256\" \"" + base64(scram.initial()) + "\"\r\n");
            String proof = base64(scram.respond(unquoted(client.line())));
            String answer = client.say("\"" + proof + "\"");
            assertThat(answer).matches("OK \\(SASL \"[A-Za-z0-9+/=]+\"\\) \"welcome\"");
            assertThat(scram.respond(unquoted(answer.substring(answer.indexOf('"'), answer.indexOf(')')))))
                    .isEqualTo(Octets.EMPTY);
        }
    }

    private static String base64(Octets octets) {
        return Base64.getEncoder().encodeToString(octets.toByteArray());
    }

    private static Octets unquoted(String quoted) {
        return Octets.of(Base64.getDecoder().decode(quoted.substring(1, quoted.length() - 1)));
    }

    @Test
    void threeWrongPasswordsAndItIsOver() throws IOException {
        try (Client client = client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.say("AUTHENTICATE \"PLAIN\" \"" + plain("guess" + i) + "\""))
                        .startsWith("NO ");
            }
            assertThat(client.say("AUTHENTICATE \"PLAIN\" \"" + plain("guess") + "\""))
                    .startsWith("BYE ");
            assertThat(client.isClosed()).isTrue();
        }
    }
}
