package tamanoir.app;

import java.time.Clock;
import tamanoir.mail.dns.Dns;
import tamanoir.server.dns.DnsSettings;
import tamanoir.server.dns.HostsFile;
import tamanoir.server.dns.Resolver;
import tamanoir.server.observe.Trace;
import tamanoir.server.policy.Notebook;
import tamanoir.server.policy.Prober;
import tamanoir.server.sieve.Memory;
import tamanoir.server.smtp.Budget;
import tamanoir.server.smtp.Reception;
import tamanoir.server.tables.Tables;

/// The receiving half as it would decide now, for commands that ask and change nothing: the configuration, tables and
/// DNS of the moment, without probes of other servers.
public record Enquiry(Dns dns, Reception reception) {
    /// @throws tamanoir.mail.text.BadSyntax when the configuration says something that cannot be
    public static Enquiry of(Office office) {
        Clock clock = Clock.systemUTC();
        Dns dns = HostsFile.where(office.config(), new Resolver(DnsSettings.from(office.config())));
        Reception reception = new Reception(
                office.config(),
                new Reception.Ground(
                        new Tables(office.config(), clock, new Trace("tables", "")),
                        office.directory(),
                        office.mailboxes(),
                        office.queue(),
                        office.store().blobs(),
                        dns,
                        new Budget(1 << 20),
                        () -> Long.MAX_VALUE,
                        clock,
                        new Notebook(office.store(), clock),
                        Prober.none(),
                        office.lessons(),
                        office.personal(),
                        new Memory(office.store())));
        return new Enquiry(dns, reception);
    }
}
