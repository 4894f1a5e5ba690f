package tamanoir.app.command;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.app.Office;
import tamanoir.app.Submission;
import tamanoir.mail.sieve.Action;
import tamanoir.mail.sieve.Compiler;
import tamanoir.mail.sieve.Problem;
import tamanoir.mail.sieve.Sent;
import tamanoir.mail.text.Octets;
import tamanoir.server.directory.AccountId;
import tamanoir.server.observe.Refused;
import tamanoir.server.sieve.Dialect.Verdict;
import tamanoir.server.sieve.Scripts;
import tamanoir.server.sieve.StoredScript;
import tamanoir.server.sieve.Trial;

/// The scripts that sort people's mail: check a file, see and change those of an account.
@Command(
        name = "sieve",
        description = "Checks Sieve scripts; shows and changes those of an account.",
        footer = {
            "",
            "Examples:",
            "  tamanoir sieve check rules.sieve",
            "  tamanoir sieve test rules.sieve message.eml",
            "  tamanoir sieve put rules rules.sieve --account ann@example.com",
            "  tamanoir sieve activate rules --account ann@example.com",
            "  tamanoir sieve list --account ann@example.com"
        })
final class SieveCommand extends Group {
    SieveCommand(Invocation call) {
        super(List.of(
                new Check(call),
                new Test(call),
                new ListAll(call),
                new Show(call),
                new Put(call),
                new Activate(call),
                new Deactivate(call),
                new Delete(call)));
    }

    private static Scripts scripts(Office office) {
        return Scripts.of(office.config(), office.personal());
    }

    private static AccountId account(Office office, String name) {
        return AccountCommand.find(office, name).id();
    }

    // ---- a file ----------------------------------------------------------------------------------------------------

    /// Work with a file that is where the caller is, not the server.
    private interface TextWork {
        int run(Office office, String text);
    }

