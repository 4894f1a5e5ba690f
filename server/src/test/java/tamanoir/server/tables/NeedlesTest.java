package tamanoir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.NeedleScan;

class NeedlesTest {
    @Test
    void whatAPatternNeedsIsTheLongestTextOfEveryMatch() {
        assertThat(Needles.of("^Subject: .*viagra")).containsExactly("subject: ");
        assertThat(Needles.of("colou?rs? of money")).containsExactly("s? of money".substring(2));
        assertThat(Needles.of("(?:cheap|free) (pills|watches)")).containsExactly("pills", "watches");
        assertThat(Needles.of("one|two{2,}three|x\\.y\\-z")).containsExactly("one", "three", "x.y-z");
        assertThat(Needles.of("[abc]def[[:alpha:]]]ghij")).containsExactly("]ghij");
        assertThat(Needles.of("(?P<name>abc)def?")).containsExactly("abc");
        assertThat(Needles.of("\\x{41}bc\\p{L}de\\d")).containsExactly("bc");
    }

    @Test
    void whatMayBeLeftOutPromisesNothing() {
        for (String pattern : List.of(
                "",
                ".*",
                "a",
                "a|bcd",
                "(abc)?",
                "(abc)*",
                "(abc){0,1}",
                "abc|",
                "[abc]",
                "x?y*",
                "\\Qabc\\E",
                "(?i)")) {
            assertThat(Needles.of(pattern)).as(pattern).isEmpty();
        }
    }

    @Test
    void noMatchIsEverMissed() {
        Random random = new Random(11);
        String[] pieces = {
            "a",
            "b",
            "ab",
            "K",
            "s",
            "-",
            ".",
            "^",
            "$",
            "*",
            "+",
            "?",
            "{2}",
            "{0,}",
            "(",
            ")",
            "(?:",
            "|",
            "[ab]",
            "[^a]",
            "[]k]",
            "\\.",
            "\\d",
            "\\b",
            "\\x{6b}",
            "(?i)",
            "(?-i:",
            "[[:alpha:]]",
            "{",
            "}",
            "\\Qa|b\\E"
        };
        String letters = "aaabbbkKs-.|\u212A\u017F";
        int compiled = 0;
        int matched = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Pattern pattern;
            try {
                pattern = Pattern.compile(text.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
            } catch (PatternSyntaxException e) {
                continue;
            }
            compiled++;
            List<String> needles = Needles.of(text.toString());
            if (needles.isEmpty()) {
                continue;
            }
            NeedleScan scan = NeedleScan.of(List.of(needles)).orElseThrow();
            for (int n = 0; n < 30; n++) {
                StringBuilder key = new StringBuilder();
                for (int m = random.nextInt(12); m >= 0; m--) {
                    key.append(letters.charAt(random.nextInt(letters.length())));
                }
                if (pattern.matcher(key).find()) {
                    matched++;
                    assertThat(scan.in(key.toString()).get(0))
                            .as("%s needs %s, and is found in %s", text, needles, key)
                            .isTrue();
                }
            }
        }
        assertThat(compiled).isGreaterThan(5_000);
        assertThat(matched).isGreaterThan(1_000);
    }

    @Test
    void eachTextIsFoundWhereverItStands() {
        NeedleScan scan = NeedleScan.of(List.of(List.of("he"), List.of("she"), List.of("his", "hers"), List.of("ushe")))
                .orElseThrow();
        assertThat(scan.in("USHERS")).isEqualTo(bits(0, 1, 2, 3));
        assertThat(scan.in("this")).isEqualTo(bits(2));
        assertThat(scan.in("h e")).isEqualTo(bits());
        assertThat(NeedleScan.of(List.of(List.of("a".repeat(5_000_000))))).isEmpty();
    }

    private static BitSet bits(int... numbers) {
        BitSet bits = new BitSet();
        for (int number : numbers) {
            bits.set(number);
        }
        return bits;
    }
}
