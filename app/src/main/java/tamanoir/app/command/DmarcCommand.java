package tamanoir.app.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tamanoir.mail.address.Address;
import tamanoir.server.authresults.reports.AggregateReport;
import tamanoir.server.authresults.reports.AggregateReport.Row;
import tamanoir.server.authresults.reports.ReportMail;
import tamanoir.server.directory.Account;
import tamanoir.server.mailbox.AccountMail;
import tamanoir.server.mailbox.MailboxInfo;
import tamanoir.server.mailbox.View;
import tamanoir.server.observe.Refused;

/// What other servers report about mail in our name.
@Command(
        name = "dmarc",
        description = "Tells what other servers report about mail in your name.",
        footer = {"", "Example:", "  tamanoir dmarc report postmaster@example.com"})
final class DmarcCommand extends Group {
    DmarcCommand(Invocation call) {
        super(List.of(new Report(call)));
    }

    @Command(
            name = "report",
            description =
                    "Sums up the DMARC aggregate reports in a mailbox: for each source of mail in your name how many messages passed and failed.",
            footer = {
                "",
                "Put rua=mailto:ADDRESS into the DMARC record of your domain and wait a day.",
                "",
                "Examples:",
                "  tamanoir dmarc report postmaster@example.com",
                "  tamanoir dmarc report dmarc@example.com --mailbox Reports --days 7"
            })
    static final class Report implements Callable<Integer> {
        private final Invocation call;

        @Parameters(paramLabel = "ADDRESS", description = "The account that gets the reports.")
        String address = "";

        @Option(names = "--mailbox", paramLabel = "NAME", description = "The mailbox they are in (INBOX).")
        String mailbox = "INBOX";

        @Option(names = "--days", paramLabel = "N", description = "Mail of so many days is looked at (30).")
        int days = 30;

        @Option(names = "--json", description = "One JSON object a source.")
        boolean json;

        Report(Invocation call) {
            this.call = call;
        }

        @Override
        public Integer call() {
            Address parsed = Address.of(address);
            return call.inOffice(office -> {
                Account account = office.directory()
                        .account(parsed)
                        .orElseThrow(
                                () -> new Refused("there is no account " + parsed + "; see: tamanoir account list"));
                AccountMail mail = office.mailboxes().open(account.id());
                MailboxInfo box = mail.find(mailbox)
                        .orElseThrow(() -> new Refused(parsed + " has no mailbox \"" + mailbox + "\""));
                print(read(mail, mail.view(box.id())));
                return Exit.OK;
            });
        }

        private List<AggregateReport> read(AccountMail mail, View view) {
            Instant since = Clock.systemUTC().instant().minus(Duration.ofDays(days));
            Set<String> known = new HashSet<>();
            List<AggregateReport> reports = new ArrayList<>();
            for (int i = 0; i < view.size(); i++) {
                if (view.internalDate(i).isAfter(since)) {
                    for (AggregateReport report : ReportMail.in(mail.whole(view.message(i)))) {
                        if (known.add(report.organization() + "\0" + report.id())) {
                            reports.add(report);
                        }
                    }
                }
            }
            return reports;
        }

        private record Source(String domain, String address) {}

        /// Messages of one source.
        private static final class Sum {
            long messages;
            long dkim;
            long spf;
            long failed;
            long stopped;

            void add(Row row) {
                messages += row.count();
                dkim += row.dkim() ? row.count() : 0;
                spf += row.spf() ? row.count() : 0;
                failed += row.passes() ? 0 : row.count();
                boolean stays = row.disposition().isEmpty()
                        || row.disposition().equals("none")
                        || row.disposition().equals("pass");
                stopped += stays ? 0 : row.count();
            }
        }

        private void print(List<AggregateReport> reports) {
            Map<Source, Sum> sums = new LinkedHashMap<>();
            Set<String> receivers = new HashSet<>();
            for (AggregateReport report : reports) {
                receivers.add(report.organization());
                for (Row row : report.rows()) {
                    sums.computeIfAbsent(new Source(row.headerFrom(), row.source()), _ -> new Sum())
                            .add(row);
                }
            }
            List<Map.Entry<Source, Sum>> sorted = new ArrayList<>(sums.entrySet());
            sorted.sort(Comparator.comparingLong((Map.Entry<Source, Sum> entry) -> entry.getValue().messages)
                    .reversed());
            if (json) {
                sorted.forEach(entry -> Json.print(call.out(), describe(entry)));
                return;
            }
            if (reports.isEmpty()) {
                call.out()
                        .println("No DMARC report of the last " + days + " days in " + mailbox + " of " + address
                                + ". Is rua=mailto:" + address + " in the DMARC record of your domain?");
                return;
            }
            call.out().printf("%d reports of %d receivers.%n%n", reports.size(), receivers.size());
            call.out()
                    .printf(
                            "%-28s %-40s %8s %8s %8s %8s %8s%n",
                            "From", "source", "mails", "DKIM", "SPF", "failed", "stopped");
            for (Map.Entry<Source, Sum> entry : sorted) {
                Sum sum = entry.getValue();
                call.out()
                        .printf(
                                "%-28s %-40s %8d %8d %8d %8d %8d%n",
                                entry.getKey().domain(),
                                entry.getKey().address(),
                                sum.messages,
                                sum.dkim,
                                sum.spf,
                                sum.failed,
                                sum.stopped);
            }
            call.out().println();
            call.out()
                    .println("DKIM, SPF: passed for your domain. failed: neither; stopped: put into Junk or refused."
                            + " A source of yours that fails needs a signature or a place in your SPF record.");
        }

        private static Map<String, Object> describe(Map.Entry<Source, Sum> entry) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("from", entry.getKey().domain());
            members.put("source", entry.getKey().address());
            members.put("messages", entry.getValue().messages);
            members.put("dkim", entry.getValue().dkim);
            members.put("spf", entry.getValue().spf);
            members.put("failed", entry.getValue().failed);
            members.put("stopped", entry.getValue().stopped);
            return members;
        }
    }
}