    private static int withText(Invocation call, String file, TextWork work) {
        byte[] octets = call.octets(file);
        String text = new String(octets, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets)) {
            throw new Refused(file + " is not in UTF-8");
        }
        return call.inOfficeWith(file, octets, office -> work.run(office, text));
    }

    private static void print(Invocation call, Verdict verdict, boolean json) {
        for (Problem problem : verdict.problems()) {
            if (json) {
                Json.print(
                        call.out(),
                        Map.of(
                                "line", problem.place().line(),
                                "column", problem.place().column(),
                                "text", problem.text()));
            } else {
                call.out().println(problem);
            }
        }
        verdict.warnings().forEach(warning -> call.err().println("warning: " + warning));
    }

    @Command(
            name = "check",
            description = "Says what is wrong with a script, with line and column; nothing is kept.",
            footer = {
                "",
                "Example:",
                "  tamanoir sieve check - --account ann@example.com < rules.sieve",
                "",
                "Exit codes: 0 no problem, 1 problems."
            })
    static final class Check implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "FILE", description = "The script; - for standard input.")
        String file = "";

        @Option(names = "--account", paramLabel = "LOGIN", description = "With the scripts that this person includes.")
        String account = "";

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        Check(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return withText(call, file, (office, text) -> {
                Scripts scripts = scripts(office);
                Verdict verdict = account.isEmpty()
                        ? scripts.dialect().check(text, Compiler.Library.EMPTY)
                        : scripts.check(account(office, account), text);
                print(call, verdict, json);
                return verdict.isGood() ? Exit.OK : Exit.FOUND;
            });
        }
    }

    @Command(
            name = "test",
            description = {
                "Runs a script on a message and prints what each test came to, and what is decided; nothing is done.",
                "Every mailbox is taken to be there, nothing to be a duplicate, no filter to have looked."
            },
            footer = {
                "",
                "Example:",
                "  tamanoir sieve test rules.sieve message.eml --from bob@example.org --to ann@example.com",
                "",
                "Exit codes: 0 it ran, 1 problems."
            })
    static final class Test implements Callable<Integer> {
        private final Invocation call;

        @Parameters(index = "0", paramLabel = "SCRIPT", description = "The script.")
        String script = "";

        @Parameters(index = "1", paramLabel = "MESSAGE", description = "The message; - for standard input.")
        String message = "";

        @Option(names = "--from", paramLabel = "ADDRESS", description = "The sender of the envelope.")
        String from = "";

        @Option(names = "--to", paramLabel = "ADDRESS", description = "The recipient of the envelope.")
        String to = "";

        @Option(names = "--account", paramLabel = "LOGIN", description = "With the scripts that this person includes.")
        String account = "";

        @Option(names = "--framed", hidden = true, description = "Between caller and server: both, a NUL between.")
        boolean framed;

        Test(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            byte[] both = framed ? call.octets("-") : framed(call.octets(script), call.octets(message));
            int end = 0;
            while (both[end] != 0) {
                end++;
            }
            String text = new String(both, 0, end, StandardCharsets.UTF_8);
            Octets letter = Submission.lines(Arrays.copyOfRange(both, end + 1, both.length), false);
            List<String> words = new ArrayList<>(List.of("sieve", "test", "--framed", "-", "-"));
            words.addAll(List.of("--from", from, "--to", to, "--account", account));
            return call.inOffice(
                    office -> {
                        Scripts scripts = scripts(office);
                        return print(Trial.of(
                                scripts.dialect(),
                                account.isEmpty() ? Compiler.Library.EMPTY : scripts.library(account(office, account)),
                                text,
                                letter,
                                new Sent(from, to, to, "", Map.of()),
                                ZonedDateTime.now(ZoneId.systemDefault())));
                    },
                    new ByteArrayInputStream(both),
                    words);
        }

        private static byte[] framed(byte[] script, byte[] message) {
            for (byte octet : script) {
                if (octet == 0) {
                    throw new Refused("a script holds no NUL");
                }
            }
            byte[] both = Arrays.copyOf(script, script.length + 1 + message.length);
            System.arraycopy(message, 0, both, script.length + 1, message.length);
            return both;
        }

        private int print(Trial trial) {
            trial.problems().forEach(call.out()::println);
            trial.steps()
                    .forEach(step -> call.out()
                            .println("line " + step.place().line() + ", column "
                                    + step.place().column() + ": " + step.what()));
            trial.outcome().ifPresent(outcome -> {
                outcome.complaints().forEach(problem -> call.out().println("complains: " + problem));
                outcome.actions()
                        .forEach(action ->
                                call.out().println("line " + action.place().line() + " decides: " + words(action)));
                if (outcome.implicitKeep()) {
                    call.out().println("decides: keep, as nothing said otherwise");
                }
                outcome.failure().ifPresent(problem -> call.out().println("fails: " + problem));
            });
            boolean ran = trial.outcome()
                    .filter(outcome -> outcome.failure().isEmpty())
                    .isPresent();
            return ran ? Exit.OK : Exit.FOUND;
        }

        private static String words(Action action) {
            return switch (action) {
                case Action.Keep keep -> "keep" + flags(keep.flags());
                case Action.FileInto into -> "fileinto " + into.mailbox() + flags(into.flags());
                case Action.Redirect redirect -> "redirect " + redirect.address();
                case Action.Discard _ -> "discard";
                case Action.Reject reject -> (reject.extended() ? "ereject " : "reject ") + reject.reason();
                case Action.Vacation vacation -> "vacation, once in " + vacation.interval();
                case Action.Notify notify -> "notify " + notify.method();
                case Action.Report report -> "report " + report.address();
            };
        }

        private static String flags(List<String> flags) {
            return flags.isEmpty() ? "" : " with " + String.join(" ", flags);
        }
    }

    // ---- the scripts of an account ---------------------------------------------------------------------------------

    @Command(
            name = "list",
            description = "Lists the scripts of an account; the active one has a star.",
            footer = {"", "Example:", "  tamanoir sieve list --account ann@example.com --json"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--account", paramLabel = "LOGIN", required = true, description = "Whose.")
        String account = "";

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                for (StoredScript script : scripts(office).list(account(office, account))) {
                    int octets = script.text().getBytes(StandardCharsets.UTF_8).length;
                    if (json) {
                        Map<String, Object> members = new LinkedHashMap<>();
                        members.put("name", script.name());
                        members.put("active", script.active());
                        members.put("octets", octets);
                        Json.print(call.out(), members);
                    } else {
                        call.out().println((script.active() ? "* " : "  ") + script.name() + "  " + octets + " octets");
                    }
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "show",
            description = "Prints the text of a script.",
            footer = {"", "Example:", "  tamanoir sieve show rules --account ann@example.com"})
    static final class Show implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "The script.")
        String name = "";

        @Option(names = "--account", paramLabel = "LOGIN", required = true, description = "Whose.")
        String account = "";

        Show(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                StoredScript script = scripts(office)
                        .named(account(office, account), name)
                        .orElseThrow(() -> new Refused(
                                "there is no script '" + name + "'; 'tamanoir sieve list' shows those there are"));
                byte[] octets = script.text().getBytes(StandardCharsets.UTF_8);
                call.out().write(octets, 0, octets.length);
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "put",
            description = "Keeps a file as a script of an account, a new one or a new text of the one with that name.",
            footer = {
                "",
                "Example:",
                "  tamanoir sieve put rules rules.sieve --account ann@example.com",
                "",
                "A new script does nothing until 'tamanoir sieve activate'. Exit code 1: problems, nothing was kept."
            })
    static final class Put implements Callable<Integer> {
        private final Invocation call;

        @Parameters(index = "0", paramLabel = "NAME", description = "How the script is called.")
        String name = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "Its text; - for standard input.")
        String file = "";

        @Option(names = "--account", paramLabel = "LOGIN", required = true, description = "Whose.")
        String account = "";

        Put(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return withText(call, file, (office, text) -> {
                Scripts scripts = scripts(office);
                AccountId id = account(office, account);
                Verdict verdict = scripts.check(id, text);
                print(call, verdict, false);
                if (!verdict.isGood()) {
                    return Exit.FOUND;
                }
                StoredScript kept = scripts.put(id, name, text);
                call.out().println("Kept " + kept.name() + (kept.active() ? ", which is active." : "."));
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "activate",
            description = "Makes a script the one that runs when mail comes.",
            footer = {"", "Example:", "  tamanoir sieve activate rules --account ann@example.com"})
    static final class Activate implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "The script.")
        String name = "";

        @Option(names = "--account", paramLabel = "LOGIN", required = true, description = "Whose.")
        String account = "";

        Activate(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                AccountId id = account(office, account);
                if (name.isEmpty()) {
                    throw new Refused("a script has a name; 'tamanoir sieve deactivate' is for none");
                }
                scripts(office).activate(id, name);
                call.out().println("Active: " + name + ".");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "deactivate",
            description = "Lets no script of the account run; they stay.",
            footer = {"", "Example:", "  tamanoir sieve deactivate --account ann@example.com"})
    static final class Deactivate implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--account", paramLabel = "LOGIN", required = true, description = "Whose.")
        String account = "";

        Deactivate(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                scripts(office).activate(account(office, account), "");
                call.out().println("No script is active.");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a script that is not active.",
            footer = {"", "Example:", "  tamanoir sieve delete old --account ann@example.com"})
    static final class Delete implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "The script.")
        String name = "";

        @Option(names = "--account", paramLabel = "LOGIN", required = true, description = "Whose.")
        String account = "";

        Delete(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                scripts(office).delete(account(office, account), name);
                call.out().println("Deleted " + name + ".");
                return Exit.OK;
            });
        }
    }
}
