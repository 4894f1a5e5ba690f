package tamanoir.app.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.app.Office;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.StoreParameters;
import tamanoir.server.directory.Account;
import tamanoir.server.directory.Directory;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.observe.Refused;
import tamanoir.server.sieve.Memory;

/// People and their mailboxes.
@Command(
        name = "account",
        description = "Adds, lists, shows and removes accounts.",
        footer = {
            "",
            "Examples:",
            "  tamanoir account add ann@example.net",
            "  echo 'correct horse' | tamanoir account add ann@example.net --password-stdin --quota 2G",
            "  tamanoir account list --domain example.net --json",
            "  tamanoir account password ann@example.net"
        })
final class AccountCommand extends Group {
    AccountCommand(Invocation call) {
        super(List.of(
                new Add(call),
                new Show(call),
                new Password(call),
                new Suspend(call),
                new Resume(call),
                new Remove(call),
                new ListAll(call),
                new Quota(call)));
    }

    static Account find(Office office, String name) {
        return office.directory()
                .byLoginName(name)
                .orElseThrow(() ->
                        new Refused("there is no account " + name + "; 'tamanoir account list' shows those there are"));
    }

    private static Map<String, Object> describe(Account account) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("address", account.address().toString());
        members.put("id", account.id().toString());
        members.put("name", account.displayName());
        members.put("state", account.state().name().toLowerCase(java.util.Locale.ROOT));
        members.put("quota", account.quotaOctets());
        return members;
    }

    @Command(
            name = "add",
            description = "Adds an account; its domain must exist. Asks for the password unless told where it is.",
            footer = {"", "Example:", "  tamanoir account add ann@example.net --name 'Ann Martin' --quota 2G"})
    static final class Add implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "ADDRESS", description = "The whole address.")
        String address = "";

        @Option(names = "--name", paramLabel = "NAME", description = "The person's name, for display.")
        String name = "";

        @Option(
                names = "--quota",
                paramLabel = "SIZE",
                description =
                        "Octets the account may hold: 500M, 2G; 0 for no limit. Default: quota_default of main.cf.")
        Optional<String> quota = Optional.empty();

        @Option(
                names = "--password",
                paramLabel = "TEXT",
                description = "The password; other users of this machine may see it.")
        Optional<String> password = Optional.empty();

        @Option(names = "--password-stdin", description = "Read the password from the first line of standard input.")
        boolean passwordFromInput;

        Add(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Address parsed = Address.of(address);
            Optional<Long> octets = quota.map(Sizes::parse);
            return call.withPassword(password, passwordFromInput, (office, secret) -> {
                Account account = office.directory()
                        .addAccount(
                                parsed,
                                name,
                                secret,
                                octets.orElseGet(() -> office.config().get(StoreParameters.QUOTA_DEFAULT)));
                office.mailboxes().open(account.id()).list();
                call.out().println("Added " + account.address() + ".");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "list",
            description = "Lists accounts in the order of their addresses.",
            footer = {"", "Example:", "  tamanoir account list --domain example.net --json"})
    static final class ListAll implements Callable<Integer> {
        private final Invocation call;

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only accounts of this domain.")
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
                List<Account> page;
                do {
                    page = office.directory().accounts(only, after, 500);
                    for (Account account : page) {
                        if (json) {
                            Json.print(call.out(), describe(account));
                        } else {
                            call.out()
                                    .printf(
                                            "%-40s %-10s %s%n",
                                            account.address(),
                                            account.state() == Account.State.ACTIVE ? "" : "suspended",
                                            account.displayName());
                        }
                        after = account.address().toString();
                    }
                } while (page.size() == 500);
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "show",
            description = "Shows one account: state, quota, mailboxes.",
            footer = {"", "Example:", "  tamanoir account show ann@example.net"})
    static final class Show implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "Address or bare name.")
        String name = "";

        @Option(names = "--json", description = "As JSON.")
        boolean json;

        Show(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                Account account = find(office, name);
                Optional<Directory.Whence> whence =
                        office.directory().whence(account.address().toString());
                AccountMail mail = office.mailboxes().open(account.id());
                AccountMail.Quota quota = mail.quota();
                List<MailboxInfo> boxes = mail.list();
                if (json) {
                    Map<String, Object> members = describe(account);
                    whence.ifPresent(from -> {
                        members.put("source", from.source());
                        members.put("asked", from.asked().toString());
                    });
                    members.put("used", quota.usedOctets());
                    members.put("messages", quota.messages());
                    members.put(
                            "mailboxes",
                            boxes.stream()
                                    .map(box -> Map.of(
                                            "name",
                                            box.name(),
                                            "messages",
                                            box.messages(),
                                            "unseen",
                                            box.unseen(),
                                            "octets",
                                            box.octets()))
                                    .toList());
                    Json.print(call.out(), members);
                    return Exit.OK;
                }
                call.out().println("address:   " + account.address());
                call.out().println("name:      " + account.displayName());
                call.out().println("state:     " + describe(account).get("state"));
                whence.ifPresent(from -> call.out()
                        .println("source:    " + from.source()
                                + (from.source().equals("internal") ? "" : ", asked " + from.asked())));
                call.out()
                        .println("quota:     " + Sizes.print(quota.usedOctets()) + " of "
                                + (quota.limitOctets() == 0 ? "no limit" : Sizes.print(quota.limitOctets())));
                call.out().println("mailboxes: (messages, unseen, size)");
                for (MailboxInfo box : boxes) {
                    call.out()
                            .printf(
                                    "  %-30s %8d %8d %10s%n",
                                    box.name(), box.messages(), box.unseen(), Sizes.print(box.octets()));
                }
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "password",
            description = "Sets the password of an account.",
            footer = {"", "Example:", "  echo 'new secret' | tamanoir account password ann@example.net --password-stdin"
            })
    static final class Password implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "Address or bare name.")
        String name = "";

        @Option(
                names = "--password",
                paramLabel = "TEXT",
                description = "The password; other users of this machine may see it.")
        Optional<String> password = Optional.empty();

        @Option(names = "--password-stdin", description = "Read the password from the first line of standard input.")
        boolean passwordFromInput;

        Password(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.withPassword(password, passwordFromInput, (office, secret) -> {
                Account account = find(office, name);
                office.directory().setPassword(account.id(), secret);
                call.out().println("The password of " + account.address() + " is set.");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "quota",
            description = "Sets how much an account may hold.",
            footer = {"", "Example:", "  tamanoir account quota ann@example.net 5G"})
    static final class Quota implements Callable<Integer> {
        private final Invocation call;

        @Parameters(index = "0", paramLabel = "NAME", description = "Address or bare name.")
        String name = "";

        @Parameters(index = "1", paramLabel = "SIZE", description = "500M, 2G; 0 for no limit.")
        String size = "";

        Quota(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            long octets = Sizes.parse(size);
            return call.inOffice(office -> {
                Account account = find(office, name);
                office.directory().setQuota(account.id(), octets);
                call.out()
                        .println("The quota of " + account.address() + " is "
                                + (octets == 0 ? "no limit" : Sizes.print(octets)) + ".");
                return Exit.OK;
            });
        }
    }

    @Command(
            name = "suspend",
            description = "Lets the account receive mail but not sign in.",
            footer = {"", "Example:", "  tamanoir account suspend ann@example.net"})
    static final class Suspend implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "Address or bare name.")
        String name = "";

        Suspend(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> setState(call, office, name, Account.State.SUSPENDED));
        }
    }

    @Command(
            name = "resume",
            description = "Ends a suspension.",
            footer = {"", "Example:", "  tamanoir account resume ann@example.net"})
    static final class Resume implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "Address or bare name.")
        String name = "";

        Resume(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> setState(call, office, name, Account.State.ACTIVE));
        }
    }

    private static int setState(Invocation call, Office office, String name, Account.State state) {
        Account account = find(office, name);
        office.directory().setState(account.id(), state);
        call.out().println(account.address() + " is " + (state == Account.State.ACTIVE ? "active" : "suspended") + ".");
        return Exit.OK;
    }

    @Command(
            name = "remove",
            description = "Removes an account and erases its mail for good.",
            footer = {"", "Example:", "  tamanoir account remove ann@example.net --yes"})
    static final class Remove implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "NAME", description = "Address or bare name.")
        String name = "";

        @Option(names = "--yes", description = "Needed: all mail of the account is erased.")
        boolean yes;

        Remove(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            return call.inOffice(office -> {
                Account account = find(office, name);
                if (!yes) {
                    long messages =
                            office.mailboxes().open(account.id()).quota().messages();
                    call.err()
                            .println(
                                    "tamanoir: " + account.address() + " holds " + messages
                                            + " messages, which would be erased for good. Nothing was changed; say it again with --yes.");
                    return Exit.USAGE;
                }
                office.directory().removeAccount(account.id());
                office.directory().appPasswords().erase(account.id());
                office.mailboxes().erase(account.id());
                office.personal().erase(account.id());
                new Memory(office.store()).erase(account.id());
                call.out().println("Removed " + account.address() + "; its mail is being erased.");
                return Exit.OK;
            });
        }
    }
}
