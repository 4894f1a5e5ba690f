package tamanoir.mail.managesieve;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

/// Octets that nobody thought of; what is written comes back.
class CommandFuzzTest {
    private static final String[] WORDS = {
        "PUTSCRIPT",
        "HAVESPACE",
        "GETSCRIPT",
        "NOOP",
        "AUTHENTICATE",
        "RENAMESCRIPT",
        " ",
        "\"",
        "\\",
        "a",
        "{3+}\r\n",
        "{0+}\r\n",
        "{9",
        "+}",
        "\r\n",
        "\u00ff",
        "\0",
        "99999999999",
        "5",
        "\"x\"",
        "abc"
    };

    private static void parse(byte[] octets) {
        try {
            Command.parse(Octets.of(octets));
        } catch (BadSyntax e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            Command.string(Octets.of(octets));
        } catch (BadSyntax e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void anythingIsACommandOrBadSyntax(byte[] octets) {
        parse(octets);
    }

    @FuzzTest
    void whatIsWrittenComesBack(byte[] utf8) {
        String text = Octets.of(utf8).utf8();
        String wire = Command.written(text).latin1().replaceFirst("^\\{(\\d+)}", "{$1+}");
        assertThat(Command.string(Octets.latin1(wire))).isEqualTo(text);
    }

    @Test
    void wordsInAnyOrderAreACommandOrBadSyntax() {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(10); n >= 0; n--) {
                text.append(WORDS[random.nextInt(WORDS.length)]);
            }
            parse(Octets.latin1(text.toString()).toByteArray());
        }
    }

    @Test
    void textsOfEveryShapeComeBack() {
        for (String text :
                new String[] {"", "a", "a \"b\" \\", "line\r\nline", "é".repeat(600), "x".repeat(2000), "\0"}) {
            whatIsWrittenComesBack(Octets.of(text).toByteArray());
        }
    }

    @Test
    void commandsAreReadWithTheirArguments() {
        assertThat(Command.parse(Octets.of("putscript {3+}\r\na b \"# \\\"x\\\"\"")))
                .isEqualTo(new Command.PutScript("a b", "# \"x\""));
        assertThat(Command.parse(Octets.of("HAVESPACE \"a\" 4294967295")))
                .isEqualTo(new Command.HaveSpace("a", 4294967295L));
        assertThat(Command.parse(Octets.of("NOOP"))).isInstanceOf(Command.Noop.class);
    }
}
