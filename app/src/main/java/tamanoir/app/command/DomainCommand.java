package tamanoir.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.mail.address.Domain;

/// The domains whose accounts and aliases live in the store.
@Command(
        name = "domain",
        description =
                "Adds, lists and removes domains. Those of main.cf (mydestination, virtual_mailbox_domains) count beside them.",
        footer = {"", "Examples:", "  tamanoir domain add example.net", "  tamanoir domain list --json"})
final class DomainCommand extends Group {
    DomainCommand(Invocation call) {
        super(List.of(new Add(call), new ListAll(call), new Remove(call)));
    }

    @Command(
            name = "add",
            description = "Adds a domain.",
            footer = {"", "Example:", "  tamanoir domain add example.net"})
    static final class Add implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "DOMAIN", description = "For example example.net.")
        String domain = "";

        Add(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Domain parsed = Domain.of(domain);
            return call.inOffice(office -> {
                office.directory().addDomain(parsed);
                call.out().println("Added " + parsed + ". Next: tamanoir account add somebody@" + parsed);
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "list",
            description = "Lists the domains.",
            footer = {"", "Example:", "  tamanoir domain list --json"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--json", description = "As a JSON list.")
        boolean json;

        ListAll(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                List<String> names =
                        office.directory().domains().stream().map(Domain::name).toList();
                if (json) {
                    Json.print(call.out(), names);
                } else {
                    names.forEach(call.out()::println);
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "remove",
            description = "Removes a domain that has no accounts and no aliases any more.",
            footer = {"", "Example:", "  tamanoir domain remove example.net"})
    static final class Remove implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "DOMAIN", description = "For example example.net.")
        String domain = "";

        Remove(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Domain parsed = Domain.of(domain);
            return call.inOffice(office -> {
                office.directory().removeDomain(parsed);
                call.out().println("Removed " + parsed + ".");
                return Exit.OK;
            });
        }
    }
}
