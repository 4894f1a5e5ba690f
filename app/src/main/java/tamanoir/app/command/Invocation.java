package tamanoir.app.command;

import java.io.ByteArrayInputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.app.Ground;
import tamanoir.app.Office;
import tamanoir.app.control.ControlClient;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;

/// One call of the command line: where, with which words, on whose behalf. Used by one thread.
///
/// In the caller's process `office` is empty; in the server it holds the live parts.
public record Invocation(
        Path home,
        Map<String, String> overrides,
        List<String> words,
        InputStream in,
        PrintStream out,
        PrintStream err,
        String user,
        boolean privileged,
        Optional<Office> office) {

    /// Work that needs the store.
    @FunctionalInterface
    public interface Work {
        int run(Office office);
    }

    /// Runs the work where the store is: here when this is the server, in the server when one runs, else on the store
    /// opened for this call.
    int inOffice(Work work) {
        return inOffice(work, InputStream.nullInputStream(), words);
    }

    /// The same, with input and words for the server to see instead of ours.
    int inOffice(Work work, InputStream input, List<String> wordsForServer) {
        if (office.isPresent()) {
            if (!privileged) {
                throw new Refused("only root and the user that runs the server may do this");
            }
            return work.run(office.get());
        }
        Optional<Integer> answered = byServer(wordsForServer, input);
        if (answered.isPresent()) {
            return answered.get();
        }
        try (Ground ground = Ground.open(home, overrides)) {
            return work.run(ground.office());
        }
    }

    /// Runs the words in the server; empty when none is running.
    Optional<Integer> byServer(List<String> wordsForServer, InputStream input) {
        try (ControlClient server = ControlClient.connect(home).orElse(null)) {
            return server == null ? Optional.empty() : Optional.of(server.run(wordsForServer, input, out, err));
        } catch (IOException e) {
            throw new Unavailable(
                    "the running server cannot be reached over " + home.resolve("run/control") + ": " + e.getMessage(),
                    e.toString(),
                    e);
        }
    }

    /// For work that only a running server can do.
    int inRunningServer(Work work) {
        if (office.isPresent()) {
            return inOffice(work);
        }
        return byServer(words, InputStream.nullInputStream()).orElseGet(() -> {
            err.println("tamanoir: no server is running with the home folder " + home);
            return Exit.UNAVAILABLE;
        });
    }

    /// What main.cf and this line say, for work that needs no store.
    ///
    /// @throws Refused when they cannot be used
    Config config() {
        Loaded loaded = Config.load(home, overrides);
        if (!loaded.errors().isEmpty()) {
            throw new Refused(loaded.errors().getFirst().toString());
        }
        return loaded.config();
    }

    /// A file of the caller, or with `-` the standard input.
    ///
    /// @throws Refused when it cannot be read
    byte[] octets(String file) {
        try {
            return file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new Refused(file + " cannot be read: " + e);
        }
    }

    /// Work with such a file: here it is read, the server gets it as standard input.
    int inOfficeWith(String file, byte[] octets, Work work) {
        List<String> forServer = new ArrayList<>(words);
        forServer.set(forServer.lastIndexOf(file), "-");
        return inOffice(work, new ByteArrayInputStream(octets), forServer);
    }

    /// The password from `--password`, from the first line of standard input, or asked for twice at the terminal.
    String password(Optional<String> given, boolean fromInput) {
        if (given.isPresent()) {
            return given.get();
        }
        if (fromInput) {
            try {
                String text = new String(in.readNBytes(4096), StandardCharsets.UTF_8);
                return text.lines().findFirst().orElseThrow(() -> new BadSyntax("standard input holds no password"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Console console = office.isPresent() ? null : System.console();
        if (console == null || !console.isTerminal()) {
            throw new BadSyntax("there is no terminal to ask for the password: use --password-stdin");
        }
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new BadSyntax("the two passwords differ; nothing was changed");
        }
        return new String(first);
    }

    /// Work with a password: here it is asked for, the server gets it as standard input.
    int withPassword(Optional<String> given, boolean fromInput, PasswordWork work) {
        String password = password(given, fromInput);
        List<String> forServer = new ArrayList<>(words);
        forServer.removeIf(word -> word.startsWith("--password="));
        int at = forServer.indexOf("--password");
        if (at >= 0) {
            forServer.subList(at, Math.min(at + 2, forServer.size())).clear();
        }
        if (!forServer.contains("--password-stdin")) {
            forServer.add("--password-stdin");
        }
        InputStream input = new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8));
        return inOffice(office -> work.run(office, password), input, forServer);
    }

    interface PasswordWork {
        int run(Office office, String password);
    }
}
