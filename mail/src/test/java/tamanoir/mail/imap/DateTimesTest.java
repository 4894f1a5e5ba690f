package tamanoir.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tamanoir.mail.text.BadSyntax;

class DateTimesTest {
    @Test
    void datesAreReadWithTheirZoneAndWrittenInUtc() {
        assertThat(DateTimes.parse("17-Jul-1996 02:44:25 -0700")).isEqualTo(Instant.parse("1996-07-17T09:44:25Z"));
        assertThat(DateTimes.parse(" 7-feb-1994 21:52:25 +0530")).isEqualTo(Instant.parse("1994-02-07T16:22:25Z"));
        assertThat(DateTimes.format(Instant.parse("1996-07-17T09:44:25Z"))).isEqualTo("17-Jul-1996 09:44:25 +0000");
        assertThat(DateTimes.format(Instant.parse("1996-07-07T09:44:25Z"))).isEqualTo("07-Jul-1996 09:44:25 +0000");
    }

    @Test
    void whatIsWrittenIsRead() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(0, 253_402_300_000L));
            assertThat(DateTimes.parse(DateTimes.format(instant)))
                    .as("seed " + seed)
                    .isEqualTo(instant);
        }
    }

    @Test
    void otherTextsAreNoDates() {
        for (String text : List.of(
                "",
                "17-Jul-1996",
                "17-Jul-1996 02:44:25 0700",
                "17-Xyz-1996 02:44:25 -0700",
                "32-Jul-1996 02:44:25 -0700",
                "17-Jul-1996 24:44:25 -0700",
                "1a-Jul-1996 02:44:25 -0700")) {
            assertThatThrownBy(() -> DateTimes.parse(text)).as(text).isInstanceOf(BadSyntax.class);
        }
    }
}
