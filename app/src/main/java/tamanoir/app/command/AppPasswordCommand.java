package tamanoir.app.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.AppPasswords.AppPassword;
import tamanoir.server.directory.AppPasswords.Made;
import tamanoir.server.directory.AppPasswords.Scope;
import tamanoir.server.observe.Refused;

/// Passwords for one program each.
@Command(
        name = "app-password",
        description =
                "Makes, lists and removes passwords for single programs; a lost phone costs its own and no other.",
        footer = {
            "",
            "Examples:",
            "  tamanoir app-password add ann@example.net \"Ann's phone\"",
            "  tamanoir app-password add ann@example.net scanner --scope smtp --days 90",
            "  tamanoir app-password list ann@example.net",
            "  tamanoir app-password remove ann@example.net 2"
        })
final class AppPasswordCommand extends Group {
    AppPasswordCommand(Invocation call) {
        super(List.of(new Add(call), new ListAll(call), new Remove(call)));
    }

    private static String words(Set<Scope> scopes) {
        return EnumSet.copyOf(scopes).stream().map(Scope::word).collect(Collectors.joining(","));
    }

    @Command(
            name = "add",
            description = "Makes one and prints it, once.",
            footer = {"", "Example:", "  tamanoir app-password add ann@example.net laptop --scope imap,smtp"})
    static final class Add implements Callable<Integer> {
        private final Invocation call;

        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Address or bare name.")
        String account = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "For which program or device.")
        String name = "";

        @Option(
                names = "--scope",
                split = ",",
                paramLabel = "SCOPE",
                description = "What it opens: imap, pop3, smtp, sieve, jmap; without it all of them.")
        List<String> scopes = List.of();

        @Option(names = "--days", paramLabel = "N", description = "It ends after so many days; without it never.")
        int days;

        Add(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            if (days < 0 || days > 36_500) {
                throw new Refused("--days is a number from 1 to 36500");
            }
            Set<Scope> opens = EnumSet.noneOf(Scope.class);
            scopes.forEach(word -> opens.add(Scope.of(word)));
            Optional<Instant> expires = days == 0
                    ? Optional.empty()
                    : Optional.of(Clock.systemUTC().instant().plus(Duration.ofDays(days)));
            return call.inOffice(office -> {
                Account who = AccountCommand.find(office, account);
                Made made = office.directory()
                        .appPasswords()
                        .add(who.id(), name, opens.isEmpty() ? EnumSet.allOf(Scope.class) : opens, expires);
                call.out().println(made.secret());
                call.err()
                        .println("For " + who.address() + ", " + made.password().name() + " (number "
                                + made.password().id() + "): "
                                + words(made.password().scopes())
                                + made.password()
                                        .expires()
                                        .map(end -> ", until " + end)
                                        .orElse("")
                                + ". It is not shown again.");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "list",
            description = "Lists those of an account, with their last use to the hour.",
            footer = {"", "Example:", "  tamanoir app-password list ann@example.net --json"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "ACCOUNT", description = "Address or bare name.")
        String account = "";

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                Account who = AccountCommand.find(office, account);
                for (AppPassword one : office.directory().appPasswords().list(who.id())) {
                    String used = one.used().map(Instant::toString).orElse("never");
                    String expires = one.expires().map(Instant::toString).orElse("never");
                    if (json) {
                        Map<String, Object> members = new LinkedHashMap<>();
                        members.put("id", one.id());
                        members.put("name", one.name());
                        members.put("scopes", words(one.scopes()));
                        members.put("made", one.made().toString());
                        members.put("expires", expires);
                        members.put("used", used);
                        Json.print(call.out(), members);
                    } else {
                        call.out()
                                .printf(
                                        Locale.ROOT,
                                        "%3d  %-24s %-26s used %s, expires %s%n",
                                        one.id(),
                                        one.name(),
                                        words(one.scopes()),
                                        used,
                                        expires);
                    }
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "remove",
            description = "Removes one; it opens nothing from then on.",
            footer = {"", "Example:", "  tamanoir app-password remove ann@example.net 1"})
    static final class Remove implements Callable<Integer> {
        private final Invocation call;

        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Address or bare name.")
        String account = "";

        @Parameters(index = "1", paramLabel = "NUMBER", description = "As list shows it.")
        int number;

        Remove(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                Account who = AccountCommand.find(office, account);
                if (!office.directory().appPasswords().remove(who.id(), number)) {
                    throw new Refused(who.address() + " has no app password " + number);
                }
                call.out().println("Removed.");
                return Exit.OK;
            });
        }
    }
}
