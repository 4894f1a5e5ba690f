package tamanoir.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `tamanoir config` says.
class ExplanationTest {
    @TempDir
    Path home;

    private Config load(String text) throws IOException {
        Files.writeString(home.resolve("main.cf"), text);
        return Config.load(home, Map.of()).config();
    }

    @Test
    void aValueIsExplainedFromTheLineItStandsOn() throws IOException {
        Config config = load("""
                mydomain = example.com
                myorigin = $mydomain
                own = x
                submission/smtpd_timeout = 1h
                """);
        Explanation origin = Explanation.named(config, "myorigin").orElseThrow();
        assertThat(origin.asWritten()).isEqualTo("myorigin = $mydomain");
        assertThat(origin.value()).isEqualTo("example.com");
        assertThat(origin.defaultText()).isEqualTo("$myhostname");
        assertThat(origin.isDefault()).isFalse();
        assertThat(origin.line()).isEqualTo(2);
        assertThat(origin.steps())
                .containsExactly(new Explanation.Step("mydomain", "example.com", home.resolve("main.cf") + ":1"));
        assertThat(origin.described())
                .contains("myorigin = example.com\n")
                .contains("$mydomain is example.com (" + home.resolve("main.cf") + ":1)");

        Explanation timeout =
                Explanation.named(config, "submission/smtpd_timeout").orElseThrow();
        assertThat(timeout.asWritten()).isEqualTo("submission/smtpd_timeout = 1h");
        assertThat(timeout.defaultValue()).isEqualTo("300s");
        assertThat(timeout.unit()).isEqualTo("seconds");
        Explanation common = Explanation.named(config, "smtpd_timeout").orElseThrow();
        assertThat(common.isDefault()).isTrue();
        assertThat(common.value()).isEqualTo("300s");
        assertThat(common.file()).isEmpty();
        assertThat(common.steps()).contains(new Explanation.Step("stress", "", "default"));

        assertThat(Explanation.named(config, "own").orElseThrow().standing()).contains("own name");
        assertThat(Explanation.named(config, "smtpd_timeuot")).isEmpty();
        assertThat(Explanation.nearest("smtpd_timeuot")).contains("smtpd_timeout");
        assertThat(Explanation.named(config, "biff").orElseThrow().described()).contains("accepted without effect");
    }

    @Test
    void whatIsSetIsListedInTheOrderOfTheFile() throws IOException {
        Config config = load("relayhost = a\nmydomain = example.com\nsubmission/relayhost = c\nrelayhost = b\n");
        assertThat(Explanation.set(config).stream().map(Explanation::asWritten))
                .containsExactly("mydomain = example.com", "submission/relayhost = c", "relayhost = b");
        List<Explanation> all = Explanation.all(config);
        assertThat(all).hasSameSizeAs(Parameters.all());
        assertThat(Explanation.defaults(config))
                .allMatch(Explanation::isDefault)
                .hasSameSizeAs(all);
    }
}
