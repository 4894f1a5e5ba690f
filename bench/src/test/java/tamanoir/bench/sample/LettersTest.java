package tamanoir.bench.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LettersTest {
    private static final Instant UNTIL = Instant.parse("2026-11-25T08:00:00Z");

    private static List<Letter> letters(long seed) {
        Letters letters = new Letters(seed, "ada@example.com", "Ada", UNTIL, 500, 50);
        List<Letter> all = new ArrayList<>();
        while (letters.hasNext()) {
            all.add(letters.next());
        }
        return all;
    }

    @Test
    void theSameSeedGivesTheSameLetters() {
        List<Letter> first = letters(7);
        List<Letter> again = letters(7);
        for (int i = 0; i < first.size(); i++) {
            assertThat(again.get(i).octets()).isEqualTo(first.get(i).octets());
            assertThat(again.get(i).flags()).isEqualTo(first.get(i).flags());
        }
        assertThat(letters(8).getFirst().octets()).isNotEqualTo(first.getFirst().octets());
    }

    @Test
    void theInboxGetsItsShareAndNothingIsSentAfterTheEnd() {
        List<Letter> all = letters(7);
        assertThat(all.stream().filter(letter -> letter.folder().equals("INBOX")))
                .hasSize(500);
        assertThat(all).allMatch(letter -> letter.date().isBefore(UNTIL));
        assertThat(all.stream().filter(letter -> text(letter).contains("\r\nIn-Reply-To: ")))
                .hasSizeGreaterThan(100);
    }

    /// RFC 5322 §2.1.1, §2.2: everything is ASCII, no line is too long.
    @Test
    void everyLetterMayTravelAnywhere() {
        for (Letter letter : letters(7)) {
            assertThat(text(letter)).matches("\\p{ASCII}*");
            assertThat(text(letter).split("\r\n", -1)).allMatch(line -> line.length() <= 998);
            assertThat(text(letter).replace("\r\n", "")).doesNotContain("\r", "\n");
        }
    }

    private static String text(Letter letter) {
        return new String(letter.octets(), StandardCharsets.ISO_8859_1);
    }
}
