package tamanoir.server.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.smtp.Reply;
import tamanoir.server.config.Config;
import tamanoir.server.config.LocalParameters;

/// Gives a message to a program (`"|command"` in an alias) and reads its verdict from the exit status, as local(8)
/// does.
/// Immutable.
///
/// There is no shell: a command is split at blanks, and one that would need a shell for its characters is not run. The
/// program runs as `default_privs`. A server of root changes to that user with setpriv(1); any other server can only be
/// that user, so `default_privs` must name its own user, and the mail waits until it does.
public final class CommandDelivery {
    /// What needs no shell (exec_command of Postfix).
    private static final String PLAIN =
            "1234567890!@%-_=+:,./\\abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t";

    /// Octets of a program's output that a reply quotes.
    private static final int MOST_OUTPUT = 1000;

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private final String user;
    private final Path folder;
    private final Duration limit;
    private final String expansion;
    private final List<String> exported;

    public CommandDelivery(Config config) {
        this.user = config.get(LocalParameters.DEFAULT_PRIVS);
        String in = config.get(LocalParameters.COMMAND_EXECUTION_DIRECTORY);
        this.folder = Path.of(in.isEmpty() ? "/" : in);
        this.limit = config.get(LocalParameters.COMMAND_TIME_LIMIT);
        this.expansion = config.get(LocalParameters.COMMAND_EXPANSION_FILTER);
        this.exported = List.copyOf(config.get(LocalParameters.EXPORT_ENVIRONMENT));
    }

    /// Runs `command` with the message on its standard input, lines ended by LF. `facts` are what local(8) puts into
    /// the environment; their characters outside of `command_expansion_filter` become `_`. Blocks for
    /// `command_time_limit` at most.
    ///
    /// @return 250, 4yz when it is to be tried again, 5yz for good
    Reply run(String command, Map<String, String> facts, InputStream message) throws IOException {
        for (int i = 0; i < command.length(); i++) {
            if (PLAIN.indexOf(command.charAt(i)) < 0) {
                return setUp("the command needs a shell for \"" + command.charAt(i) + "\", and none is run");
            }
        }
        List<String> words = List.of(command.strip().split("[ \t]+"));
        Path program = Path.of(words.getFirst());
        if (!program.isAbsolute()) {
            return setUp("the command has no absolute path");
        }
        Optional<UnixUser> found = UnixUser.named(user);
        if (found.isEmpty()) {
            return setUp("default_privs: there is no user \"" + user + "\"");
        }
        UnixUser as = found.get();
        if (as.id() == 0) {
            return setUp("default_privs: no program is run as root");
        }
        long own = UnixUser.ownId();
        List<String> line = new ArrayList<>();
        if (own == 0) {
            if (!Files.isExecutable(SETPRIV)) {
                return setUp(SETPRIV + " is not there, which changes to " + user);
            }
            line.addAll(List.of(
                    SETPRIV.toString(),
                    "--reuid=" + as.id(),
                    "--regid=" + as.group(),
                    "--clear-groups",
                    "--no-new-privs",
                    "--"));
        } else if (own != as.id()) {
            return setUp("the server is not root and can be no other user; default_privs must name its own");
        }
        line.addAll(words);
        return start(line, as, facts, message);
    }

