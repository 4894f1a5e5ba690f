package tamanoir.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tamanoir.app.command.CommandTree;
import tamanoir.app.command.Invocation;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;

/// A home folder of a test and the server that runs on it, with ports that the system chose.
final class House implements AutoCloseable {
    static final String SECRET = "secret";

    private static final List<String> PORTS = List.of(
            "smtpd_port",
            "submission_port",
            "submissions_port",
            "imap_port",
            "imaps_port",
            "pop3_port",
            "pop3s_port",
            "managesieve_port",
            "http_port",
            "https_port");

    final Path home;
    private final Map<String, String> overrides = new LinkedHashMap<>();
    private @Nullable Tamanoir server;

    House(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        PORTS.forEach(port -> overrides.put(port, "0"));
        overrides.put("metrics_port", "off");
        overrides.put("inet_interfaces", "127.0.0.1");
        overrides.put("inet_protocols", "ipv4");
        overrides.put("auth_failure_delay", "0s");
        overrides.put("shutdown_time_limit", "5s");
    }

    /// A house of example.com, whose main.cf has these lines more.
    static House of(Path home, String... lines) throws IOException {
        House house = new House(home);
        house.mainCf(lines);
        return house;
    }

    void mainCf(String... lines) throws IOException {
        write("main.cf", """
                mydomain = example.com
                myhostname = mail.example.com
                myorigin = $mydomain
                mynetworks = 127.0.0.0/8
                recipient_delimiter = +
                smtpd_sasl_auth_enable = yes
                """ + String.join("\n", lines) + "\n");
    }

    House with(String parameter, String value) {
        overrides.put(parameter, value);
        return this;
    }

    void write(String file, String text) throws IOException {
        Files.writeString(home.resolve(file), text);
    }

    // ---- the server --------------------------------------------------------------------------------------------

    House start() {
        Loaded loaded = Config.load(home, overrides);
        assertThat(loaded.errors()).isEmpty();
        server = Tamanoir.start(home, overrides, loaded.config());
        return this;
    }

    void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    Tamanoir server() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    Office office() {
        return server().office();
    }

    /// The port of a service that the system chose.
    int port(String service) {
        return server().port(service).orElseThrow();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    // ---- people ------------------------------------------------------------------------------------------------

    /// Adds accounts, of example.com where no other domain stands behind the name, and domains that are missing.
    House people(String... names) {
        for (String name : names) {
            String address = name.indexOf('@') < 0 ? name + "@example.com" : name;
            String domain = address.substring(address.indexOf('@') + 1);
            if (run("domain", "list").out().lines().noneMatch(domain::equals)) {
                assertThat(run("domain", "add", domain).exit()).isZero();
            }
            Outcome added = run("account", "add", address, "--password", SECRET);
            assertThat(added.exit()).as(added.err()).isZero();
        }
        return this;
    }

    Line smtp() throws IOException {
        return Line.smtp(port("smtp"));
    }

    Line submission(String name) throws IOException {
        return Line.submission(port("submission"), name, SECRET);
    }

    Line inbox(String name) throws IOException {
        return Line.imap(port("imap"), name, SECRET, "INBOX");
    }

    /// What IMAP says to a name and a password.
    String login(String name, String password) throws IOException {
        try (Line imap = Line.to(port("imap"))) {
            imap.line();
            return imap.imap("LOGIN " + name + " " + password);
        }
    }

    /// What submission says to them, under TLS.
    String auth(String name, String password) throws IOException {
        try (Line smtp = Line.smtp(port("submission"))) {
            smtp.smtp("STARTTLS");
            smtp.startTls();
            smtp.smtp("EHLO client.example.net");
            return smtp.smtp("AUTH PLAIN " + Line.plain(name, password));
        }
    }

    // ---- commands ----------------------------------------------------------------------------------------------

    /// What a command said and how it ended.
    record Outcome(int exit, String out, String err) {}

    /// A command line as typed by the user that runs the server: over the control socket when it runs.
    Outcome run(String... words) {
        return runWith("", words);
    }

    Outcome runWith(String input, String... words) {
        return run(Optional.empty(), "root", true, input, words);
    }

    /// The same, inside the server, on behalf of somebody.
    Outcome runInside(String user, boolean privileged, String input, String... words) {
        return run(Optional.of(office()), user, privileged, input, words);
    }

    private Outcome run(Optional<Office> office, String user, boolean privileged, String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = CommandTree.execute(new Invocation(
                home,
                overrides,
                Arrays.asList(words),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                user,
                privileged,
                office));
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Waits for what only shows when one asks.
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 30 s: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
