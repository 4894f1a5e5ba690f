package tamanoir.app.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.server.config.Config;
import tamanoir.server.config.Explanation;

/// What the configuration says, as `postconf` does it; reads main.cf, needs no server.
@Command(
        name = "config",
        description = {
            "Shows parameters: all of them, those that are set (-n), the defaults (-d), or the named ones.",
            "With --explain: what a parameter means, its type and default, and how its value came about."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir config -n",
            "  tamanoir config message_size_limit --explain",
            "  tamanoir config submission/smtpd_client_restrictions",
            "  tamanoir config -d --json"
        })
final class ConfigCommand implements Callable<Integer> {
    private final Invocation call;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Parameters; service/name for the value of a service.")
    List<String> names = new ArrayList<>();

    @Option(names = "-n", description = "Only what is set in main.cf.")
    boolean set;

    @Option(names = "-d", description = "The defaults.")
    boolean defaults;

    @Option(names = "--explain", description = "What it means and how the value came about.")
    boolean explain;

    @Option(names = "--expanded", description = "Values with every $name replaced.")
    boolean expanded;

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    ConfigCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        Config config = Config.load(call.home(), call.overrides()).config();
        int exit = Exit.OK;
        List<Explanation> wanted = new ArrayList<>();
        if (names.isEmpty()) {
            wanted.addAll(
                    set ? Explanation.set(config) : defaults ? Explanation.defaults(config) : Explanation.all(config));
        }
        for (String name : names) {
            Optional<Explanation> one = Explanation.named(config, name);
            if (one.isEmpty()) {
                call.err()
                        .println("tamanoir: there is no parameter " + name
                                + Explanation.nearest(name)
                                        .map(nearest -> "; did you mean " + nearest + "?")
                                        .orElse(""));
                exit = Exit.DATA;
            }
            one.ifPresent(wanted::add);
        }
        for (Explanation one : wanted) {
            if (json) {
                Json.print(call.out(), describe(one));
            } else if (explain) {
                call.out().println(one.described());
            } else {
                call.out()
                        .println(
                                expanded || defaults
                                        ? one.fullName() + " = "
                                                + (defaults && !expanded ? one.defaultText() : one.value())
                                        : one.asWritten());
            }
        }
        return exit;
    }

    private static Map<String, Object> describe(Explanation one) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", one.fullName());
        members.put("value", one.value());
        members.put("written", one.written());
        members.put("default", one.defaultText());
        members.put("isDefault", one.isDefault());
        members.put("type", one.type());
        members.put("unit", one.unit());
        members.put("doc", one.doc());
        if (!one.file().isEmpty()) {
            members.put("file", one.file());
            members.put("line", one.line());
        }
        return members;
    }
}
