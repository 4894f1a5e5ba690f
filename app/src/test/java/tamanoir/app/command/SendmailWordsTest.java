package tamanoir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tamanoir.app.command.SendmailWords.Mode;
import tamanoir.mail.text.BadSyntax;

/// The command lines with which programs call sendmail.
class SendmailWordsTest {
    private static SendmailWords of(String line) {
        return SendmailWords.of(List.of(line.split(" ")));
    }

    @Test
    void cronAndPhpAndMailxAreUnderstood() {
        SendmailWords cron = of("-FCronDaemon -i -B8BITMIME -oem root");
        assertThat(cron.mode()).isEqualTo(Mode.SUBMIT);
        assertThat(cron.fullName()).contains("CronDaemon");
        assertThat(cron.dotEndsInput()).isFalse();
        assertThat(cron.recipients()).containsExactly("root");

        SendmailWords php = of("-t -i -f ann@example.net");
        assertThat(php.recipientsFromHeader()).isTrue();
        assertThat(php.sender()).contains("ann@example.net");
        assertThat(php.recipients()).isEmpty();

        SendmailWords mailx = of("-oi -odb -r ann@example.net -- -odd@example.net bob@example.net");
        assertThat(mailx.sender()).contains("ann@example.net");
        assertThat(mailx.dotEndsInput()).isFalse();
        assertThat(mailx.recipients()).containsExactly("-odd@example.net", "bob@example.net");
    }

    @Test
    void valuesStandBesideTheLetterOrInTheNextWord() {
        SendmailWords words = of("-f<> -N success,failure -Rhdrs -V id-1 -X log -O opt=1 a@example.net");
        assertThat(words.sender()).contains("<>");
        assertThat(words.notifications()).contains("success,failure");
        assertThat(words.returned()).contains("hdrs");
        assertThat(words.envelopeId()).contains("id-1");
        assertThat(words.recipients()).containsExactly("a@example.net");
        assertThat(words.dotEndsInput()).isTrue();
    }

    @Test
    void otherNamesOfTheCommandAreModes() {
        assertThat(of("-bp").mode()).isEqualTo(Mode.LIST_QUEUE);
        assertThat(of("-q").mode()).isEqualTo(Mode.FLUSH);
        assertThat(of("-bi").mode()).isEqualTo(Mode.NEW_ALIASES);
        assertThat(of("-I").mode()).isEqualTo(Mode.NEW_ALIASES);
        assertThat(of("-bm x@example.net").mode()).isEqualTo(Mode.SUBMIT);
    }

    @Test
    void whatIsNotSupportedSaysWhatToDo() {
        assertThatThrownBy(() -> of("-bd")).isInstanceOf(BadSyntax.class).hasMessageContaining("use 'tamanoir serve'");
        assertThatThrownBy(() -> of("-Z")).isInstanceOf(BadSyntax.class).hasMessage("unknown option -Z");
        assertThatThrownBy(() -> of("-f")).isInstanceOf(BadSyntax.class).hasMessage("option -f needs a value");
    }
}
