package tamanoir.app.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Unavailable;

/// All commands, and how an outcome becomes a text and an exit code. The same tree parses at the caller and in the
/// server.
public final class CommandTree {
    private CommandTree() {}

    /// Runs one line; never throws.
    public static int execute(Invocation call) {
        try {
            return SendmailCommand.wordsAfter(call.words())
                    .map(words -> guarded(call, () -> new SendmailCommand(call).run(words)))
                    .orElseGet(() -> picocli(call));
        } finally {
            call.out().flush();
            call.err().flush();
        }
    }

    private static int picocli(Invocation call) {
        CommandLine line = new CommandLine(new Root(call));
        line.addSubcommand(new ServeCommand(call));
        line.addSubcommand(new DemoCommand(call));
        line.addSubcommand(new SetupCommand(call));
        line.addSubcommand(new CheckCommand(call));
        line.addSubcommand(new ConfigCommand(call));
        line.addSubcommand(new ExplainCommand(call));
        line.addSubcommand(new RouteCommand(call));
        line.addSubcommand(new LookupCommand(call));
        line.addSubcommand(new ServerCommands.Reload(call));
        line.addSubcommand(new ServerCommands.Stop(call));
        line.addSubcommand(new ServerCommands.ShowStatus(call));
        line.addSubcommand(new AccountCommand(call).commandLine());
        line.addSubcommand(new AppPasswordCommand(call).commandLine());
        line.addSubcommand(new DomainCommand(call).commandLine());
        line.addSubcommand(new BansCommand(call).commandLine());
        line.addSubcommand(new AliasCommand(call).commandLine());
        line.addSubcommand(new QueueCommand(call).commandLine());
        line.addSubcommand(new DkimCommand(call).commandLine());
        line.addSubcommand(new DmarcCommand(call).commandLine());
        line.addSubcommand(new JunkCommand(call).commandLine());
        line.addSubcommand(new SieveCommand(call).commandLine());
        line.addSubcommand(new SendmailSynopsis(call));
        line.addSubcommand(new VerifyCommand(call));
        line.addSubcommand(new BackupCommand(call));
        for (CommandLine sub : everyCommand(line)) {
            sub.getCommandSpec().mixinStandardHelpOptions(true);
            sub.getCommandSpec().versionProvider(() -> new String[] {"Tamanoir " + Version.text()});
            sub.getCommandSpec()
                    .usageMessage()
                    .footer(withHomeHint(sub.getCommandSpec().usageMessage().footer()));
        }
        line.setOut(new PrintWriter(call.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(call.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((problem, words) -> {
            call.err().println("tamanoir: " + problem.getMessage());
            call.err()
                    .println("See: tamanoir "
                            + problem.getCommandLine()
                                    .getCommandSpec()
                                    .qualifiedName(" ")
                                    .replaceFirst("^tamanoir ?", "")
                            + " --help");
            return Exit.USAGE;
        });
        line.setExecutionExceptionHandler((problem, at, parsed) -> explain(call, problem));
        return line.execute(call.words().toArray(String[]::new));
    }

    private static List<CommandLine> everyCommand(CommandLine root) {
        List<CommandLine> all = new java.util.ArrayList<>(List.of(root));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(all.get(i).getSubcommands().values());
        }
        return all.stream().distinct().toList();
    }

    private static String[] withHomeHint(String[] footer) {
        String[] longer = java.util.Arrays.copyOf(footer, footer.length + 2);
        longer[footer.length] = "";
        longer[footer.length + 1] =
                "Anywhere on the line: --home DIR (the folder with main.cf), -o name=value (overrides a parameter).";
        return longer;
    }

    private static int guarded(Invocation call, java.util.function.IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (RuntimeException problem) {
            return explain(call, problem);
        }
    }

    /// What a failure says and how the command ends.
    private static int explain(Invocation call, Exception problem) {
        return switch (problem) {
            case BadSyntax e -> say(call, e.getMessage(), Exit.USAGE);
            case Refused e -> say(call, e.getMessage(), Exit.DATA);
            case Unavailable e ->
                say(
                        call,
                        e.detail().equals(e.getMessage()) ? e.getMessage() : e.getMessage() + " (" + e.detail() + ")",
                        Exit.TEMPORARY);
            default -> {
                problem.printStackTrace(call.err());
                yield say(call, "this is a fault of Tamanoir, please report it with the lines above", Exit.SOFTWARE);
            }
        };
    }

    private static int say(Invocation call, @org.jspecify.annotations.Nullable String text, int exit) {
        call.err().println("tamanoir: " + text);
        return exit;
    }

    /// What stands on top of all commands; alone it is `serve`.
    @Command(
            name = "tamanoir",
            synopsisHeading = "Usage: ",
            customSynopsis = "tamanoir [--home DIR] [-o name=value]... COMMAND ...",
            description = {"", "A complete mail server in one program. Without a command: serve.", ""},
            footer = {
                "",
                "Examples:",
                "  tamanoir demo                                 try it: example.com, alice and bob",
                "  tamanoir serve --home /srv/mail               run a server",
                "  tamanoir setup --home /srv/mail               first steps: names, first account, DNS records",
                "  tamanoir check --home /srv/mail               look at main.cf, tables and certificates",
                "  tamanoir explain --client IP --to ADDRESS      why a mail would be taken or refused",
                "  tamanoir route ADDRESS                        where its mail goes",
                "  tamanoir account add ann@example.net          add a person",
                "  tamanoir queue list                           what waits to leave, and why"
            })
    static final class Root implements Runnable {
        private final Invocation call;

        @Spec
        CommandSpec spec = CommandSpec.create();

        Root(Invocation call) {
            this.call = call;
        }

        @Override
        public void run() {
            new ServeCommand(call).call();
        }
    }

    /// For the list of commands and for `tamanoir help sendmail`; the words go to [SendmailCommand].
    @Command(name = "sendmail", description = "Hands a message to the running server; compatible with sendmail(1).")
    static final class SendmailSynopsis implements Runnable {
        private final Invocation call;

        SendmailSynopsis(Invocation call) {
            this.call = call;
        }

        @Override
        public void run() {
            call.out().print(SendmailCommand.HELP);
        }
    }
}
