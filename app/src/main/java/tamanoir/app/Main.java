package tamanoir.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tamanoir.app.command.CommandTree;
import tamanoir.app.command.Invocation;
import tamanoir.app.command.Words;
import tamanoir.mail.text.BadSyntax;

/// The entry of the program: one command line, one exit code.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int exit;
        try {
            Words words = Words.of(List.of(args));
            exit = CommandTree.execute(new Invocation(
                    words.home()
                            .orElseGet(() -> defaultHome(words.rest()))
                            .toAbsolutePath()
                            .normalize(),
                    words.overrides(),
                    words.rest(),
                    System.in,
                    out,
                    err,
                    System.getProperty("user.name", "unknown"),
                    true,
                    Optional.empty()));
        } catch (BadSyntax e) {
            err.println("tamanoir: " + e.getMessage());
            exit = 64;
        }
        System.exit(exit);
    }

    /// The folder that the launcher names, `home` in the working folder otherwise; the demo has one of its own below.
    private static Path defaultHome(List<String> words) {
        Path home = Path.of(System.getProperty("tamanoir.defaultHome", "home"));
        return words.contains("demo") ? home.resolve("demo") : home;
    }
}
