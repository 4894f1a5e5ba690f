package tamanoir.mail.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import tamanoir.mail.text.BadSyntax;

/// Dates as IMAP writes them: `"17-Jul-1996 02:44:25 -0700"` and `1-Feb-1994` (RFC 9051 §9).
///
/// INTERNALDATE is always written in UTC, so that the day SEARCH compares is the day that FETCH shows, whatever the
/// zone of this machine.
public final class DateTimes {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private DateTimes() {}

    /// The text between the quotes of a date-time.
    public static Instant parse(String text) {
        // RFC 9051 §9 date-time: the day is two characters, the first may be a blank
        if (text.length() != 26
                || text.charAt(2) != '-'
                || text.charAt(6) != '-'
                || text.charAt(11) != ' '
                || text.charAt(14) != ':'
                || text.charAt(17) != ':'
                || text.charAt(20) != ' ') {
            throw wrong();
        }
        int day = text.charAt(0) == ' ' ? number(text, 1, 2) : number(text, 0, 2);
        int month = month(text.substring(3, 6));
        int year = number(text, 7, 11);
        char sign = text.charAt(21);
        if (sign != '+' && sign != '-') {
            throw wrong();
        }
        int minutes = number(text, 22, 24) * 60 + number(text, 24, 26);
        try {
            // a leap second is the last second of its minute
            int second = Math.min(number(text, 18, 20), 59);
            return LocalDateTime.of(year, month, day, number(text, 12, 14), number(text, 15, 17), second)
                    .toInstant(ZoneOffset.UTC)
                    .minusSeconds((sign == '-' ? -60L : 60L) * minutes);
        } catch (DateTimeException e) {
            throw wrong();
        }
    }

    /// `date` of RFC 9051 §9, without quotes.
    static LocalDate parseDay(String text) {
        int dash = text.indexOf('-');
        if ((dash != 1 && dash != 2) || text.length() != dash + 9 || text.charAt(dash + 4) != '-') {
            throw wrong();
        }
        try {
            return LocalDate.of(
                    number(text, dash + 5, dash + 9), month(text.substring(dash + 1, dash + 4)), number(text, 0, dash));
        } catch (DateTimeException e) {
            throw wrong();
        }
    }

    /// The date-time without its quotes.
    public static String format(Instant instant) {
        LocalDateTime t = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(26);
        two(text, t.getDayOfMonth())
                .append('-')
                .append(MONTHS[t.getMonthValue() - 1])
                .append('-');
        int year = Math.clamp(t.getYear(), 0, 9999);
        two(two(text, year / 100), year % 100).append(' ');
        two(text, t.getHour()).append(':');
        two(text, t.getMinute()).append(':');
        return two(text, t.getSecond()).append(" +0000").toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static int month(String name) {
        for (int i = 0; i < 12; i++) {
            if (MONTHS[i].equalsIgnoreCase(name)) {
                return i + 1;
            }
        }
        throw wrong();
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw wrong();
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static BadSyntax wrong() {
        return new BadSyntax(
                String.format(Locale.ROOT, "a date is written like 17-Jul-1996, with time and zone in quotes"));
    }
}
