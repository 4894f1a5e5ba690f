package tamanoir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;

/// `--home` and `-o` stand anywhere on the line.
class WordsTest {
    @Test
    void homeStandsAnywhere() {
        for (List<String> line : List.of(
                List.of("--home", "/srv/mail", "account", "list", "--json"),
                List.of("account", "--home=/srv/mail", "list", "--json"),
                List.of("account", "list", "--json", "--home", "/srv/mail"))) {
            Words words = Words.of(line);
            assertThat(words.home()).contains(Path.of("/srv/mail"));
            assertThat(words.rest()).containsExactly("account", "list", "--json");
        }
        assertThat(Words.of(List.of("status")).home()).isEmpty();
    }

    @Test
    void settingsStandAnywhereAndTheLastCounts() {
        Words words = Words.of(List.of("-o", "smtpd_port=0", "serve", "-osmtpd_port = 26", "-o", "a/b= c=d"));
        assertThat(words.overrides()).isEqualTo(Map.of("smtpd_port", "26", "a/b", "c=d"));
        assertThat(words.rest()).containsExactly("serve");
    }

    @Test
    void afterSendmailTheLetterBelongsToSendmail() {
        Words words = Words.of(List.of("-o", "x=y", "sendmail", "-oi", "-o", "em", "-t", "--home", "/m"));
        assertThat(words.overrides()).isEqualTo(Map.of("x", "y"));
        assertThat(words.home()).contains(Path.of("/m"));
        assertThat(words.rest()).containsExactly("sendmail", "-oi", "-o", "em", "-t");
    }

    @Test
    void behindTwoDashesNothingIsTaken() {
        assertThat(Words.of(List.of("sendmail", "--", "--home", "-o")).rest())
                .containsExactly("sendmail", "--", "--home", "-o");
    }

    @Test
    void aValueThatIsMissingIsSaid() {
        assertThatThrownBy(() -> Words.of(List.of("serve", "--home")))
                .isInstanceOf(BadSyntax.class)
                .hasMessage("--home needs a folder: --home DIR");
        assertThatThrownBy(() -> Words.of(List.of("serve", "-o")))
                .isInstanceOf(BadSyntax.class)
                .hasMessage("-o needs a setting: -o name=value");
        assertThatThrownBy(() -> Words.of(List.of("serve", "-o", "smtpd_port")))
                .isInstanceOf(BadSyntax.class)
                .hasMessage("-o needs a setting, not 'smtpd_port': -o name=value");
    }
}
