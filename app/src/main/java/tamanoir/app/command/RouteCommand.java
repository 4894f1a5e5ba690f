package tamanoir.app.command;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.app.Enquiry;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.ReversePath;
import tamanoir.server.delivery.Recipients;
import tamanoir.server.delivery.Recipients.Standing;
import tamanoir.server.delivery.Target;
import tamanoir.server.outbound.Routes.Way;
import tamanoir.server.smtp.Reception;

/// Where mail for an address ends up: aliases and lists followed to mailboxes and servers, as `sendmail -bv` shows.
@Command(
        name = "route",
        description = {
            "Tells where mail for an address goes: whose domain it is, which aliases it follows, into which mailboxes",
            "and to which servers, and where the way is written. Nothing is sent."
        },
        footer = {
            "",
            "Examples:",
            "  tamanoir route sales@example.com",
            "  tamanoir route --from ann@example.com bob@example.org",
            "",
            "Exit codes: 0 all of it can be delivered, 1 some of it never, 75 some of it not now."
        })
final class RouteCommand implements Callable<Integer> {
    private final Invocation call;

    @Parameters(paramLabel = "ADDRESS", description = "The recipient.")
    String to = "";

    @Option(names = "--from", paramLabel = "ADDRESS", description = "The sender; without it the null sender.")
    String from = "";

    @Option(names = "--json", description = "One JSON object a copy.")
    boolean json;

    RouteCommand(Invocation call) {
        this.call = call;
    }

    @Override
    public Integer call() {
        Address address = Address.of(to);
        ReversePath sender = from.isEmpty() ? ReversePath.NULL : ReversePath.of(Address.of(from));
        return call.inOffice(office -> {
            Reception reception = Enquiry.of(office).reception();
            Recipients recipients = reception.recipients();
            if (!json) {
                call.out().println(address + ": " + standing(recipients.standing(address)));
            }
            List<Address> mapped = reception.intake().mapped(address);
            if (!json && !mapped.equals(List.of(address))) {
                call.out()
                        .println("  becomes "
                                + mapped.stream().map(Address::toString).collect(joining(", ")));
            }
            List<Target> targets = mapped.stream()
                    .flatMap(one -> recipients.targets(one, sender, Set.of()).stream())
                    .toList();
            int exit = Exit.OK;
            for (Target target : targets) {
                Map<String, Object> members = described(target, recipients);
                if (json) {
                    Json.print(call.out(), members);
                } else {
                    call.out().println("  " + text(members));
                }
                exit = worse(exit, target);
            }
            return exit;
        });
    }

    private static int worse(int exit, Target target) {
        return switch (target) {
            case Target.Failed _ -> Exit.FOUND;
            case Target.Later _ -> exit == Exit.OK ? Exit.TEMPORARY : exit;
            default -> exit;
        };
    }

    private static String standing(Standing standing) {
        return switch (standing) {
            case Standing.Known known -> "ours, class " + word(known.addressClass());
            case Standing.Unknown unknown ->
                "ours, class " + word(unknown.addressClass()) + ", but refused at the door: " + unknown.reply();
            case Standing.Elsewhere _ -> "another server's";
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Map<String, Object> described(Target target, Recipients recipients) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("address", target.address().toString());
        switch (target) {
            case Target.Mailbox mailbox -> {
                members.put("goes", "mailbox");
                members.put("account", mailbox.account().address().toString());
                if (!mailbox.detail().isEmpty()) {
                    members.put("detail", mailbox.detail());
                }
            }
            case Target.Away away -> {
                Way way = recipients.way(away.sender(), away.address());
                members.put("goes", "away");
                members.put("transport", way.transport());
                members.put(
                        "nexthop",
                        way.nexthop().isEmpty() ? away.address().domain().toString() : way.nexthop());
                members.put("place", way.place());
                members.put("sender", away.sender().toString());
            }
            case Target.Special special -> {
                members.put("goes", special.text().startsWith("|") ? "command" : "file");
                members.put("text", special.text());
                members.put("allowed", special.allowed());
            }
            case Target.Discarded _ -> members.put("goes", "nowhere, taken and thrown away");
            case Target.Failed failed -> {
                members.put("goes", "back");
                members.put("reply", failed.reply().toString());
            }
            case Target.Later later -> {
                members.put("goes", "not now");
                members.put("reply", later.reply().toString());
            }
        }
        return members;
    }

    private static String text(Map<String, Object> members) {
        StringBuilder text = new StringBuilder(members.get("address") + " -> " + members.get("goes"));
        members.forEach((name, value) -> {
            if (!name.equals("address")
                    && !name.equals("goes")
                    && !value.toString().isEmpty()) {
                text.append(", ").append(name).append(' ').append(value);
            }
        });
        return text.toString();
    }
}