    private Reply start(List<String> line, UnixUser as, Map<String, String> facts, InputStream message)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        Map<String, String> before = new LinkedHashMap<>(environment);
        environment.clear();
        environment.put("PATH", "/usr/bin:/bin");
        for (String name : exported) {
            int equals = name.indexOf('=');
            if (equals > 0) {
                environment.put(name.substring(0, equals), name.substring(equals + 1));
            } else if (before.containsKey(name)) {
                environment.put(name, before.get(name));
            }
        }
        environment.putAll(Map.of("LOGNAME", as.name(), "HOME", as.home(), "SHELL", "/bin/sh"));
        facts.forEach((name, value) -> environment.put(name, filtered(value)));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return setUp("the command cannot be started");
        }
        return attend(process, message, line.getLast());
    }

    private Reply attend(Process process, InputStream message, String name) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        StringBuilder output = new StringBuilder();
        Thread writer = Thread.ofPlatform().daemon().name("to " + name).start(() -> feed(process, message));
        Thread reader = Thread.ofPlatform().daemon().name("from " + name).start(() -> drain(process, output));
        try {
            boolean ended = reader.join(left(end))
                    && process.waitFor(left(end).toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
            if (!ended) {
                return Reply.of(554, "5.3.0", "Command time limit exceeded");
            }
            writer.join();
            synchronized (output) {
                return verdict(process.exitValue(), oneLine(output.toString()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.of(451, "4.3.2", "the server is stopping");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    /// A program need not read everything (local(8)): what it left is its own affair.
    private static void feed(Process process, InputStream message) {
        try (OutputStream to = process.getOutputStream()) {
            message.transferTo(to);
        } catch (IOException gone) {
            // The exit status has the word.
        }
    }

    private static void drain(Process process, StringBuilder output) {
        byte[] chunk = new byte[4096];
        try (InputStream from = process.getInputStream()) {
            for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                synchronized (output) {
                    int room = Math.min(n, MOST_OUTPUT - output.length());
                    output.append(new String(chunk, 0, Math.max(0, room), StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException gone) {
            // As above.
        }
    }

    private static String oneLine(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(c < ' ' ? ' ' : c > '~' ? '?' : c);
        }
        return plain.toString().strip();
    }

    /// Output that begins with a status has the last word, then the exit status (sysexits.h).
    static Reply verdict(int status, String output) {
        if (status == 0) {
            return Reply.of(250, "2.0.0", "delivered to command");
        }
        if (status > 128) {
            return Reply.of(451, "4.3.0", "Command died with signal " + (status - 128));
        }
        String said = output.isEmpty() ? "" : ". Command output: " + output;
        int blank = output.indexOf(' ');
        String first = blank < 0 ? output : output.substring(0, blank);
        if (first.matches("[45]\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
            String rest = blank < 0 ? "refused by the command" : output.substring(blank + 1);
            return Reply.of(first.charAt(0) == '4' ? 451 : 554, first, rest);
        }
        return switch (status) {
            case 64 -> Reply.of(554, "5.3.0", "command line usage error" + said);
            case 65 -> Reply.of(554, "5.6.0", "data format error" + said);
            case 66 -> Reply.of(554, "5.3.0", "cannot open input" + said);
            case 67 -> Reply.of(550, "5.1.1", "user unknown" + said);
            case 68 -> Reply.of(550, "5.1.2", "host name unknown" + said);
            case 69 -> Reply.of(554, "5.3.0", "service unavailable" + said);
            case 70 -> Reply.of(554, "5.3.0", "internal software error" + said);
            case 71 -> Reply.of(554, "5.3.0", "system resource problem" + said);
            case 72 -> Reply.of(554, "5.3.0", "critical OS file missing" + said);
            case 73 -> Reply.of(554, "5.2.0", "cannot create user output file" + said);
            case 74 -> Reply.of(554, "5.3.0", "input/output error" + said);
            case 75 -> Reply.of(451, "4.3.0", "temporary failure" + said);
            case 76 -> Reply.of(554, "5.5.0", "remote error in protocol" + said);
            case 77 -> Reply.of(554, "5.7.0", "permission denied" + said);
            case 78 -> Reply.of(554, "5.3.5", "local configuration error" + said);
            default -> Reply.of(554, "5.3.0", "Command died with status " + status + said);
        };
    }

    private String filtered(String value) {
        StringBuilder safe = new StringBuilder();
        value.chars().forEach(c -> safe.append(expansion.indexOf(c) < 0 ? '_' : (char) c));
        return safe.toString();
    }

    private static Reply setUp(String text) {
        return Reply.of(451, "4.3.5", "mail system set-up: " + text);
    }
}
