package tamanoir.app.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tamanoir.app.Explaining;
import tamanoir.app.Explaining.Asked;
import tamanoir.app.Explaining.Told;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.policy.Client;
import tamanoir.server.policy.Step;
import tamanoir.server.policy.Verdict;
import tamanoir.server.policy.Verdict.Effect;

/// Why would a mail be taken or refused: every restriction on its way, what it found, where it stands.
@Command(
        name = "explain",
        description = {
            "Tells what would become of a mail and why: walks the restriction lists, tables and DNS lists",
            "as for a real client, and says at each step what decided, with file and line."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir explain --client 203.0.113.9 --helo mx.example.org --from a@example.org --to ann@example.net",
            "  tamanoir explain --client 198.51.100.7 --service submission --login ann --from ann@example.net --to b@example.org",
            "",
            "Nothing is remembered (greylisting, verified addresses), and policy services are not asked.",
            "Exit codes: 0 taken, 1 refused for good, 75 refused for now."
        })
final class ExplainCommand implements Callable<Integer> {
    private final Invocation call;

    @Option(names = "--client", required = true, paramLabel = "IP", description = "The client's address.")
    String client = "";

    @Option(
            names = "--reverse-name",
            paramLabel = "NAME",
            description = "What its PTR record says; \"unknown\" for none. Without it the DNS is asked.")
    String reverseName = "";

    @Option(names = "--helo", paramLabel = "NAME", description = "What it says after EHLO.")
    String helo = "";

    @Option(names = "--from", paramLabel = "ADDRESS", description = "The sender; without it the null sender.")
    String from = "";

    @Option(names = "--to", required = true, paramLabel = "ADDRESS", description = "The recipient.")
    String to = "";

    @Option(
            names = "--service",
            paramLabel = "SERVICE",
            description = "smtp (default), submission, submissions or lmtp.")
    String service = "smtp";

    @Option(names = "--login", paramLabel = "LOGIN", description = "As whom it has signed in.")
    String login = "";

    @Option(names = "--tls", description = "The session is encrypted.")
    boolean tls;

    @Option(names = "--json", description = "As JSON.")
    boolean json;

    ExplainCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        if (!Explaining.services().contains(service)) {
            throw new BadSyntax(
                    "\"" + service + "\" is no service; allowed are " + String.join(", ", Explaining.services()));
        }
        Asked asked = new Asked(client, reverseName, helo, bare(from), bare(to), service, login, tls);
        return call.inOffice(office -> {
            Told told = new Explaining(office).told(asked);
            if (json) {
                Json.print(call.out(), members(asked, told));
            } else {
                print(asked, told);
            }
            return exit(told.verdict());
        });
    }

    private static String bare(String address) {
        return address.startsWith("<") && address.endsWith(">") ? address.substring(1, address.length() - 1) : address;
    }

    private static int exit(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Pass _ -> Exit.OK;
            case Verdict.Refuse refuse -> refuse.reply().isPermanent() ? Exit.FOUND : Exit.TEMPORARY;
        };
    }

    // ---- for people --------------------------------------------------------------------------------------------

    private void print(Asked asked, Told told) {
        call.out().println("Client " + described(told.client()) + ", service " + asked.service());
        call.out()
                .println("  HELO <" + asked.helo() + "> from <" + asked.sender() + "> to <" + asked.recipient() + ">"
                        + (asked.login().isEmpty() ? "" : ", signed in as " + asked.login())
                        + (asked.tls() ? ", under TLS" : ""));
        String list = "";
        for (Step step : told.steps()) {
            if (step.depth() == 0 && !step.list().equals(list)) {
                list = step.list();
                call.out().println();
                call.out().println(list.isEmpty() ? "without a list" : list);
            }
            String indent = "  " + "  ".repeat(step.depth());
            call.out().println(indent + step.rule() + (step.place().isEmpty() ? "" : "  (" + step.place() + ")"));
            call.out().println(indent + "    " + step.outcome() + (step.why().isEmpty() ? "" : ": " + step.why()));
            if (!step.reply().isEmpty()) {
                call.out().println(indent + "    " + step.reply());
            }
        }
        call.out().println();
        switch (told.verdict()) {
            case Verdict.Pass pass -> {
                call.out().println("It would be taken.");
                pass.effects().forEach(effect -> call.out().println("  " + described(effect)));
            }
            case Verdict.Refuse refuse -> {
                call.out()
                        .println("It would be " + (refuse.reply().isPermanent() ? "refused" : "put off") + " by "
                                + refuse.reason());
                call.out().println("  " + refuse.reply());
                refuse.notes().forEach(note -> call.out().println("  " + described(note)));
            }
        }
    }

    private static String described(Client client) {
        if (!client.name().equals(Client.UNKNOWN)) {
            return client.toString();
        }
        return client
                + (client.trouble() ? " (its names cannot be looked up now)" : "")
                + (client.reverseName().equals(Client.UNKNOWN)
                        ? ""
                        : ", whose PTR record says " + client.reverseName() + ", which does not lead back");
    }

    private static String described(Effect effect) {
        return switch (effect) {
            case Effect.Discard discard -> "and thrown away: " + discard.text();
            case Effect.Hold hold -> "and kept in the queue until it is released: " + hold.text();
            case Effect.Prepend field -> "with the header field " + field.field();
            case Effect.Redirect to -> "and go to " + to.address() + " instead";
            case Effect.BlindCopy to -> "with a copy to " + to.address();
            case Effect.Filter filter -> "and go through " + filter.destination();
            case Effect.Note note -> "log: " + note.text();
        };
    }

    // ---- for programs ------------------------------------------------------------------------------------------

    private static Map<String, Object> members(Asked asked, Told told) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("client", told.client().addressText());
        members.put("clientName", told.client().name());
        members.put("reverseClientName", told.client().reverseName());
        members.put("helo", asked.helo());
        members.put("sender", asked.sender());
        members.put("recipient", asked.recipient());
        members.put("service", asked.service());
        List<Object> steps = new ArrayList<>();
        for (Step step : told.steps()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("list", step.list());
            one.put("depth", step.depth());
            one.put("restriction", step.rule());
            one.put("place", step.place());
            one.put("outcome", step.outcome());
            one.put("why", step.why());
            one.put("reply", step.reply());
            steps.add(one);
        }
        members.put("steps", steps);
        switch (told.verdict()) {
            case Verdict.Pass pass -> {
                members.put("verdict", "accept");
                members.put(
                        "effects",
                        pass.effects().stream()
                                .map(ExplainCommand::described)
                                .map(Object.class::cast)
                                .toList());
            }
            case Verdict.Refuse refuse -> {
                members.put("verdict", refuse.reply().isPermanent() ? "reject" : "defer");
                members.put("reply", refuse.reply().toString());
                members.put("reason", refuse.reason());
            }
        }
        return members;
    }
}
