package tamanoir.app.command;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.server.directory.Bans;
import tamanoir.server.observe.Refused;

/// Who guessed passwords and has to wait.
@Command(
        name = "bans",
        description = "Shows who has to wait after wrong passwords, until when and why; lifts a ban.",
        footer = {
            "",
            "Examples:",
            "  tamanoir bans list",
            "  tamanoir bans lift 203.0.113.9",
            "  tamanoir bans lift ann@example.com",
            "",
            "Bans expire by themselves and end with the server. Nobody who is signed in is touched by one."
        })
final class BansCommand extends Group {
    BansCommand(Invocation call) {
        super(List.of(new ListAll(call), new Lift(call)));
    }

    @Command(
            name = "list",
            description = "Lists address blocks and names that have to wait.",
            footer = {"", "Example:", "  tamanoir bans list --json"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(office -> {
                List<Bans.Ban> bans = office.directory().bans().list();
                for (Bans.Ban ban : bans) {
                    if (json) {
                        Json.print(
                                call.out(),
                                Map.of(
                                        "subject", ban.subject(),
                                        "failures", ban.failures(),
                                        "until", ban.until().toString(),
                                        "reason", ban.reason()));
                    } else {
                        call.out()
                                .println(ban.subject() + "  until " + ban.until() + " after " + ban.failures()
                                        + " wrong passwords; the last: " + ban.reason());
                    }
                }
                if (!json && bans.isEmpty()) {
                    call.out().println("Nobody has to wait.");
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "lift",
            description = "Lets an address block or a name try again at once.",
            footer = {"", "Example:", "  tamanoir bans lift 2001:db8:1:2::/64"})
    static final class Lift implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "WHO", description = "As 'tamanoir bans list' shows it.")
        String who = "";

        Lift(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inRunningServer(office -> {
                if (!office.directory().bans().lift(who)) {
                    throw new Refused("nothing is known of " + who + "; 'tamanoir bans list' shows who has to wait");
                }
                call.out().println("Lifted.");
                return Exit.OK;
            });
        }
    }
}
