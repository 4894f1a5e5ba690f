package tamanoir.bench.verdicts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tamanoir.app.Ground;
import tamanoir.app.Tamanoir;
import tamanoir.mail.address.Address;
import tamanoir.mail.address.Domain;
import tamanoir.server.config.Config;
import tamanoir.server.config.Loaded;

/// Tamanoir in this process, with a home of its own.
final class Ours implements AutoCloseable {
    private static final String OFF = """
            submission_port = off
            submissions_port = off
            lmtpd_port = off
            imap_port = off
            imaps_port = off
            pop3_port = off
            pop3s_port = off
            managesieve_port = off
            http_port = off
            https_port = off
            """;

    private final Tamanoir server;

    Ours(Path home, String address, int port, String config, Scenario scenario) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("main.cf"), config + own(port, address, home) + OFF);
        for (Path table : scenario.tables()) {
            Files.copy(table, home.resolve(table.getFileName()));
        }
        Loaded loaded = Config.load(home, Map.of());
        if (!loaded.isUsable()) {
            throw new IOException(scenario.name() + ": " + loaded.errors());
        }
        try (Ground ground = Ground.open(home, Map.of())) {
            Domain domain = Domain.of("example.com");
            ground.office().directory().addDomain(domain);
            for (String user : new String[] {"user001", "user002"}) {
                ground.office().directory().addAccount(new Address(user, domain), user, "secret", 0);
            }
        }
        this.server = Tamanoir.start(home, Map.of(), loaded.config());
    }

    private static String own(int port, String address, Path home) {
        return """

            # The instance.
            smtpd_port = %d
            inet_interfaces = %s
            log_level = error
            maillog_file = %s/log
            """.formatted(port, address, home);
    }

    @Override
    public void close() {
        server.close();
    }
}
