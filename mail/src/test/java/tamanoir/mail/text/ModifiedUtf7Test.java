package tamanoir.mail.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModifiedUtf7Test {
    /// B29: none of these is the one spelling of a name.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a&AC8-b",
                "x&AGE-",
                "&AOk",
                "&&-",
                "&2D0-",
                "&AOkA-",
                "&AOm-",
                "&AOk=-",
                "&AOk-&AOk-",
                "&AO-",
                "&A-",
                "&/w-",
                "&3ADYPQ-",
                "a&",
                "&ACY-",
                "\u00E9",
                "a\0",
                "a\r\nb",
                "&AOk -",
                "&AOk!-"
            })
    void aSecondSpellingIsRefused(String coded) {
        assertThatThrownBy(() -> ModifiedUtf7.decode(coded)).isInstanceOf(BadSyntax.class);
    }

    /// B29, and the examples of RFC 3501 §5.1.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Q&-A | Q&A",
                "&BBAEMQQy-&-&BDMENAQ1- | \u0410\u0431\u0432&\u0433\u0434\u0435",
                "~peter/mail/&U,BTFw-/&ZeVnLIqe- | ~peter/mail/\u53F0\u5317/\u65E5\u672C\u8A9E",
                "&Jjo-! | \u263A!",
                "&2D3eAQ- | \uD83D\uDE01",
                "INBOX | INBOX",
                "&- | &",
                "&-&- | &&",
                "&AAA- | \u0000",
                "../etc | ../etc"
            })
    void eachNameHasOneSpelling(String coded, String name) {
        String wanted = coded.equals("&AAA-") ? "\0" : name;
        assertThat(ModifiedUtf7.decode(coded)).isEqualTo(wanted);
        assertThat(ModifiedUtf7.encode(wanted)).isEqualTo(coded);
    }

    @Test
    void whatIsEncodedComesBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                switch (random.nextInt(5)) {
                    case 0 -> name.append('&');
                    case 1 -> name.append((char) random.nextInt(0x20, 0x7F));
                    case 2 -> name.appendCodePoint(random.nextInt(0x10000, 0x110000));
                    case 3 -> name.append((char) random.nextInt(0xD800));
                    default -> name.append((char) random.nextInt(0xE000, 0x10000));
                }
            }
            String coded = ModifiedUtf7.encode(name.toString());
            assertThat(coded).as("seed %d", seed).matches("[ -~]*");
            assertThat(ModifiedUtf7.decode(coded)).as("seed %d", seed).isEqualTo(name.toString());
        }
    }

    @Test
    void aLoneSurrogateIsWrittenAsTheReplacement() {
        assertThat(ModifiedUtf7.encode("a\uD83D")).isEqualTo("a&,,0-");
        assertThat(ModifiedUtf7.decode("a&,,0-")).isEqualTo("a\uFFFD");
    }
}
