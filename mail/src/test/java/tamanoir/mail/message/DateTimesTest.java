package tamanoir.mail.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tamanoir.mail.text.Octets;

class DateTimesTest {
    /// B38, and thirty years of siblings.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Wed, 26 Jul 23 17:21:17 UT | 2023-07-26T17:21:17Z",
                "Thu, 10 Jul 1997 14:53:31 EST5EDT | 1997-07-10T14:53:31Z",
                "Sun, 27 Oct 2002 23:57:07 EST | 2002-10-27T23:57:07-05:00",
                "Thu, 6 Oct 2022 12:27:13 +0200 (GMT+02:00) | 2022-10-06T12:27:13+02:00",
                "Thu, 1 Oct 2015 14:40:57 +0200 (Mitteleurop\u00E4ische Sommerzeit) | 2015-10-01T14:40:57+02:00",
                "1 Jan 100 00:00 A | 2000-01-01T00:00:00Z",
                "Fri,  3 Jan(c)2025 10:00:60 -0000 | 2025-01-03T10:01:00Z",
                "Fri, 21 Nov 1997 09:55:06 -0600 | 1997-11-21T09:55:06-06:00",
                "21 Nov 97 09:55:06 GMT | 1997-11-21T09:55:06Z",
                "Thu, 13 Feb 1969 23:32:54 -0330 | 1969-02-13T23:32:54-03:30",
                "Thu, 13 Feb 1969 23:32 -0330 (Newfoundland Time) | 1969-02-13T23:32:00-03:30",
                "Fri, 21 Nov 1997 09(comment): 55 : 06 -0600 | 1997-11-21T09:55:06-06:00",
                "Mon, 1 Jan 2024 00:00:00 PDT | 2024-01-01T00:00:00-07:00",
                "Mon, 1 Jan 2024 00:00:00 z | 2024-01-01T00:00:00Z",
                "Mon, 1 Jan 2024 00:00:00 GMT+0100 | 2024-01-01T00:00:00+01:00",
                "Mon, 1 Jan 2024 00:00:00 +1 | 2024-01-01T00:00:00+01:00",
                "Mon, 1 Jan 2024 00:00:00 +01:00 | 2024-01-01T00:00:00+01:00",
                "Mon, 1 Jan 2024 00:00:00 +1400 | 2024-01-01T00:00:00+14:00",
                "Mon, 1 Jan 2024 00:00:00 +9999 | 2024-01-01T00:00:00Z",
                "Mon, 1 Jan 2024 00:00:00 | 2024-01-01T00:00:00Z",
                "Mon, 1 Jan 2024 | 2024-01-01T00:00:00Z",
                "Mon Jan  1 10:00:00 2024 | 2024-01-01T10:00:00Z",
                "Mon Jan  1 10:00:00 EST 2024 | 2024-01-01T10:00:00-05:00",
                "Monday, January 1, 2024 10:00:00 PM | 2024-01-01T22:00:00Z",
                "Monday, January 1, 2024 12:00:00 AM | 2024-01-01T00:00:00Z",
                "1-Jan-2024 10:00:00 +0100 | 2024-01-01T10:00:00+01:00",
                "2024-01-01T10:00:00+01:00 | 2024-01-01T10:00:00+01:00",
                "2024-01-01 10:00:00.123 +0100 | 2024-01-01T10:00:00+01:00",
                "Mon, 1 Jan 2024 10.00.00 +0100 | 2024-01-01T10:00:00+01:00",
                "Mon, 01 JAN 2024 10:00:00 +0100 | 2024-01-01T10:00:00+01:00",
                "Sat, 29 Feb 2020 10:00:00 +0000 | 2020-02-29T10:00:00Z",
                "Fri, 31 Dec 1999 23:59:60 +0000 | 2000-01-01T00:00:00Z",
                "(a (nested) comment) 1 Jan 2024 10:00 +0000 | 2024-01-01T10:00:00Z",
                "1 Jan 49 10:00 +0000 | 2049-01-01T10:00:00Z",
                "1 Jan 50 10:00 +0000 | 1950-01-01T10:00:00Z",
                "1 Jan 123 10:00 +0000 | 2023-01-01T10:00:00Z"
            })
    void datesOfThirtyYearsAreRead(String text, OffsetDateTime date) {
        assertThat(DateTimes.parse(text)).contains(date);
        // OffsetDateTime's equals respects the offset, in which SENTON counts days (RFC 9051 §6.4.4).
        assertThat(MessageFacts.of(Octets.of("Date: " + text + "\r\n\r\n")).sentDate())
                .contains(date);
    }

    /// B38.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mon, 31 Feb 2025 25:61:61 +9999",
                "31 Feb 2025 10:00:00 +0000",
                "29 Feb 2023 10:00:00 +0000",
                "1 Jan 2025 24:00:00 +0000",
                "1 Jan 2025 10:60:00 +0000",
                "1 Jan 2025 10:00:61 +0000",
                "0 Jan 2025 10:00:00 +0000",
                "32 Jan 2025 10:00:00 +0000",
                "1 Foo 2025 10:00:00 +0000",
                "1 Jan 10:00:00 +0000",
                "1 Jan 0000 10:00:00 +0000",
                "1 Jan 99999999999999999999 10:00",
                "Jan",
                "10:00",
                "",
                "(",
                "yesterday"
            })
    void anImpossibleDateIsNone(String text) {
        assertThat(DateTimes.parse(text)).isEmpty();
        MessageFacts facts = MessageFacts.of(Octets.of("Date: " + text + "\r\n\r\n"));
        assertThat(facts.sentDate()).isEmpty();
        assertThat(facts.envelope().date()).contains(text);
    }

    /// B38.
    @Test
    void ofTwoDatesTheFirstCounts() {
        MessageFacts facts = MessageFacts.of(
                Mails.mail("Date: Mon, 1 Jan 2024 10:00:00 +0100\nDate: Tue, 2 Jan 2024 10:00:00 +0100\n\n"));
        assertThat(facts.sentDate()).contains(OffsetDateTime.parse("2024-01-01T10:00:00+01:00"));
        assertThat(facts.envelope().date()).contains("Mon, 1 Jan 2024 10:00:00 +0100");
    }

    /// B38: octets in a comment that are no UTF-8.
    @Test
    void aForeignCommentDoesNotHurt() {
        Octets mail = Mails.mail("Date: Thu, 1 Oct 2015 14:40:57 +0200 (Mitteleurop\u00E4ische Sommerzeit)\n\n");
        assertThat(MessageFacts.of(mail).sentDate()).contains(OffsetDateTime.parse("2015-10-01T14:40:57+02:00"));
    }

    @Test
    void whatIsWrittenIsRead() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            OffsetDateTime date = OffsetDateTime.ofInstant(
                    java.time.Instant.ofEpochSecond(random.nextLong(-2_000_000_000L, 200_000_000_000L)),
                    ZoneOffset.ofTotalSeconds(60 * random.nextInt(-14 * 60, 14 * 60 + 1)));
            String written = DateTimes.format(date);
            assertThat(DateTimes.parse(written))
                    .as("%s, seed %d", written, seed)
                    .contains(date);
        }
    }
}
