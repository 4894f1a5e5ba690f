package tamanoir.mail.message;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/// Dates of header fields (RFC 5322 §3.3, §4.3).
///
/// The reader does not match a format. It goes from word to word and takes each for what it can be: a month has a
/// name, a time has colons, a zone has a sign or letters, of two numbers the first is the day unless it cannot be.
/// So it reads what thirty years of programs have written, and says nothing where a date is impossible.
public final class DateTimes {
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTH_NAMES = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    /// A date is a short text; what follows is not looked at.
    private static final int LONGEST = 500;

    private final String text;

    private int day = -1;
    private int month = -1;
    private int year = -1;
    private int hour = -1;
    private int minute;
    private int second;
    /// 12 for p.m., 0 for a.m., -1 when it was not said.
    private int half = -1;

    private boolean zoneSeen;
    private int zoneMinutes;
    private boolean broken;

    private DateTimes(String text) {
        this.text = text;
    }

    /// The date in the unfolded value of a field, with the offset written there; unknown zones are `-0000` (RFC
    /// 5322 §4.3), which is UTC. Empty when there is none or it is impossible.
    public static Optional<OffsetDateTime> parse(String value) {
        String start = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
        return new DateTimes(closedUp(Words.withoutComments(start))).read();
    }

    /// RFC 5322 §4.3 lets white space and comments stand around the colons of a time.
    private static String closedUp(String text) {
        if (text.indexOf(':') < 0) {
            return text;
        }
        StringBuilder closed = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                closed.setLength(endWithoutBlanks(closed));
            }
            boolean afterColon = !closed.isEmpty() && closed.charAt(closed.length() - 1) == ':';
            if (!afterColon || !Words.isBlank(c)) {
                closed.append(c);
            }
        }
        return closed.toString();
    }

    private static int endWithoutBlanks(CharSequence text) {
        int end = text.length();
        while (end > 0 && Words.isBlank(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private Optional<OffsetDateTime> read() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int from = at;
            if (isDigit(c)) {
                at = number(from);
            } else if (isLetter(c)) {
                // The T of ISO 8601 stands between two numbers.
                boolean isMark =
                        (c == 'T' || c == 't') && hour < 0 && at + 1 < text.length() && isDigit(text.charAt(at + 1));
                at++;
                while (!isMark && at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
                    at++;
                }
                word(text.substring(from, at).toLowerCase(Locale.ROOT));
            } else if ((c == '+' || c == '-')
                    && hour >= 0
                    && from + 1 < text.length()
                    && isDigit(text.charAt(from + 1))) {
                at = offset(from);
            } else {
                at++;
            }
        }
        return value();
    }

    // ---- words -----------------------------------------------------------------------------------------------

    private int number(int from) {
        int at = from;
        long number = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            number = Math.min(number * 10 + text.charAt(at) - '0', 1_000_000_000L);
            at++;
        }
        int digits = at - from;
        char next = at < text.length() ? text.charAt(at) : 0;
        boolean timeFollows = at + 1 < text.length() && isDigit(text.charAt(at + 1));
        if (hour < 0 && digits <= 2 && timeFollows && (next == ':' || (next == '.' && day >= 0 && month >= 0))) {
            return time((int) number, at);
        }
        if (year < 0 && day < 0 && digits >= 4 && next == '-') {
            return iso((int) number, at);
        }
        if (day < 0 && digits <= 2) {
            day = (int) number;
        } else if (year < 0 && digits <= 4) {
            year = year((int) number, digits);
        }
        return at;
    }

    /// RFC 5322 §4.3: two digits 00 to 49 are of this century, others and three digits count from 1900.
    private static int year(int number, int digits) {
        if (digits >= 4) {
            return number;
        }
        return digits == 3 || number >= 50 ? 1900 + number : 2000 + number;
    }

    /// `:mm`, perhaps `:ss`, perhaps a fraction.
    private int time(int hours, int from) {
        char mark = text.charAt(from);
        int[] parts = {0, 0};
        int at = from;
        for (int i = 0; i < 2 && at + 1 < text.length(); i++) {
            if (text.charAt(at) != mark || !isDigit(text.charAt(at + 1))) {
                break;
            }
            at++;
            int digits = 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                parts[i] = Math.min(parts[i] * 10 + text.charAt(at) - '0', 1000);
                at++;
                digits++;
            }
            broken |= digits > 2;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        hour = hours;
        minute = parts[0];
        second = parts[1];
        return at;
    }

    /// `-mm-dd`, perhaps `T` before the time.
    private int iso(int y, int from) {
        int[] parts = {-1, -1};
        int at = from;
        for (int i = 0; i < 2; i++) {
            if (at + 1 >= text.length() || text.charAt(at) != '-' || !isDigit(text.charAt(at + 1))) {
                break;
            }
            at++;
            parts[i] = 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                parts[i] = Math.min(parts[i] * 10 + text.charAt(at) - '0', 1000);
                at++;
            }
        }
        year = y;
        month = parts[0];
        day = parts[1];
        return at;
    }

    private int offset(int from) {
        int at = from + 1;
        int digits = 0;
        int number = 0;
        while (at < text.length() && digits < 6 && (isDigit(text.charAt(at)) || text.charAt(at) == ':')) {
            if (text.charAt(at) != ':') {
                number = number * 10 + text.charAt(at) - '0';
                digits++;
            }
            at++;
        }
        if (!zoneSeen) {
            zoneSeen = true;
            int minutes = digits <= 2 ? number * 60 : number / 100 * 60 + number % 100;
            boolean possible = digits <= 4 && number % 100 < 60 && minutes <= 18 * 60;
            zoneMinutes = possible ? text.charAt(from) == '-' ? -minutes : minutes : 0;
        }
        return at;
    }

    private void word(String word) {
        if (month < 0 && word.length() >= 3) {
            int found = MONTHS.indexOf(word.substring(0, 3));
            if (found >= 0 && found % 3 == 0) {
                month = found / 3 + 1;
                return;
            }
        }
        if (hour >= 0 && half < 0 && (word.equals("am") || word.equals("pm"))) {
            half = word.equals("pm") ? 12 : 0;
            return;
        }
        if (hour >= 0 && !zoneSeen) {
            zone(word);
        }
    }

    /// RFC 5322 §4.3. Military letters were specified the wrong way round, so they say nothing.
    private void zone(String word) {
        int hours = switch (word) {
            case "ut", "gmt", "utc", "z" -> 0;
            case "est", "cdt" -> -5;
            case "edt" -> -4;
            case "cst", "mdt" -> -6;
            case "mst", "pdt" -> -7;
            case "pst" -> -8;
            case "bst", "cet", "met", "mez" -> 1;
            case "cest", "mest", "mesz", "eet" -> 2;
            case "eest", "msk" -> 3;
            case "jst", "kst" -> 9;
            default -> 99;
        };
        if (hours == 99) {
            // A day of the week behind the time (`10:00 Mon`) is no zone, and an unknown name says nothing.
            return;
        }
        // `GMT+0200` means the offset.
        zoneSeen = hours != 0;
        zoneMinutes = hours * 60;
    }

    // ---- result ----------------------------------------------------------------------------------------------

    private Optional<OffsetDateTime> value() {
        int h = hour < 0 ? 0 : hour;
        if (half >= 0 && h >= 1 && h <= 12) {
            h = h % 12 + half;
        }
        if (year < 0 && day > 31) {
            return Optional.empty();
        }
        boolean possible = !broken
                && year >= 1900
                && year <= 9999
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth()
                && h <= 23
                && minute <= 59
                // RFC 5322 §3.3: a leap second is legal.
                && second <= 60;
        if (!possible) {
            return Optional.empty();
        }
        LocalDateTime local = LocalDate.of(year, month, day)
                .atTime(h, minute, Math.min(second, 59))
                .plusSeconds(second == 60 ? 1 : 0);
        return Optional.of(OffsetDateTime.of(local, ZoneOffset.ofTotalSeconds(zoneMinutes * 60)));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    /// The form of RFC 5322 §3.3: `Fri, 21 Nov 1997 09:55:06 -0600`.
    public static String format(OffsetDateTime date) {
        int minutes = date.getOffset().getTotalSeconds() / 60;
        return "%s, %d %s %04d %02d:%02d:%02d %s%02d%02d"
                .formatted(
                        DAYS[date.getDayOfWeek().getValue() - 1],
                        date.getDayOfMonth(),
                        MONTH_NAMES[date.getMonthValue() - 1],
                        date.getYear(),
                        date.getHour(),
                        date.getMinute(),
                        date.getSecond(),
                        minutes < 0 ? "-" : "+",
                        Math.abs(minutes) / 60,
                        Math.abs(minutes) % 60);
    }
}
