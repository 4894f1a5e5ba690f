package tamanoir.mail.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;
import tamanoir.mail.text.Octets;

class CommandTest {
    private static Command parse(String line) {
        return Command.parse(Octets.of(line));
    }

    @Test
    void commandsAreReadInAnyCase() {
        assertThat(parse("quit")).isEqualTo(new Command.Quit());
        assertThat(parse("List")).isEqualTo(new Command.List(OptionalInt.empty()));
        assertThat(parse("LIST 3")).isEqualTo(new Command.List(OptionalInt.of(3)));
        assertThat(parse("TOP 1 0")).isEqualTo(new Command.Top(1, 0));
        assertThat(parse("uidl 2 ")).isEqualTo(new Command.Uidl(OptionalInt.of(2)));
        assertThat(parse("USER ann@example.com")).isEqualTo(new Command.User("ann@example.com"));
        assertThat(parse("AUTH PLAIN =")).isEqualTo(new Command.Auth("PLAIN", Optional.of("=")));
        assertThat(parse("XYZZY 1 2")).isEqualTo(new Command.Unknown("XYZZY"));
        assertThat(parse("")).isEqualTo(new Command.Unknown(""));
    }

    @Test
    void aPasswordIsAllBehindTheFirstBlank() { // RFC 1939 §7
        assertThat(parse("PASS  two  blanks ")).isEqualTo(new Command.Pass(" two  blanks "));
        assertThat(parse("PASS secret").toString()).doesNotContain("secret");
        assertThat(parse("AUTH PLAIN c2VjcmV0").toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void whatTheGrammarDoesNotHaveIsRefused() { // B37
        for (String bad : List.of(
                "USER a\0b",
                "USER",
                "RETR",
                "RETR 0",
                "RETR -1",
                "RETR +1",
                "RETR 1 2",
                "RETR 99999999999",
                "TOP 1",
                "TOP 1 -1",
                "TOP 0 1",
                "QUIT now",
                "LIST x",
                "AUTH A B C",
                "\0")) {
            assertThatThrownBy(() -> parse(bad)).as(bad).isInstanceOf(BadSyntax.class);
        }
    }

    @Test
    void noiseIsReadOrRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> lines = List.of("TOP 1 2", "AUTH PLAIN YQ==", "USER ann", "LIST 3", "LANG de", "UIDL 1");
        for (int i = 0; i < 20_000; i++) {
            byte[] line = Octets.of(lines.get(random.nextInt(lines.size()))).toByteArray();
            for (int n = random.nextInt(4); n >= 0; n--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Command.parse(Octets.of(line))).isNotNull();
            } catch (BadSyntax _) {
                // That is what it is for.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
