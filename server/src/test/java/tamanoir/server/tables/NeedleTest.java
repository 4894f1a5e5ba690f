package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NeedleTest {
    private static String letters(String pattern) {
        return Needle.of(pattern).letters();
    }

    @Test
    void whatEveryMatchContainsIsFound() {
        assertThat(letters("^TVqQAAMA")).isEqualTo("tvqqaama");
        assertThat(letters("^Subject:.*(lottery|winning number)")).isEqualTo("subject:");
        assertThat(letters("http:\\/\\/[0-9]+\\.exe")).isEqualTo("http://");
        assertThat(letters("abc?def+g")).isEqualTo("def");
        assertThat(letters("abcd{0,3}xy")).isEqualTo("abc");
        assertThat(letters("(?:abc)?x[^]]yz")).isEmpty();
        for (String none : new String[] {
            "abc|def", "a", ".*", "\\x41bcd", "\\Qab.c\\E", "[[:alpha:]]bcd", "(ab", "\\pLabc", "ab{x}cd", "äöü"
        }) {
            assertThat(letters(none)).as(none).isEmpty();
        }
    }

    @Test
    void aKeyThatMatchesHasIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] pieces = {
            "a",
            "b",
            "S",
            "k",
            ".",
            "*",
            "+",
            "?",
            "|",
            "(",
            ")",
            "[ab]",
            "[^a]",
            "(?i)",
            "(?:ab|s)",
            "{2}",
            "{0,1}",
            "^",
            "$",
            "\\.",
            "\\d",
            "\\b",
            "[]a]",
            "-",
            "ſ",
            "\\x61",
            "\\Qa\\E"
        };
        String[] letters = {"a", "b", "A", "s", "S", "ſ", "k", "\u212A", "K", ".", "-", "1", "\n"};
        int matched = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(7); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Pattern pattern;
            try {
                pattern = Pattern.compile(text.toString(), random.nextBoolean() ? Pattern.CASE_INSENSITIVE : 0);
            } catch (PatternSyntaxException e) {
                continue;
            }
            Needle needle = Needle.of(text.toString());
            for (int tries = 0; tries < 10; tries++) {
                StringBuilder key = new StringBuilder();
                for (int i = random.nextInt(9); i > 0; i--) {
                    key.append(letters[random.nextInt(letters.length)]);
                }
                if (pattern.matcher(key).find()) {
                    matched++;
                    assertThat(needle.mayBeIn(key.toString()))
                            .as("seed %d: %s in \"%s\"", seed, text, key)
                            .isTrue();
                }
            }
        }
        assertThat(matched).isGreaterThan(1_000);
    }
}
