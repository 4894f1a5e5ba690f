package tamanoir.app;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.text.BadSyntax;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;
import tamanoir.server.config.Parameter;
import tamanoir.server.config.Parameters;
import tamanoir.server.config.Problem;
import tamanoir.server.directory.Directory;
import tamanoir.server.directory.DirectorySettings;
import tamanoir.server.directory.source.Sources;
import tamanoir.server.dns.DnsSettings;
import tamanoir.server.dns.Resolver;
import tamanoir.server.filter.FilterCheck;
import tamanoir.server.filter.junk.Lessons;
import tamanoir.server.mailbox.MailboxSettings;
import tamanoir.server.mailbox.Mailboxes;
import tamanoir.server.personal.Personal;
import tamanoir.server.personal.PersonalSettings;
import tamanoir.server.policy.ListAdvice;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Prober;
import tamanoir.server.queue.Queue;
import tamanoir.server.queue.QueueSettings;
import tamanoir.server.sieve.Memory;
import tamanoir.server.smtp.Budget;
import tamanoir.server.smtp.Reception;
import tamanoir.server.store.memory.MemoryStore;
import tamanoir.server.tables.CheckReport;
import tamanoir.server.tables.Tables;

/// Makes of a configuration what a start makes of it, on an empty store in memory, and throws it away: what
/// is wrong with restriction lists, networks and addresses is said with file and line before anybody
/// depends on it.
final class RoomsCheck implements CheckReport.Part {
    @Override
    public List<Problem> check(Config config, Tables tables) {
        List<Problem> problems = new ArrayList<>();
        Clock clock = Clock.systemUTC();
        try (MemoryStore store = new MemoryStore();
                Directory directory = new Directory(store, clock, DirectorySettings.from(config), List::of);
                Mailboxes mailboxes = new Mailboxes(store, directory, clock, MailboxSettings.from(config));
                Queue queue = new Queue(store, QueueSettings.of(config), clock)) {
            try (Sources sources = Sources.of(config, clock, List::of)) {
                problems.addAll(sources.problems(config));
            }
            problems.addAll(new FilterCheck(store.blobs()).check(config, tables));
            Dns dns = new Resolver(DnsSettings.from(config));
            Reception reception = new Reception(
                    config,
                    new Reception.Ground(
                            tables,
                            directory,
                            mailboxes,
                            queue,
                            store.blobs(),
                            dns,
                            new Budget(1 << 20),
                            () -> Long.MAX_VALUE,
                            clock,
                            new Notebook(store, clock),
                            Prober.none(),
                            new Lessons(store),
                            new Personal(store, directory, PersonalSettings.defaults()),
                            new Memory(store)));
            for (String service : Explaining.services()) {
                Config own = config.service(service);
                try {
                    problems.addAll(ListAdvice.of(own));
                    for (String problem : reception.policy(service).problems()) {
                        // That nothing guards against relaying is said with its line by CheckReport.
                        if (problem.startsWith(NetParameters.MYNETWORKS.name())) {
                            problems.add(
                                    own.error(NetParameters.MYNETWORKS, problem.replaceFirst("^mynetworks", "it")));
                        }
                    }
                } catch (BadSyntax e) {
                    problems.add(problem(own, String.valueOf(e.getMessage())));
                }
            }
        } catch (BadSyntax e) {
            problems.add(problem(config, String.valueOf(e.getMessage())));
        }
        return problems.stream().distinct().toList();
    }

    /// At the line of the parameter whose name the message begins with.
    private static Problem problem(Config config, String message) {
        int end = message.indexOf(": ");
        Optional<Parameter<?>> parameter = end < 0 ? Optional.empty() : Parameters.named(message.substring(0, end));
        return parameter.isPresent()
                ? config.error(parameter.get(), message.substring(end + 2))
                : new Problem(
                        Problem.Severity.ERROR, config.home().resolve("main.cf").toString(), 0, message);
    }
}
