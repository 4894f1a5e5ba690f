package tamanoir.app;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tamanoir.mail.dns.Dns;
import tamanoir.mail.smtp.Envelope;
import tamanoir.mail.text.Octets;
import tamanoir.server.config.Config;
import tamanoir.server.dns.DnsSettings;
import tamanoir.server.dns.Resolver;
import tamanoir.server.intake.Receipt;
import tamanoir.server.observe.Refused;
import tamanoir.server.observe.Trace;
import tamanoir.server.setup.Checks;
import tamanoir.server.setup.Setup;
import tamanoir.server.tables.CheckReport;

/// The set-up of a server, with what it stands on: around one that runs, or on its home folder alone.
public final class FirstSteps {
    /// Half the time of a check, so that a dead name server leaves time for another.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private FirstSteps() {}

    /// Around the server that runs, or else on the store that this office has opened.
    public static Setup of(Path home, Map<String, String> overrides, Office office) {
        return office.running()
                .map(Office.Running::setup)
                .orElseGet(() -> of(home, office, new Still(home, overrides)));
    }

    static Setup of(Path home, Office office, Setup.Server server) {
        return new Setup(
                new Setup.Ground(
                        home,
                        office.store(),
                        office.directory(),
                        office.mailboxes(),
                        () -> dns(server.config()),
                        Clock.systemUTC()),
                server);
    }

    /// One that remembers nothing: a record just added must be seen.
    private static Dns dns(Config config) {
        DnsSettings own = DnsSettings.from(config);
        return new Resolver(new DnsSettings(own.servers(), own.resolvConf(), PATIENCE, 1, own.trustValidation(), 0));
    }

    /// No server runs.
    private record Still(Path home, Map<String, String> overrides) implements Setup.Server {
        @Override
        public Config config() {
            return Config.load(home, overrides).config();
        }

        @Override
        public String reload() {
            CheckReport report = CheckReport.of(
                    home, overrides, Optional.empty(), Clock.systemUTC(), new Trace("setup", ""), List.of());
            if (!report.isUsable()) {
                throw new Refused(report.errors().getFirst().toString());
            }
            return "The next start takes it into use.";
        }

        @Override
        public Receipt submit(Envelope envelope, Octets message) {
            throw new Refused("no server is running that could take the test message; start it, then: tamanoir setup");
        }

        @Override
        public List<Checks.OpenPort> services() {
            return List.of();
        }
    }
}
