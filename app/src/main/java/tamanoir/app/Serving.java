package tamanoir.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import tamanoir.app.command.Version;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Problem;
import tamanoir.server.observe.Log;
import tamanoir.server.observe.Unavailable;

/// The life of a server process: first files, start, what it says on the console, waiting, stop.
public final class Serving {
    private static final int CONFIGURATION_ERROR = 78;
    private static final int CANNOT_START = 69;

    private Serving() {}

    /// Runs until it is told to stop; answers the exit code.
    public static int serve(Path home, Map<String, String> overrides, PrintStream out, PrintStream err) {
        if (!prepare(home, resource("main.cf"), out, err)) {
            return CANNOT_START;
        }
        return run(home, withOffsetForOrdinaryUsers(home, overrides, out), out, err, tamanoir -> {
            if (tamanoir.setup().isOpen()) {
                sayHowToSetUp(tamanoir, home, out);
            }
        });
    }

    /// Runs a server with people and mail in it.
    public static int demo(Path home, Map<String, String> overrides, PrintStream out, PrintStream err) {
        if (!prepare(home, Demo.MAIN_CF, out, err)) {
            return CANNOT_START;
        }
        return run(home, overrides, out, err, tamanoir -> sayWhatToTry(tamanoir, home, out));
    }

    private interface Greeting {
        void say(Tamanoir tamanoir);
    }

    private static int run(
            Path home, Map<String, String> overrides, PrintStream out, PrintStream err, Greeting greeting) {
        Loaded loaded = Config.load(home, overrides);
        // A broken table is said, but holds nobody off: what asks it waits, everything else works.
        for (Problem problem : Check.of(home, overrides)) {
            if (problem.severity() != Problem.Severity.NOTE) {
                err.println(problem);
            }
        }
        if (!loaded.isUsable()) {
            err.println(
                    "tamanoir: the configuration has errors; the server was not started. Look with: tamanoir check --home "
                            + home);
            return CONFIGURATION_ERROR;
        }
        CountDownLatch ended = new CountDownLatch(1);
        try (Log log = Log.start(loaded.config());
                Tamanoir tamanoir = Tamanoir.start(home, overrides, loaded.config())) {
            tamanoir.onReload(config -> log.level(config.get(NetParameters.LOG_LEVEL)));
            // The process ends when everything is closed, the log last.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                tamanoir.stop();
                await(ended);
            }));
            out.println("Tamanoir " + Version.text() + " runs; home folder " + home);
            tamanoir.status().listeners().forEach(listener -> out.println("  " + listener));
            greeting.say(tamanoir);
            out.flush();
            tamanoir.awaitStop();
            return 0;
        } catch (Unavailable e) {
            err.println("tamanoir: " + e.getMessage());
            return CANNOT_START;
        } catch (BadSyntax e) {
            err.println("tamanoir: the configuration cannot be used: " + e.getMessage());
            return CONFIGURATION_ERROR;
        } catch (IOException e) {
            err.println("tamanoir: the log cannot be written (maillog_file): " + e.getMessage());
            return CANNOT_START;
        } finally {
            ended.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The first files of a home folder, for a set-up without a running server.
    public static boolean prepare(Path home, PrintStream out, PrintStream err) {
        return prepare(home, resource("main.cf"), out, err);
    }

    /// Makes the home folder and the first main.cf; what is there stays.
    private static boolean prepare(Path home, String mainCf, PrintStream out, PrintStream err) {
        try {
            Files.createDirectories(home);
            Path file = home.resolve("main.cf");
            if (Files.notExists(file)) {
                Files.writeString(file, mainCf);
                out.println("Wrote the first configuration: " + file);
            }
            return true;
        } catch (IOException e) {
            err.println("tamanoir: the home folder " + home + " cannot be written (" + e
                    + "). Choose another with --home DIR, or change who owns it.");
            return false;
        }
    }

    /// Ports below 1024 are root's; who is not gets an offset, unless main.cf has one.
    private static Map<String, String> withOffsetForOrdinaryUsers(
            Path home, Map<String, String> overrides, PrintStream out) {
        if (System.getProperty("user.name", "").equals("root")
                || Config.load(home, overrides).config().isSet(NetParameters.PORT_OFFSET)) {
            return overrides;
        }
        out.println("Not root: every port is 8000 higher (port_offset in main.cf changes that).");
        Map<String, String> more = new LinkedHashMap<>(overrides);
        more.put("port_offset", "8000");
        return more;
    }

    /// The address of the set-up page, with a token that nobody else knows; no log has it.
    private static void sayHowToSetUp(Tamanoir tamanoir, Path home, PrintStream out) {
        String page = "/setup?token=" + tamanoir.setup().invite();
        List<String> addresses = new ArrayList<>();
        tamanoir.port("http").ifPresent(port -> addresses.add("http://localhost" + port(port, 80) + page));
        tamanoir.port("https")
                .ifPresent(port -> addresses.add("https://" + tamanoir.setup().host() + port(port, 443) + page));
        out.println();
        out.println("There is no domain yet. Next: set the server up in a browser.");
        out.println();
        addresses.forEach(address -> out.println("  " + address));
        out.println();
        out.println("The first address works on this machine; from elsewhere take the second (or the machine's IP");
        out.println("address in place of its name) and accept the certificate, which the server made itself. Whoever");
        out.println("has such an address can set the server up: keep it to yourself. The next start prints another.");
        out.println();
        out.println("Without a browser:  tamanoir setup --home " + home);
        out.println("Or step by step:    tamanoir domain add example.net --home " + home);
        out.println("                    tamanoir account add ann@example.net --home " + home);
    }

    private static String port(int port, int usual) {
        return port == usual ? "" : ":" + port;
    }

    private static void sayWhatToTry(Tamanoir tamanoir, Path home, PrintStream out) {
        Demo.fill(tamanoir.office(), Clock.systemUTC().instant());
        int smtp = tamanoir.port("smtp").orElse(0);
        int submission = tamanoir.port("submission").orElse(0);
        int imap = tamanoir.port("imap").orElse(0);
        String web = "http://localhost:" + tamanoir.port("http").orElse(0) + "/";
        List.of(
                        "",
                        "Webmail: " + web,
                        "",
                        "Two people live here: alice@example.com and bob@example.com, password \"" + Demo.PASSWORD
                                + "\".",
                        "",
                        "Try:",
                        "  send mail in        swaks --server 127.0.0.1:" + smtp
                                + " --from me@elsewhere.example --to alice@example.com",
                        "  answer, signed in   swaks --server 127.0.0.1:" + submission
                                + " --tls --auth PLAIN --auth-user alice --auth-password " + Demo.PASSWORD
                                + " --from alice@example.com --to bob@example.com",
                        "  read it             curl imap://127.0.0.1:" + imap + "/INBOX -u alice:" + Demo.PASSWORD
                                + " -X 'FETCH 1:* (FLAGS ENVELOPE)'",
                        "                      mutt -f imap://alice:" + Demo.PASSWORD + "@127.0.0.1:" + imap + "/INBOX",
                        "  look inside         ./tamanoir status --home " + home,
                        "                      ./tamanoir account show alice --home " + home,
                        "",
                        "Ctrl-C stops it; the next start keeps everything. Delete " + home + " to begin anew.")
                .forEach(out::println);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Serving.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
