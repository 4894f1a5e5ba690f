package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What a configuration says to those who ask it.
class ConfigTest {
    @Test
    void everyDefaultIsReadable() {
        Loaded loaded = Config.load(Path.of("/nonexistent"), Map.of());
        assertThat(loaded.problems()).isEmpty();
    }

    @Test
    void aServiceHasItsOwnValue() {
        Config config =
                Config.of(Map.of("smtpd_timeout", "1m", "submission/smtpd_timeout", "2h", "myhostname", "a.b.example"));
        assertThat(config.get(SmtpdParameters.SMTPD_TIMEOUT)).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.service("submission").get(SmtpdParameters.SMTPD_TIMEOUT))
                .isEqualTo(Duration.ofHours(2));
        assertThat(config.service("smtp").get(SmtpdParameters.SMTPD_TIMEOUT)).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.get(NetParameters.MYDOMAIN)).isEqualTo("b.example");
        assertThat(config.get(CleanupParameters.MYDESTINATION))
                .isEqualTo(List.of("a.b.example", "localhost.b.example", "localhost"));
    }

    @Test
    void portsAreShiftedTogether() {
        Config config = Config.of(Map.of("port_offset", "8000", "imap_port", "0", "pop3_port", "off"));
        assertThat(config.port(NetParameters.SMTPD_PORT)).isEqualTo(OptionalInt.of(8025));
        assertThat(config.port(ImapParameters.IMAP_PORT)).isEqualTo(OptionalInt.of(0));
        assertThat(config.port(Pop3Parameters.POP3_PORT)).isEmpty();
    }
}
