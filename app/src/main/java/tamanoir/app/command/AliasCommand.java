package tamanoir.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.directory.Directory.Alias;

/// Addresses that lead to other addresses; kept in the store, beside the tables of main.cf.
@Command(
        name = "alias",
        description = "Adds, lists and removes aliases. Those of alias_maps and virtual_alias_maps count beside them.",
        footer = {
            "",
            "Examples:",
            "  tamanoir alias add info@example.net ann@example.net bob@example.org",
            "  tamanoir alias add @example.net ann@example.net     (every other address of the domain)",
            "  tamanoir alias list --json"
        })
final class AliasCommand extends Group {
    AliasCommand(Invocation call) {
        super(List.of(new Add(call), new ListAll(call), new Remove(call)));
    }

    @Command(
            name = "add",
            description = "Adds an alias. To change its targets, remove it first.",
            footer = {"", "Example:", "  tamanoir alias add info@example.net ann@example.net bob@example.org"})
    static final class Add implements Callable<Integer> {
        private final Invocation call;

        @Parameters(
                index = "0",
                paramLabel = "ALIAS",
                description = "An address, or @domain for every other address of it.")
        String name = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "TARGET", description = "Where the mail goes.")
        List<String> targets = new ArrayList<>();

        Add(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            List<Address> parsed = targets.stream().map(Address::of).toList();
            return call.inOffice(office -> {
                Alias alias = office.directory().addAlias(name, parsed);
                call.out().println(print(alias));
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "list",
            description = "Lists the aliases.",
            footer = {"", "Example:", "  tamanoir alias list --domain example.net"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only aliases of this domain.")
        Optional<String> domain = Optional.empty();

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Optional<Domain> only = domain.map(Domain::of);
            return call.inOffice(office -> {
                String after = "";
                List<Alias> page;
                do {
                    page = office.directory().aliases(only, after, 500);
                    for (Alias alias : page) {
                        if (json) {
                            Json.print(
                                    call.out(),
                                    Map.of(
                                            "alias",
                                            alias.name(),
                                            "targets",
                                            alias.targets().stream()
                                                    .map(Address::toString)
                                                    .toList()));
                        } else {
                            call.out().println(print(alias));
                        }
                        after = alias.name();
                    }
                } while (page.size() == 500);
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "remove",
            description = "Removes an alias.",
            footer = {"", "Example:", "  tamanoir alias remove info@example.net"})
    static final class Remove implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "ALIAS", description = "As it is listed.")
        String name = "";

        Remove(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                office.directory().removeAlias(name);
                call.out().println("Removed " + name + ".");
                return Exit.OK;
            });
        }
    }

    private static String print(Alias alias) {
        return alias.name() + " -> "
                + String.join(
                        ", ", alias.targets().stream().map(Address::toString).toList());
    }
}
